package io.gracefuldrain;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the calls, and then fails for as long as there is something to fail with. */
final class FailingCaller implements ConnectionCaller {
  private final InlineCaller calls;
  private final Supplier<@Nullable RuntimeException> failure;

  FailingCaller(Failures failures, Supplier<@Nullable RuntimeException> failure) {
    this.calls = new InlineCaller(failures);
    this.failure = failure;
  }

  @Override
  public void call(Iterable<Call> out) {
    calls.call(out);
  }

  @Override
  public boolean check() {
    RuntimeException wrong = failure.get();
    if (wrong != null) {
      throw wrong;
    }
    return calls.check();
  }

  @Override
  public void close() {
    calls.close();
  }
}
