package io.gracefuldrain.spring.it;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A reactive application without logins, with work that a test ends. */
@Configuration
@EnableAutoConfiguration
class ReactiveApp {
  static final String REACTIVE = "spring.main.web-application-type=reactive";

  /** Boot 4 does not choose between two servers that are both there: Netty stays. */
  static final String ONE_SERVER =
      "spring.autoconfigure.exclude="
          + "org.springframework.boot.tomcat.autoconfigure.actuate.web.server"
          + ".TomcatReactiveManagementContextAutoConfiguration,"
          + "org.springframework.boot.tomcat.autoconfigure.reactive"
          + ".TomcatReactiveWebServerAutoConfiguration";

  @Bean
  SecurityWebFilterChain open(ServerHttpSecurity http) {
    return http.csrf(csrf -> csrf.disable())
        .authorizeExchange(requests -> requests.anyExchange().permitAll())
        .build();
  }

  @RestController
  static class Work {
    final Sinks.One<String> end = Sinks.one();

    @GetMapping("/quick")
    Mono<String> quick() {
      return Mono.just("quick");
    }

    @GetMapping("/slow")
    Mono<String> slow() {
      return end.asMono();
    }
  }
}
