package io.gracefuldrain.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BoundsTest {
  // A row may have several names, and as many values: | A_MS, B_MS | 100, 1,300 |
  private static final Pattern ROW =
      Pattern.compile("^\\| ([A-Z_, `]+) \\| ([0-9, ]+) \\|", Pattern.MULTILINE);
  private static final Pattern NAME = Pattern.compile("[A-Z_]+");
  private static final Pattern VALUE = Pattern.compile("[0-9]+(?:,[0-9]{3})*");

  @Test
  void constants_all_haveTheValuesOfTheProtocol() throws Exception {
    Map<String, Long> constants = constants();

    assertThat(constants).isNotEmpty();
    assertThat(documented()).containsAllEntriesOf(constants);
  }

  private static Map<String, Long> constants() throws IllegalAccessException {
    Map<String, Long> constants = new LinkedHashMap<>();
    for (Field field : Bounds.class.getDeclaredFields()) {
      boolean number = field.getType() == int.class || field.getType() == long.class;
      if (number && Modifier.isStatic(field.getModifiers())) {
        constants.put(field.getName(), field.getLong(null));
      }
    }
    return constants;
  }

  private static Map<String, Long> documented() throws IOException {
    Map<String, Long> bounds = new LinkedHashMap<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("..", "docs", "protocol.md")));
    while (row.find()) {
      List<String> names = all(NAME, row.group(1));
      List<String> values = all(VALUE, row.group(2));
      assertThat(values).hasSameSizeAs(names);
      for (int i = 0; i < names.size(); i++) {
        bounds.put(names.get(i), Long.parseLong(values.get(i).replace(",", "")));
      }
    }
    return bounds;
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }
}
