package io.gracefuldrain.spring.it;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A servlet application without logins, with work that a test ends. */
@Configuration
@EnableAutoConfiguration
class OpenApp {
  @Bean
  SecurityFilterChain open(HttpSecurity http) throws Exception {
    return http.csrf(csrf -> csrf.disable())
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .build();
  }

  @RestController
  static class Work {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);

    @GetMapping("/quick")
    String quick() {
      return "quick";
    }

    @GetMapping("/slow")
    String slow() throws InterruptedException {
      begun.countDown();
      end.await();
      return "slow";
    }

    @GetMapping("/later")
    Callable<String> later() {
      return this::slow;
    }
  }
}
