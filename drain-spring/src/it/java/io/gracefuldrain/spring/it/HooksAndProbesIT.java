package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainPhase;
import io.gracefuldrain.http.DrainEndpoints;
import io.gracefuldrain.servlet.DrainServlet;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

/** Where hooks and probes are, with real servers and with Spring Security on the class path. */
class HooksAndProbesIT {
  private static final String OWN_PORT = "management.server.port=0";

  /** Boot's own security: everything needs a login. */
  @Configuration
  @EnableAutoConfiguration
  static class LockedApp {}

  @Configuration
  static class UsersServlet {
    @Bean
    ServletRegistrationBean<DrainServlet> drainServlet(DrainCoordinator coordinator) {
      return new ServletRegistrationBean<>(new DrainServlet(coordinator), "/manage/*");
    }
  }

  @Test
  void managementPort_behindSecurity_answersTheKubeletAndKeepsTheApplicationLocked() {
    try (TestApp app = TestApp.start(LockedApp.class, OWN_PORT)) {
      for (String probe : new String[] {"/startupz", "/readyz", "/livez", "/readyz/", "/drain"}) {
        assertThat(app.get("management", probe).statusCode()).as(probe).isEqualTo(200);
      }
      assertThat(app.get("management", "/actuator/health").statusCode()).isEqualTo(200);
      assertThat(app.get("management", "/actuator/env").statusCode()).isEqualTo(401);
      assertThat(app.get("management", "/livez/more").statusCode()).isEqualTo(401);
      assertThat(app.get("server", "/anything").statusCode()).isEqualTo(401);
      assertThat(app.get("server", "/readyz").statusCode()).isEqualTo(401);
      assertThat(app.context().getEnvironment().getProperty("local.drain.port")).isNull();
    }
  }

  @Test
  void managementPort_changes_needTheToken() {
    try (TestApp app = TestApp.start(LockedApp.class, OWN_PORT, "drain.admin-token=t0ken")) {
      assertThat(app.send("POST", "management", "/drain").join().statusCode()).isEqualTo(401);
      assertThat(
              app.send("POST", "management", "/drain", "Authorization", "Bearer t0ken")
                  .join()
                  .statusCode())
          .isEqualTo(202);
    }
  }

  @Test
  void preStopHook_onTheManagementPort_needsItsHeaderAndWaitsForTheRequestInFlight()
      throws Exception {
    try (TestApp app =
        TestApp.start(OpenApp.class, OWN_PORT, "drain.hook-header=X-Drain: s3cret")) {
      assertThat(app.get("management", "/hooks/pre-stop").statusCode()).isEqualTo(403);
      assertThat(app.coordinator().phase()).isEqualTo(DrainPhase.SERVING);

      OpenApp.Work work = app.bean(OpenApp.Work.class);
      CompletableFuture<HttpResponse<String>> slow = app.send("GET", "server", "/slow");
      work.begun.await();
      CompletableFuture<HttpResponse<String>> hook =
          app.send("GET", "management", "/hooks/pre-stop", "X-Drain", "s3cret");
      app.awaitPhase(DrainPhase.SETTLING);
      assertThat(hook).isNotDone();
      assertThat(app.get("management", "/livez").statusCode()).isEqualTo(200);
      assertThat(app.get("management", "/readyz").statusCode()).isEqualTo(503);

      work.end.countDown();
      assertThat(slow.join().body()).isEqualTo("slow");
      assertThat(hook.join().statusCode()).isEqualTo(200);
      assertThat(hook.join().body()).contains("\"phase\":\"DRAINED\"");
    }
  }

  @Test
  void managementPort_withABasePath_hasThemBelowIt() {
    try (TestApp app =
        TestApp.start(LockedApp.class, OWN_PORT, "management.server.base-path=/ops")) {
      assertThat(app.get("management", "/ops/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void managementPort_ofAReactiveServer_hasThemToo() {
    try (TestApp app =
        TestApp.start(ReactiveApp.class, OWN_PORT, ReactiveApp.REACTIVE, ReactiveApp.ONE_SERVER)) {
      assertThat(app.get("management", "/readyz").statusCode()).isEqualTo(200);
      assertThat(app.get("management", "/livez/").statusCode()).isEqualTo(200);
      assertThat(app.get("management", "/actuator/health").statusCode()).isEqualTo(200);
      assertThat(app.get("management", "/nothing").statusCode()).isEqualTo(404);
      CompletableFuture<HttpResponse<String>> slow = app.send("GET", "server", "/slow");
      app.awaitWork();
      CompletableFuture<HttpResponse<String>> hook =
          app.send("GET", "management", "/hooks/pre-stop");
      app.awaitPhase(DrainPhase.SETTLING);
      assertThat(hook).isNotDone();
      app.bean(ReactiveApp.Work.class).end.tryEmitValue("slow").orThrow();
      assertThat(slow.join().body()).isEqualTo("slow");
      assertThat(hook.join().body()).contains("\"phase\":\"DRAINED\"");
    }
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void managementPort_anyFreeOne_isSaidAtTheStart(CapturedOutput output) {
    try (TestApp app = TestApp.start(OpenApp.class, "management.server.port=0")) {
      assertThat(output)
          .contains("DRAIN-085 hooks and probes: port " + app.port("management") + ", Actuator's");
    }
  }

  /** Its context ends in a phase of the application's, and has phases of its own. */
  @Test
  void managementPort_contextOfIt_endsWithinTheSameTime() {
    List<String> limited = new CopyOnWriteArrayList<>();
    try (TestApp app = TestApp.start(OpenApp.class, OWN_PORT, "KUBERNETES_SERVICE_HOST=10.0.0.1")) {
      app.context()
          .addApplicationListener(
              (ApplicationListener<ContextClosedEvent>)
                  event -> {
                    ApplicationContext closing = event.getApplicationContext();
                    if (closing != app.context()) {
                      limited.addAll(
                          List.of(
                              ((ConfigurableApplicationContext) closing)
                                  .getBeanFactory()
                                  .getSingletonNames()));
                    }
                  });
    }
    assertThat(limited).anyMatch(name -> name.startsWith("io.gracefuldrain.spring.PhaseLimit."));
  }

  @Test
  void noPortOfActuators_startsAServerOfOurOwn() {
    for (String setting :
        new String[] {
          "drain.http.enabled=true",
          "management.server.port=-1",
          "spring.main.web-application-type=none"
        }) {
      try (TestApp app = TestApp.start(LockedApp.class, setting)) {
        assertThat(app.get("drain", "/readyz").statusCode()).as(setting).isEqualTo(200);
        assertThat(app.get("drain", "/hooks/pre-stop").statusCode()).as(setting).isEqualTo(200);
      }
    }
  }

  @Test
  void onManagementPortOff_startsAServerOfOurOwnBesideActuator() {
    try (TestApp app =
        TestApp.start(LockedApp.class, OWN_PORT, "drain.http.on-management-port=false")) {
      assertThat(app.get("drain", "/readyz").statusCode()).isEqualTo(200);
      assertThat(app.get("management", "/readyz").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void drainHttpOff_hasNone() {
    try (TestApp app = TestApp.start(OpenApp.class, OWN_PORT, "drain.http.enabled=false")) {
      assertThat(app.get("management", "/readyz").statusCode()).isEqualTo(404);
      assertThat(app.context().getBeansOfType(DrainEndpoints.class)).isEmpty();
    }
  }

  @Test
  void drainOff_leavesTheApplicationAsItIs() {
    try (TestApp app = TestApp.start(OpenApp.class, OWN_PORT, "drain.enabled=false")) {
      assertThat(app.get("management", "/readyz").statusCode()).isEqualTo(404);
      assertThat(app.get("server", "/quick").statusCode()).isEqualTo(200);
      assertThat(app.context().getBeanDefinitionNames())
          .noneMatch(
              name -> name.startsWith("drain") || name.startsWith("io.gracefuldrain.spring.Drain"));
    }
  }

  @Test
  void servletOfTheUser_isTheOnlyOne() {
    try (TestApp app =
        TestApp.start(new Class<?>[] {OpenApp.class, UsersServlet.class}, OWN_PORT)) {
      assertThat(app.get("server", "/manage/readyz").statusCode()).isEqualTo(200);
      assertThat(app.get("management", "/readyz").statusCode()).isEqualTo(404);
      assertThat(app.context().getEnvironment().getProperty("local.drain.port")).isNull();
    }
  }
}
