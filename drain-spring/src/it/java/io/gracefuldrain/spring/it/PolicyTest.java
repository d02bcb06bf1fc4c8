package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.SocketIOServer;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.spring.DrainCustomizer;
import io.gracefuldrain.testing.Ports;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;

/** From which source a setting comes, and what is said about one that is wrong. */
class PolicyTest {
  private final ApplicationContextRunner runner = Contexts.runner();

  @Test
  void policy_ofAnApplicationThatSaysNothing_isTheDefault() {
    runner.run(
        context ->
            assertThat(context.getBean(DrainPolicy.class))
                .isEqualTo(DrainPolicy.defaults().withTerminationLog("")));
  }

  @Test
  void property_inAnySpelling_isRead() {
    for (String name :
        new String[] {"drain.move-window", "drain.moveWindow", "drain.MOVE_WINDOW"}) {
      runner
          .withPropertyValues(name + "=12s")
          .run(context -> assertThat(policy(context).moveWindow()).hasSeconds(12));
    }
  }

  @Test
  void property_withAPlaceholder_isResolved() {
    runner
        .withPropertyValues("window=12s", "drain.move-window=${window}")
        .run(context -> assertThat(policy(context).moveWindow()).hasSeconds(12));
  }

  @Test
  void property_thatIsAList_isReadAsNames() {
    runner
        .withPropertyValues("drain.affinity-cookie[0]=route", "drain.affinity-cookie[1]=SERVERID")
        .run(
            context ->
                assertThat(policy(context).affinityCookies()).containsExactly("route", "SERVERID"));
  }

  @Test
  void property_thenCustomizer_thenVariable_theLastOneWins() {
    DrainCustomizer customizer =
        policy -> {
          assertThat(policy.moveWindow()).hasSeconds(11);
          assertThat(policy.settleGrace()).hasSeconds(4);
          return policy
              .withMoveWindow(Duration.ofSeconds(9))
              .withSettleGrace(Duration.ofSeconds(3));
        };
    runner
        .withPropertyValues("drain.move-window=11s", "drain.settle-grace=4s")
        .withBean(DrainCustomizer.class, () -> customizer)
        .withInitializer(
            context ->
                Contexts.setEnvironment(
                    context.getEnvironment(), Map.of("DRAIN_SETTLE_GRACE", "2s")))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(policy(context).moveWindow()).hasSeconds(9);
              assertThat(policy(context).settleGrace()).hasSeconds(2);
            });
  }

  @Test
  void variable_ofAGroupOfThisModule_isNoUnknownSetting() {
    runner
        .withInitializer(
            context ->
                Contexts.setEnvironment(
                    context.getEnvironment(),
                    Map.of("DRAIN_STRICT", "true", "DRAIN_SIGNALS_ENABLED", "false")))
        .run(context -> assertThat(context).hasNotFailed());
  }

  @EnableAutoConfiguration
  static class App {}

  @Test
  void variables_thatKubernetesSetsForServices_areNoProperties() {
    ConfigurableEnvironment environment = new StandardEnvironment();
    // The build sets some that begin as ours do.
    environment
        .getPropertySources()
        .remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
    Contexts.setEnvironment(
        environment,
        Map.of(
            "DRAIN_HTTP_PORT", "tcp://10.96.0.7:80",
            "DRAIN_HTTP_SERVICE_HOST", "10.96.0.7",
            "DRAIN_SOCKETIO_PORT", "tcp://10.96.0.8:80",
            "DRAIN_SOCKETIO_PORT_80_TCP_PORT", "80",
            "DRAIN_SOCKETIO_WORKER_THREADS", "1",
            "DRAIN_STRICT", "true"));
    int port = Ports.free();
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(App.class)
            .environment(environment)
            .web(WebApplicationType.NONE)
            .registerShutdownHook(false)
            .properties("drain.signals.enabled=false", "drain.termination-log=")
            .properties("drain.socketio.port=" + port, "drain.http.port=0")
            .run()) {
      assertThat(context.getBean(SocketIOServer.class).getConfiguration())
          .matches(made -> made.getPort() == port && made.getWorkerThreads() == 1);
      assertThat(context.getEnvironment().getProperty("drain.http.port")).isEqualTo("0");
    }
  }

  @Test
  void policyAndCoordinator_ofTheApplication_replaceOurs() {
    DrainPolicy own = DrainPolicy.defaults().withPod("mine").withTerminationLog("");
    runner
        .withBean(DrainPolicy.class, () -> own)
        .run(context -> assertThat(context.getBean(DrainCoordinator.class).policy()).isSameAs(own));
    DrainCoordinator coordinator = DrainCoordinator.create(own);
    runner
        .withBean(DrainCoordinator.class, () -> coordinator)
        .run(context -> assertThat(context.getBean(DrainCoordinator.class)).isSameAs(coordinator));
    assertThat(coordinator.alive()).as("it was closed with its context").isFalse();
  }

  @Test
  void disabled_leavesNothing() {
    runner
        .withPropertyValues("drain.enabled=false", "drain.move-window=nonsense")
        .withBean("server", SocketIOServer.class, Contexts::server)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBeanDefinitionNames())
                  .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("drain"));
            });
  }

  // ---------------------------------------------------------------- mistakes

  @Test
  void value_thatIsBad_isNamedWithWhatWasExpected() {
    FailureAnalysis analysis = analysis("drain.move-window=soon");

    assertThat(analysis.getDescription())
        .isEqualTo(
            "A setting of the drain is wrong: drain.move-window: soon (expected: a duration such as"
                + " 500ms, 5s, 2m or 1h). It was set in \"drain.move-window\" from property source"
                + " \"test\".");
    assertThat(analysis.getAction()).startsWith("Change it to what was expected.");
  }

  @Test
  void variable_thatIsBad_isNamedAsAVariable() {
    FailureAnalysis analysis = analysis(Map.of("DRAIN_MOVE_WINDOW", "soon"));

    assertThat(analysis.getDescription())
        .startsWith("A setting of the drain is wrong: DRAIN_MOVE_WINDOW: soon (expected: ");
  }

  @Test
  void name_thatIsNearlyASetting_isAMistake() {
    assertThat(analysis("drain.move-windwo=12s").getDescription())
        .startsWith(
            "A setting of the drain is wrong: drain.move-windwo: no such setting; is"
                + " drain.move-window meant?");
  }

  @Test
  void name_thatIsNearlyOneOfThisModule_isTheSameMistake() {
    FailureAnalysis analysis = analysis("drain.http.prot=8082");
    assertThat(analysis.getDescription())
        .isEqualTo(
            "A setting of the drain is wrong: drain.http.prot: no such setting; is drain.http.port"
                + " meant? (expected: one of drain.http.address, drain.http.enabled,"
                + " drain.http.on-management-port, drain.http.port). It was set in"
                + " \"drain.http.prot\" from property source \"test\".");
    assertThat(analysis.getAction()).startsWith("Change it to what was expected.");
    for (String[] each :
        new String[][] {
          {"drain.htpp.port=8082", "is drain.http.port meant?"},
          {"drain.tasks.excludes[0]=pool", "is drain.tasks.exclude meant?"},
          {"drain.metrics.enabeld=false", "is drain.metrics.enabled meant?"},
          {"drain.enabeld=false", "is drain.enabled meant?"}
        }) {
      assertThat(analysis(each[0]).getDescription()).contains(each[1]);
    }
  }

  @Test
  void variable_thatIsNearlyOneOfThisModule_isTheSameMistake() {
    assertThat(analysis(Map.of("DRAIN_HTTP_PROT", "8082")).getDescription())
        .startsWith(
            "A setting of the drain is wrong: DRAIN_HTTP_PROT: no such setting; is DRAIN_HTTP_PORT"
                + " meant?");
    assertThat(analysis(Map.of("DRAIN_SIGNALS_ENABLE", "false")).getDescription())
        .contains("is DRAIN_SIGNALS_ENABLED meant?");
  }

  @Test
  void names_inAnySpellingThatSpringBootReads_areKnown_alsoWhereUnknownOnesAreErrors() {
    runner
        .withPropertyValues(
            "drain.strict=true",
            "drain.http.onManagementPort=false",
            "drain.filter.exempt[0]=/internal",
            "drain.tasks.exclude=pool",
            "drain.http=")
        .withInitializer(
            context ->
                Contexts.setEnvironment(
                    context.getEnvironment(),
                    Map.of(
                        "DRAIN_HTTP_ONMANAGEMENTPORT", "false",
                        "DRAIN_HTTP_ON_MANAGEMENT_PORT", "false",
                        "DRAIN_FILTER_EXEMPT_0_", "/internal",
                        "DRAIN_FILTER_EXEMPT_1", "/quick",
                        "DRAIN_SERVICE_HOST", "10.0.0.1")))
        .run(context -> assertThat(context).hasNotFailed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"drain.http.colour=red", "drain.metrics.colour=red", "drain.colour=red"})
  @ExtendWith(OutputCaptureExtension.class)
  void name_thatIsNone_isLoggedAndIsAMistakeOnlyWhereStrict(
      String property, CapturedOutput output) {
    runner.withPropertyValues(property).run(context -> assertThat(context).hasNotFailed());
    String name = property.substring(0, property.indexOf('='));
    assertThat(output).containsOnlyOnce("DRAIN-035 " + name + ": no such setting; it is ignored");
    assertThat(analysis(property, "drain.strict=true").getDescription())
        .startsWith("A setting of the drain is wrong: " + name + ": no such setting (expected: ");
    assertThat(analysis(Map.of("DRAIN_STRICT", "true"), property).getDescription())
        .contains("no such setting");
  }

  @Test
  void names_areCheckedAlsoWhereThePolicyIsTheApplications() {
    DrainPolicy own = DrainPolicy.defaults().withTerminationLog("");
    assertThat(
            Failures.of(
                    runner
                        .withBean(DrainPolicy.class, () -> own)
                        .withPropertyValues("drain.signals.enabeld=false"))
                .getDescription())
        .contains("is drain.signals.enabled meant?");
  }

  @Test
  void value_ofThisModule_thatIsBad_isNamedAsThoseOfThePolicy() {
    assertThat(analysis("drain.signals.enabled=perhaps").getDescription())
        .isEqualTo(
            "A setting of the drain is wrong: drain.signals.enabled: perhaps (expected: true or"
                + " false). It was set in \"drain.signals.enabled\" from property source"
                + " \"test\".");
  }

  @Test
  void settings_thatContradictEachOther_areBothNamedAsTheyWereWritten() {
    assertThat(analysis("drain.hint-grace=9s", "drain.move-window=3s").getDescription())
        .contains("drain.hint-grace: 9s (expected: <= drain.move-window, which is 3s)");
    assertThat(analysis(Map.of("DRAIN_MOVE_WINDOW", "3s"), "drain.hint-grace=9s").getDescription())
        .contains("drain.hint-grace: 9s (expected: <= DRAIN_MOVE_WINDOW, which is 3s)");
  }

  @Test
  void budget_overTheGrace_saysTheSumAndWhatToRaise() {
    assertThat(analysis("drain.move-window=30s").getDescription())
        .contains("drain.grace-period: 30s (expected: >= 47s = ")
        .contains("raise drain.grace-period with the pod's terminationGracePeriodSeconds");
  }

  @Test
  void phaseTimeout_thatDoesNotFitAfterTheDrain_isAMistake() {
    FailureAnalysis analysis = analysis("spring.lifecycle.timeout-per-shutdown-phase=20s");

    assertThat(analysis.getDescription())
        .isEqualTo(
            "The drain and the shutdown after it do not fit in the grace period:"
                + " spring.lifecycle.timeout-per-shutdown-phase: 20s (expected: <= 9s, which is"
                + " drain.grace-period 30s - 21s for the drain).");
    assertThat(analysis.getAction()).contains("drain.budget-check=warn");
    runner
        .withPropertyValues(
            "spring.lifecycle.timeout-per-shutdown-phase=20s", "drain.budget-check=warn")
        .run(context -> assertThat(context).hasNotFailed());
    runner
        .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=9s")
        .run(context -> assertThat(context).hasNotFailed());
  }

  private FailureAnalysis analysis(String... properties) {
    return analysis(Map.of(), properties);
  }

  private FailureAnalysis analysis(Map<String, Object> variables, String... properties) {
    return Failures.of(
        runner
            .withPropertyValues(properties)
            .withInitializer(
                context -> Contexts.setEnvironment(context.getEnvironment(), variables)));
  }

  private static DrainPolicy policy(AssertableApplicationContext context) {
    return context.getBean(DrainPolicy.class);
  }
}
