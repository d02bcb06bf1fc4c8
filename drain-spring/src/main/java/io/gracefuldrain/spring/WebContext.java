package io.gracefuldrain.spring;

import java.util.Set;
import org.springframework.context.ApplicationContext;

/** Whether a context has a web server. The types that say so have moved between Boot's lines. */
final class WebContext {
  private static final Set<String> WITH_SERVER =
      Set.of("ServletWebServerApplicationContext", "ReactiveWebServerApplicationContext");

  private WebContext() {}

  static boolean hasServer(ApplicationContext context) {
    for (Class<?> type = context.getClass(); type != null; type = type.getSuperclass()) {
      if (WITH_SERVER.contains(type.getSimpleName())) {
        return true;
      }
    }
    return false;
  }
}
