package io.gracefuldrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.DrainPolicy;
import io.gracefuldrain.DrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** What editors show of the properties is what docs/settings.md says, and what the core reads. */
class MetadataTest {
  private record Row(String defaultValue, String meaning) {}

  private static final Pattern ROW =
      Pattern.compile("\\| `(DRAIN_[A-Z_]+)` \\| (.+?) \\| (.+) \\|");
  private static final Map<String, JsonNode> PROPERTIES = new TreeMap<>();
  private static final Map<String, Row> ROWS = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    Path metadata = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
    for (JsonNode property : new ObjectMapper().readTree(metadata.toFile()).get("properties")) {
      PROPERTIES.put(property.get("name").asText(), property);
    }
    for (String line : Files.readAllLines(Path.of("../docs/settings.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        ROWS.put(row.group(1), new Row(row.group(2), plain(row.group(3))));
      }
    }
  }

  private static String plain(String markdown) {
    return markdown.replaceAll("\\[([^\\]]+)\\]\\([^)]*\\)", "$1").replace("`", "");
  }

  @Test
  void properties_haveATypeAndADescriptionEach() {
    assertThat(PROPERTIES.values())
        .allSatisfy(
            property -> {
              assertThat(property.path("type").asText()).as("%s", property).isNotEmpty();
              assertThat(property.path("description").asText()).as("%s", property).isNotEmpty();
            });
  }

  @Test
  void settings_areDescribedAsInTheDocs() {
    for (String name : DrainSettings.names()) {
      Row row = ROWS.get(DrainSettings.variable(name));
      JsonNode property = PROPERTIES.get("drain." + name);
      assertThat(row).as(name + " in docs/settings.md").isNotNull();
      assertThat(property).as("drain." + name + " in the metadata").isNotNull();
      assertThat(property.get("description").asText()).isEqualTo(row.meaning());
      String shown = property.path("defaultValue").asText();
      assertThat(shown.isEmpty() ? "none" : "`" + shown + "`")
          .as("the default of " + name)
          .isEqualTo(name.equals("pod") ? "none" : row.defaultValue());
    }
  }

  @Test
  void defaults_areThoseOfThePolicy() {
    DrainPolicy read = DrainPolicy.defaults();
    for (String name : DrainSettings.names()) {
      String shown = PROPERTIES.get("drain." + name).path("defaultValue").asText();
      if (!shown.isEmpty()) {
        read = DrainSettings.read(read, Map.of(name, shown), each -> each);
      }
    }
    assertThat(read).isEqualTo(DrainPolicy.defaults());
  }

  @Test
  void defaults_ofTheMadeServer_areThoseOfItsLibrary() {
    Configuration defaults = new Configuration();
    assertThat(shown("context")).isEqualTo(defaults.getContext());
    assertThat(DurationStyle.detectAndParse(shown("ping-interval")))
        .hasMillis(defaults.getPingInterval());
    assertThat(DurationStyle.detectAndParse(shown("ping-timeout")))
        .hasMillis(defaults.getPingTimeout());
    assertThat(DataSize.parse(shown("max-frame-payload-length")).toBytes())
        .isEqualTo(defaults.getMaxFramePayloadLength());
    assertThat(shown("ack-mode").toUpperCase(Locale.ROOT).replace('-', '_'))
        .isEqualTo(defaults.getAckMode().name());
  }

  private static String shown(String name) {
    return PROPERTIES.get("drain.socketio." + name).path("defaultValue").asText();
  }

  @Test
  void ownNames_areThoseThatMistakesAreComparedWith() {
    Set<String> own = new TreeSet<>();
    for (String name : PROPERTIES.keySet()) {
      String below = name.substring(PropertySources.PREFIX.length());
      if (name.startsWith(PropertySources.PREFIX) && !DrainSettings.names().contains(below)) {
        own.add(below);
      }
    }
    assertThat(PropertyNames.OWN).containsExactlyInAnyOrderElementsOf(own);
  }
}
