package io.gracefuldrain.spring.boot3;

import io.gracefuldrain.spring.BootLineCheck;

/** Refuses all but Spring Boot 3. */
final class Boot3Check extends BootLineCheck {
  /** Made by Spring. */
  Boot3Check() {
    super("drain-spring-boot3", 3);
  }
}
