package io.gracefuldrain.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.gracefuldrain.sample.front.PodAddress;
import io.gracefuldrain.sample.options.PortOption;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ArgumentsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void target_whole_isRead() {
    assertThat(PodAddress.parse("db.local:3001@8081"))
        .isEqualTo(new PodAddress("db.local", 3001, 8081));
    assertThat(PodAddress.parse("[::1]:3001@8081").readiness())
        .hasToString("http://[::1]:8081/readyz");
  }

  @Test
  void target_withoutHost_isThisMachine() {
    assertThat(PodAddress.parse("3001@8081")).isEqualTo(new PodAddress("127.0.0.1", 3001, 8081));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "3001", "a:3001", "a@8081", ":3001@8081", "a:b@c", "a:3001@8081@1"})
  void target_otherwise_isNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PodAddress.parse(text))
        .withMessage(
            "'" + text + "' (expected: host:port@managementPort, such as 127.0.0.1:3001@8081)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "65536", "-1", "http", ""})
  void port_otherwise_isNamed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PortOption.parse(text))
        .withMessage("'" + text + "' (expected: a port from 1 to 65535)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "serve --port nine; Invalid value for option '--port': 'nine' (expected: a port from 1 to 65535)",
        "serve --prot 1; Unknown options: '--prot', '1'",
        "front --affinity 3; Invalid value for option '--affinity': '3' (expected: a duration such as"
            + " 500ms, 5s, 2m or 3h)",
        "demo --pods 3001@8081; --pods: 127.0.0.1:3001@8081 (expected: an even number of pods on this"
            + " machine, no port twice)",
        "demo --pods 1@2,3@1; --pods: 127.0.0.1:1@2,127.0.0.1:3@1 (expected: an even number of pods on"
            + " this machine, no port twice)",
        "demo -p 1 --pods 1@2,3@4; --pods: 127.0.0.1:1@2,127.0.0.1:3@4 (expected: an even number of"
            + " pods on this machine, no port twice)",
        "demo --pods a:1@2,a:3@4; --pods: a:1@2,a:3@4 (expected: an even number of pods on this"
            + " machine, no port twice)",
        "front --to 1@2,1@2; --to: [127.0.0.1:1, 127.0.0.1:1] (expected: each server once)",
        "probe; Missing required parameter: 'URL'",
        "probe localhost:3000; url: localhost:3000 (expected: http://host[:port])",
        "probe http://a{b; url: http://a{b (expected: http://host[:port])",
        "probe http://no.such.host.invalid; url: http://no.such.host.invalid (expected: a host that is"
            + " known)",
        "probe http://a --clients java=3; --clients: 'java' (expected: one of java-websocket,"
            + " java-polling, java-upgrade, java-aware, lean-websocket, lean-polling, lean-aware,"
            + " lean-recovering, lean-recovering-upgrade, lean-recovering-polling)",
        "probe http://a --clients lean-polling=x; --clients: lean-polling=x (expected: a number of"
            + " clients)",
        "probe http://a --clients lean-polling=2001; --clients: 2001 lean ones (expected: at most 2000)",
        "probe http://a --duration 31m; --duration: PT31M (expected: more than 0, at most PT30M)",
        "probe http://a --feed-ms 5; --feed-ms: 5 (expected: 10 to 10000)",
        "probe http://a --order-every 500ms; --order-every: PT0.5S (expected: 0 for none, or PT1S to"
            + " PT10M)",
        "rollout --order-every 11m; --order-every: 660000ms (expected: 0s for none, or 1s to 10m)",
        "rollout --sticky --clients lean-aware=1,java-aware=1; --clients: java-aware=1,lean-aware=1"
            + " (expected: no lean ones with --sticky, since they keep no cookies)",
        "rollout --balancer-lag 1m --clients java-upgrade=1; --clients: java-upgrade=1 (expected: with"
            + " --balancer-lag only those that begin with a WebSocket, since nothing holds the others"
            + " to their pod)",
        "rollout --balancer-lag 6m; --balancer-lag: 360s (expected: at most 5m)",
        "rollout --sidecar-ends-after 301s; --sidecar-ends-after: 301s (expected: at most 5m)",
        "probe http://a --from 203.0.113.9; --from: 203.0.113.9 (expected: an address of this machine)",
        "probe http://a --json no/such/folder/x; --json: no/such/folder/x (expected: a file that can be"
            + " written)",
        "plan --pods 2 --clients 10; Missing required option: '--receiver-rate=N'",
        "plan --clients ten --pods 2 --receiver-rate 5; Invalid value for option '--clients': 'ten' is"
            + " not an int",
        "plan --clients 0 --pods 2 --receiver-rate 5; --clients: 0 (expected: 1 to 2000000)",
        "plan --clients 9 --pods 1001 --receiver-rate 5; --pods: 1001 (expected: 1 to 1000)",
        "plan --clients 9 --pods 2 --receiver-rate 0; --receiver-rate: 0 (expected: 1 to 1000000)",
        "plan --clients 9 --pods 2 --receiver-rate 5 --window 0s; --window: 0s (expected: 1s to 1h)",
        "plan --clients 9 --pods 2 --receiver-rate 5 --surge 1,x; Invalid value for option '--surge'"
            + " (N|PERCENT): 'x' (expected: a number of pods, or a share such as 25%, more than zero)",
        "plan --clients 9 --pods 2 --receiver-rate 5 --most-pods 2; --most-pods: 2 (expected: 3 to"
            + " 2000)",
        "plan --clients 9 --pods 2 --receiver-rate 5 --aware 60 --recovering 50; --aware,"
            + " --recovering: 60, 50 (expected: together at most 100)",
        "plan --clients 9 --pods 2 --receiver-rate 5 --json no/such/folder/x; --json:"
            + " no/such/folder/x (expected: a file that can be written)",
        "plan-check --clients 25001; --clients: 25001 (expected: 1 to 25000)",
        "plan-check --window 6m; --window: 6m (expected: 1s to 5m)",
        "serv; Unmatched argument at index 0: 'serv'"
      })
  void execute_badArguments_saysWhichInOneLine(String line, String message) {
    assertThat(run(line)).isEqualTo(2);
    assertThat(err.toString().lines()).first().isEqualTo(message);
    assertThat(err.toString().lines().count()).isLessThanOrEqualTo(3);
  }

  @Test
  void execute_help_showsEachDefault() {
    assertThat(run("demo --help")).isZero();
    assertThat(run("serve --help")).isZero();
    assertThat(run("front --help")).isZero();
    assertThat(run("probe --help")).isZero();
    assertThat(run("plan --help")).isZero();
    assertThat(out.toString())
        .contains(
            "Default: 3000",
            "Default: 8081",
            "3003@8083",
            "127.0.0.1:3001@8081,127.0.0.1:3002@8082",
            "3h",
            "1,25%,100%");
  }

  private int run(String line) {
    CommandLine command = SampleApp.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(line.split(" ", -1));
  }
}
