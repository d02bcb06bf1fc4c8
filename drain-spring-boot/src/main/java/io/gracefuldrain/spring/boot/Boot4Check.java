package io.gracefuldrain.spring.boot;

import io.gracefuldrain.spring.BootLineCheck;

/** Refuses all but Spring Boot 4. */
final class Boot4Check extends BootLineCheck {
  /** Made by Spring. */
  Boot4Check() {
    super("drain-spring-boot", 4);
  }
}
