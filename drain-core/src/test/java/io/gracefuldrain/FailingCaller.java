package io.gracefuldrain;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the calls, and then fails as long as it has a failure left. */
final class FailingCaller implements ConnectionCaller {
  private final InlineCaller calls = new InlineCaller();
  private final Supplier<@Nullable RuntimeException> failure;

  FailingCaller(Supplier<@Nullable RuntimeException> failure) {
    this.failure = failure;
  }

  @Override
  public void onFailure(Failures next) {
    calls.onFailure(next);
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
