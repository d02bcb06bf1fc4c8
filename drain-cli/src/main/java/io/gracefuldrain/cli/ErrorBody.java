package io.gracefuldrain.cli;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An error in the form of the drain endpoints and of {@code --json}: {@code {"error":"..."}}. */
final class ErrorBody {
  private static final Pattern FORM =
      Pattern.compile("\\{\\s*\"error\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"\\s*\\}");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|(.))");

  private ErrorBody() {}

  /** The message of a body, if the body has this form. */
  static Optional<String> message(String body) {
    Matcher matcher = FORM.matcher(body);
    return matcher.matches() ? Optional.of(unescaped(matcher.group(1))) : Optional.empty();
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            escape ->
                Matcher.quoteReplacement(
                    escape.group(1) != null
                        ? Character.toString((char) Integer.parseInt(escape.group(1), 16))
                        : control(escape.group(2))));
  }

  private static String control(String letter) {
    return switch (letter) {
      case "n" -> "\n";
      case "r" -> "\r";
      case "t" -> "\t";
      case "b" -> "\b";
      case "f" -> "\f";
      default -> letter;
    };
  }

  static String of(String message) {
    StringBuilder text = new StringBuilder("{\"error\":\"");
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        text.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        text.append(c);
      }
    }
    return text.append("\"}").toString();
  }
}
