package io.gracefuldrain.spring.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.spring.DrainAutoConfiguration;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;

/**
 * Each bean of the starter is either replaceable, by a type or a name that users can have, or a
 * part that nobody would replace. docs/spring.md lists both.
 */
class BeansTest {
  /** The parts, and the switch of each; those without are the drain itself. */
  private static final Map<String, String> PARTS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("drainNames", ""),
              Map.entry("drainStart", ""),
              Map.entry("drainEnd", ""),
              Map.entry("drainIsNotLazy", ""),
              Map.entry("socketIoDrains", ""),
              Map.entry("socketIoServersOfContext", ""),
              Map.entry("socketIoAttacher", ""),
              Map.entry("socketIoServersEnd", ""),
              Map.entry("socketIoMadeServerCheck", ""),
              Map.entry("socketIoServerLifecycle", "drain.socketio.port"),
              Map.entry("drainTaskDecorators", "drain.tasks.enabled"),
              Map.entry("drainAvailability", "drain.availability.enabled"),
              Map.entry("drainEvents", "drain.events.enabled"),
              Map.entry("drainManagementPlace", "drain.http.enabled"),
              Map.entry("drainHttpReport", "drain.http.enabled"),
              Map.entry("drainHttpServer", "drain.http.enabled"),
              Map.entry("drainEndpointsFilter", "drain.http.on-management-port"),
              Map.entry("drainSecretsAreNotShown", ""),
              Map.entry("drainHealthGroups", "management.health.drain.enabled")));

  private static final List<Method> BEANS = beans();

  private static List<Method> beans() {
    Set<Class<?>> configurations = new LinkedHashSet<>();
    List<String> names =
        Stream.concat(
                ImportCandidates.load(AutoConfiguration.class, BeansTest.class.getClassLoader())
                    .getCandidates()
                    .stream(),
                Stream.of(
                    DrainAutoConfiguration.class.getPackageName()
                        + ".DrainManagementConfiguration"))
            .filter(name -> name.startsWith("io.gracefuldrain."))
            .toList();
    for (String name : names) {
      try {
        add(configurations, Class.forName(name));
      } catch (ClassNotFoundException e) {
        throw new AssertionError(e);
      }
    }
    return configurations.stream()
        .flatMap(configuration -> Stream.of(configuration.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Bean.class))
        .toList();
  }

  private static void add(Set<Class<?>> all, Class<?> type) {
    all.add(type);
    for (Class<?> nested : type.getDeclaredClasses()) {
      add(all, nested);
    }
  }

  private static Set<String> names() {
    return BEANS.stream().map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void beans_areReplaceableOrParts() {
    assertThat(names()).containsAll(PARTS.keySet()).hasSizeGreaterThan(20);
    assertThat(BEANS)
        .filteredOn(bean -> !PARTS.containsKey(bean.getName()))
        .allMatch(BeansTest::replaceable);
  }

  /** By a bean of its name, or of its type, which users must be able to make. */
  private static boolean replaceable(Method bean) {
    if (bean.getName().equals("socketIoServer")) {
      return true; // with all of its configuration
    }
    ConditionalOnMissingBean condition = bean.getAnnotation(ConditionalOnMissingBean.class);
    return condition != null && (condition.name().length > 0 || makeable(bean.getReturnType()));
  }

  private static boolean makeable(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.isInterface()
            || type.getConstructors().length > 0
            || Stream.of(type.getMethods())
                .anyMatch(
                    method ->
                        Modifier.isStatic(method.getModifiers())
                            && method.getReturnType() == type));
  }

  @Test
  void page_listsTheBeansAndTheParts() throws IOException {
    Set<String> replaceable = new TreeSet<>();
    Map<String, String> parts = new TreeMap<>();
    Pattern row =
        Pattern.compile("\\| `(\\w+)` \\| (replaceable|a part)[^|]*\\| ?(?:`([^`]+)`)?.*");
    for (String line : Files.readAllLines(Path.of("../docs/spring.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches() && matcher.group(2).equals("replaceable")) {
        replaceable.add(matcher.group(1));
      } else if (matcher.matches()) {
        parts.put(matcher.group(1), matcher.group(3) == null ? "" : matcher.group(3));
      }
    }
    assertThat(parts).isEqualTo(PARTS);
    Set<String> expected = names();
    expected.removeAll(PARTS.keySet());
    assertThat(replaceable).isEqualTo(expected);
  }
}
