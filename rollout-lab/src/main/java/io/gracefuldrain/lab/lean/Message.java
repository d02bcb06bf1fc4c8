package io.gracefuldrain.lab.lean;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event or an acknowledgement, whose attachments may still be to come: each takes its place
 * among the arguments. Not thread-safe.
 */
final class Message {
  /** The most attachments of one packet that are read. */
  private static final String MOST = "9";

  private static final Pattern TEXT =
      Pattern.compile("4[23](?<id>\\d{0,9})(?<args>\\[.*)", Pattern.DOTALL);
  private static final Pattern BINARY =
      Pattern.compile(
          "4[56](?<parts>[0-" + MOST + "])-(?<id>\\d{0,9})(?<args>\\[.*)", Pattern.DOTALL);

  private final boolean event;
  private final @Nullable Integer id;
  private final ArrayNode args;
  private final int parts;
  private int have;

  private Message(boolean event, @Nullable Integer id, ArrayNode args, int parts) {
    this.event = event;
    this.id = id;
    this.args = args;
    this.parts = parts;
  }

  /** Reads a packet of one of the four types; null if it is malformed. */
  static @Nullable Message read(String packet) {
    boolean binary = packet.charAt(1) == '5' || packet.charAt(1) == '6';
    Matcher matcher = (binary ? BINARY : TEXT).matcher(packet);
    JsonNode args = matcher.matches() ? Json.read(matcher.group("args")) : null;
    if (!(args instanceof ArrayNode array)) {
      return null;
    }
    String id = matcher.group("id");
    return new Message(
        packet.charAt(1) == '2' || packet.charAt(1) == '5',
        id.isEmpty() ? null : Integer.valueOf(id),
        array,
        binary ? Integer.parseInt(matcher.group("parts")) : 0);
  }

  /** Whether it is an event, and no acknowledgement. */
  boolean event() {
    return event;
  }

  /** The id of its acknowledgement, or null. */
  @Nullable Integer id() {
    return id;
  }

  /** The name of an event and its arguments. */
  ArrayNode args() {
    return args;
  }

  /** Whether all attachments have come. */
  boolean complete() {
    return have == parts;
  }

  /** The next attachment has come. */
  void add(byte[] attachment) {
    place(args, have++, BinaryNode.valueOf(attachment));
  }

  private static void place(JsonNode in, int number, BinaryNode part) {
    if (in instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (is(array.get(i), number)) {
          array.set(i, part);
        } else {
          place(array.get(i), number, part);
        }
      }
    } else if (in instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              each -> {
                if (is(each.getValue(), number)) {
                  each.setValue(part);
                } else {
                  place(each.getValue(), number, part);
                }
              });
    }
  }

  private static boolean is(JsonNode placeholder, int number) {
    return placeholder.path("_placeholder").asBoolean()
        && placeholder.path("num").asInt() == number;
  }
}
