package io.gracefuldrain;

/** Calls connections on the spot, on the thread of the step that decided it. */
final class InlineCaller implements ConnectionCaller {
  private final Failures failures;

  InlineCaller(Failures failures) {
    this.failures = failures;
  }

  @Override
  public void call(Iterable<Call> calls) {
    for (Call call : calls) {
      try {
        call.action().run();
      } catch (Throwable e) {
        failures.failed(call);
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
