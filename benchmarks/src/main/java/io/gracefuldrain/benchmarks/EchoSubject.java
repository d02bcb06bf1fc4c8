package io.gracefuldrain.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A server under load, and its clients. */
record EchoSubject(EchoProcess server, EchoCrowd crowd) implements AutoCloseable {
  /** The result of a round. */
  record Result(double perSecond, double cpuMicros, double p99Micros) {}

  static EchoSubject start(EchoKind kind, EchoSettings settings) throws Exception {
    EchoProcess server = EchoProcess.start(kind);
    try {
      return new EchoSubject(
          server, EchoCrowd.connect(server.port(), settings.connections(), settings.aware()));
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  Result round(int seconds, boolean broadcasting) throws Exception {
    long before = server.cpuNanos();
    EchoCrowd.Round round = crowd.round(TimeUnit.SECONDS.toNanos(seconds), broadcasting);
    double cpuNanos = server.cpuNanos() - before;
    return new Result(
        round.echoes() * 1e9 / round.nanos(), cpuNanos / 1e3 / round.echoes(), round.p99Micros());
  }

  @Override
  public void close() throws IOException {
    try {
      crowd.close();
    } finally {
      server.close();
    }
  }
}
