package io.gracefuldrain;

import java.util.HexFormat;

/** What a person says of a drain; it stands in open reports and on lines of logs. */
final class Note {
  private static final int LONGEST = 200;
  private static final String EXPECTED = " (expected: 1 to " + LONGEST + " visible characters)";

  private Note() {}

  /**
   * The text, if it can be a note.
   *
   * @throws IllegalArgumentException if it is blank or too long, or has a character that cannot be
   *     seen
   */
  static String checked(String text) {
    int length = text.codePointCount(0, text.length());
    if (length > LONGEST || text.isBlank()) {
      throw new IllegalArgumentException("note: " + length + " characters" + EXPECTED);
    }
    text.codePoints()
        .filter(character -> !visible(character))
        .findFirst()
        .ifPresent(
            hidden -> {
              throw new IllegalArgumentException(
                  "note: "
                      + length
                      + " characters, with U+"
                      + hex(hidden)
                      + " among them"
                      + EXPECTED);
            });
    return text;
  }

  private static String hex(int character) {
    HexFormat hex = HexFormat.of().withUpperCase();
    return Character.isBmpCodePoint(character)
        ? hex.toHexDigits((char) character)
        : hex.toHexDigits(character, 6);
  }

  /** A space counts as visible. Formats do not: some turn the text around. */
  private static boolean visible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
