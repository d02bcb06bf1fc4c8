package io.gracefuldrain.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Refuses a line of Spring Boot that a module is not made for, before that fails in a way that says
 * less. Each module has its own.
 */
public abstract class BootLineCheck
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private final String module;
  private final int line;

  /**
   * The check of a module.
   *
   * @param module the artifact's name, without {@code -starter}
   * @param line the major version of Spring Boot that it is for
   */
  protected BootLineCheck(String module, int line) {
    this.module = module;
    this.line = line;
  }

  @Override
  public final void initialize(ConfigurableApplicationContext context) {
    if (context.getEnvironment().getProperty("drain.enabled", Boolean.class, true)) {
      check(SpringBootVersion.getVersion());
    }
  }

  /** Refuses a version of another line. */
  final void check(@Nullable String version) {
    if (version == null || version.startsWith(line + ".")) {
      return;
    }
    throw new DrainStartException(
        module + " is for Spring Boot " + line + ", and this is Spring Boot " + version + ".",
        version.startsWith("3.")
            ? "Depend on io.gracefuldrain:drain-spring-boot3-starter instead."
            : "Depend on io.gracefuldrain:drain-spring-boot-starter instead.",
        null);
  }
}
