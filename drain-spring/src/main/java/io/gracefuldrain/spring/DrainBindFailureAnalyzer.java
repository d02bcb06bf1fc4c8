package io.gracefuldrain.spring;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.unit.DataSize;

/** Shows a value of a property of this module that cannot be read, as the core shows its own. */
@Order(Ordered.HIGHEST_PRECEDENCE) // before Boot's
final class DrainBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {
  /** Made by Spring Boot. */
  DrainBindFailureAnalyzer() {}

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable root, BindException cause) {
    ConfigurationProperty property = cause.getProperty();
    if (property == null
        || !String.valueOf(cause.getName()).startsWith(PropertySources.PREFIX)
        || findCause(root, DrainStartException.class) != null) {
      return null;
    }
    DrainStartException shown =
        DrainStartException.ofSetting(
            cause.getName()
                + ": "
                + property.getValue()
                + " (expected: "
                + expected(cause.getTarget().getType().resolve(Object.class))
                + ")",
            property.getOrigin(),
            cause);
    return new FailureAnalysis(shown.description(), shown.action(), root);
  }

  private static String expected(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == int.class || type == Integer.class) {
      return "a whole number";
    }
    if (type == Duration.class) {
      return "a duration such as 500ms, 5s, 2m or 1h";
    }
    if (type == DataSize.class) {
      return "a size such as 64KB or 1MB";
    }
    if (type == InetAddress.class) {
      return "an address of this machine";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(each -> each.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
              .collect(Collectors.joining(", "));
    }
    return "a value of " + type.getSimpleName();
  }
}
