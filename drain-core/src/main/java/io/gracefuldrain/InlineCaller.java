package io.gracefuldrain;

import java.util.List;

/**
 * Calls connections on the spot, on the thread of the step that decided it: in virtual time none of
 * them can get stuck.
 */
final class InlineCaller implements ConnectionCaller {
  private Failures failures = (call, stuck) -> List.of();

  @Override
  public void onFailure(Failures next) {
    failures = next;
  }

  @Override
  public void call(Iterable<Call> calls) {
    for (Call call : calls) {
      try {
        call.action().run();
      } catch (Throwable e) { // a connection may throw anything
        call(failures.failed(call, false));
      }
    }
  }

  @Override
  public boolean check() {
    return false;
  }

  @Override
  public void close() {}
}
