package io.gracefuldrain.lab.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The back-off beside the stock client's own, fed with the same random numbers. */
class BackOffIT {
  private static final int DRAWS = 400;
  private static final int RESET_EVERY = 6;

  @Test
  void nextMs_sameRandomNumbers_isWhatTheStockClientDraws() throws Exception {
    Random random = new Random(20_26);
    List<Double> numbers = random.doubles(DRAWS).boxed().toList();
    Queue<Double> left = new ArrayDeque<>(numbers);
    BackOff backOff = new BackOff(left::remove);
    String ours =
        IntStream.range(0, DRAWS)
            .mapToObj(
                i -> {
                  if (i % RESET_EVERY == 0) {
                    backOff.reset();
                  }
                  return String.valueOf(backOff.nextMs());
                })
            .collect(Collectors.joining(","));
    assertThat(ours).isEqualTo(stock(numbers));
  }

  private static String stock(List<Double> numbers) throws Exception {
    Path library =
        Path.of("src/main/js/node_modules/socket.io-client/build/cjs/contrib/backo2.js")
            .toAbsolutePath();
    String script =
        """
        const { Backoff } = require(%s);
        const numbers = [%s];
        Math.random = () => numbers.shift();
        const backOff = new Backoff({ min: 1000, max: 5000, jitter: 0.5 });
        const drawn = [];
        for (let i = 0; i < %d; i++) {
          if (i %% %d === 0) backOff.reset();
          drawn.push(backOff.duration());
        }
        console.log(drawn.join(","));
        """
            .formatted(
                "'" + library.toString().replace("\\", "\\\\") + "'",
                numbers.stream()
                    .map(each -> String.format(Locale.ROOT, "%s", each))
                    .collect(Collectors.joining(",")),
                DRAWS,
                RESET_EVERY);
    Process node = new ProcessBuilder("node", "-e", script).redirectErrorStream(true).start();
    try (BufferedReader output = node.inputReader(StandardCharsets.UTF_8)) {
      String line = output.readLine();
      assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
      return line;
    } finally {
      node.destroyForcibly();
    }
  }
}
