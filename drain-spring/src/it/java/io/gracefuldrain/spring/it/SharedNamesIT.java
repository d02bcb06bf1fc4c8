package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.WorkLease;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What contexts of one JVM may share, meters and the names of JMX, comes and goes with each. */
@Isolated
class SharedNamesIT {
  private static final String NO_WEB = "spring.main.web-application-type=none";
  private static final String JMX = "spring.jmx.enabled=true";
  private static final String EXPOSED = "management.endpoints.jmx.exposure.include=drain";

  /** Boot closes it with each context, and a closed one takes no more meters. */
  private static final MeterRegistry REGISTRY =
      new SimpleMeterRegistry() {
        @Override
        public void close() {}
      };

  private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

  @Configuration
  @EnableAutoConfiguration
  static class App {}

  @Configuration
  static class OneRegistry {
    @Bean(destroyMethod = "")
    MeterRegistry registry() {
      return REGISTRY;
    }
  }

  private static TestApp withRegistry() {
    return TestApp.start(new Class<?>[] {App.class, OneRegistry.class}, NO_WEB);
  }

  private static double leases() {
    return REGISTRY.get("drain.work.leases").gauge().value();
  }

  private static void assertNoMeters() {
    assertThat(REGISTRY.getMeters())
        .extracting(meter -> meter.getId().getName())
        .noneMatch(name -> name.startsWith("drain."));
  }

  @Test
  void meters_ofTenContextsInTurn_areThoseOfTheOneThatIsThere() {
    for (int i = 0; i < 10; i++) {
      try (TestApp app = withRegistry();
          WorkLease order = app.coordinator().work().begin("order")) {
        assertThat(order).isNotNull();
        assertThat(leases()).as("context %d", i).isEqualTo(1);
      }
      assertNoMeters();
    }
  }

  @Test
  void meters_ofTenContextsAtOnce_areTheFirstOnesAndLeaveWithThem() {
    List<TestApp> apps = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        apps.add(withRegistry());
      }
      try (WorkLease order = apps.get(0).coordinator().work().begin("order")) {
        assertThat(order).isNotNull();
        assertThat(leases()).isEqualTo(1);
      }
    } finally {
      apps.forEach(TestApp::close);
    }
    assertNoMeters();
  }

  @Test
  void jmx_endpoint_isReadOnlyAndGoesWithItsContext() throws Exception {
    Set<ObjectName> before = BEANS.queryNames(null, null);
    for (int i = 0; i < 2; i++) {
      try (TestApp app = TestApp.start(App.class, NO_WEB, JMX, EXPOSED)) {
        assertThat(app.context().isRunning()).isTrue();
        assertThat(invoke("status").toString()).contains("SERVING");
        assertThatThrownBy(() -> invoke("recall")).isInstanceOf(ReflectionException.class);
      }
      assertThat(BEANS.queryNames(null, null)).isEqualTo(before);
    }
  }

  @Test
  void jmx_endpointThatMayWrite_drainsAndRecalls() throws Exception {
    try (TestApp app =
        TestApp.start(
            App.class, NO_WEB, JMX, EXPOSED, "management.endpoint.drain.access=unrestricted")) {
      try (WorkLease order = app.coordinator().work().begin("order")) {
        assertThat(order).isNotNull();
        invoke("drain", "10s", "by a person");
        app.awaitPhase(DrainPhase.SETTLING);
        assertThat(invoke("status").toString()).contains("MANUAL");
        assertThat(invoke("recall").toString()).contains("SERVING");
      }
    }
  }

  private static Object invoke(String operation, String... arguments) throws Exception {
    Set<ObjectName> found = BEANS.queryNames(new ObjectName("*:type=Endpoint,name=Drain,*"), null);
    assertThat(found).hasSize(1);
    String[] types = new String[arguments.length];
    Arrays.fill(types, String.class.getName());
    return BEANS.invoke(found.iterator().next(), operation, arguments, types);
  }
}
