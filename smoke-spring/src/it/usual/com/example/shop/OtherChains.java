package com.example.shop;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Chains that an application may have in place of the usual one. */
@Configuration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class OtherChains {
  @Bean
  @Profile("deny")
  SecurityFilterChain denyAll(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().denyAll()).build();
  }

  @Bean
  @Profile("form")
  SecurityFilterChain formLogin(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
        .formLogin(Customizer.withDefaults())
        .build();
  }

  /** It names the hooks, too. */
  @Bean
  @Order(1)
  @Profile("management")
  SecurityFilterChain management(HttpSecurity http) throws Exception {
    return http.securityMatcher("/actuator/**", "/hooks/**", "/drain", "/*z")
        .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("OPERATOR"))
        .httpBasic(Customizer.withDefaults())
        .csrf(csrf -> csrf.disable())
        .build();
  }

  @Bean
  @Order(2)
  @Profile("management")
  SecurityFilterChain application(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll()).build();
  }
}
