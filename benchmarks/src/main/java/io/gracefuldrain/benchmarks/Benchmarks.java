package io.gracefuldrain.benchmarks;

import java.util.Arrays;
import org.openjdk.jmh.Main;

/**
 * Runs everything that is measured here: the JMH benchmarks, then the echo, then the connects. With
 * {@code echo} or {@code connect} and its options it runs that only. With JMH's own arguments it
 * runs the benchmarks that they choose.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /** Runs the benchmark that the arguments name. The README lists them. */
  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      Main.main(args);
      EchoLoad.main(args);
      ConnectLoad.main(args);
    } else if (args[0].equals("echo")) {
      EchoLoad.main(Arrays.copyOfRange(args, 1, args.length));
    } else if (args[0].equals("connect")) {
      ConnectLoad.main(Arrays.copyOfRange(args, 1, args.length));
    } else {
      Main.main(args);
    }
  }
}
