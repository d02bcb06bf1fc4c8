package io.gracefuldrain.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application what happens. An application without a log of its own finds malformed
 * messages in the log of the JDK, one line a kind, and at level {@code FINE} everything else. On
 * the event thread.
 */
final class Log {
  private static final Logger DEFAULT = Logger.getLogger("io.gracefuldrain.client");

  private final @Nullable BiConsumer<String, Map<String, Object>> application;
  private final Set<String> warned = new HashSet<>();

  Log(@Nullable BiConsumer<String, Map<String, Object>> application) {
    this.application = application;
  }

  /**
   * Something has happened.
   *
   * @param details names and values in turn
   */
  void step(String what, Object... details) {
    told(what, details, Level.FINE);
  }

  /** The application is told of a move. */
  void event(String event, JSONObject figures) {
    List<Object> details = new ArrayList<>();
    for (Iterator<String> names = figures.keys(); names.hasNext(); ) {
      String name = names.next();
      details.add(name);
      details.add(figures.get(name));
    }
    told(event.substring(Wire.PREFIX.length()), details.toArray(), Level.FINE);
  }

  /** A message of the server is ignored. */
  void ignored(String event, Object[] got, String expected) {
    Level level = warned.add(event) ? Level.WARNING : Level.FINE;
    String value = Arrays.toString(got);
    told("ignored", new Object[] {"event", event, "given", value, "expected", expected}, level);
  }

  private void told(String what, Object[] details, Level level) {
    BiConsumer<String, Map<String, Object>> told = application;
    if (told != null) {
      Callout.run(() -> told.accept(what, map(details)));
    } else if (DEFAULT.isLoggable(level)) {
      DEFAULT.log(level, what + " " + map(details));
    }
  }

  private static Map<String, Object> map(Object[] details) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i + 1 < details.length; i += 2) {
      map.put(String.valueOf(details[i]), details[i + 1]);
    }
    return Collections.unmodifiableMap(map);
  }
}
