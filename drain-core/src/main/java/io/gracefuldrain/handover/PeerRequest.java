package io.gracefuldrain.handover;

import io.gracefuldrain.HandOverRefusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request of one pod to another: a method, a path and headers, and no body. Its mark shows that
 * the pod has a key.
 *
 * @param path the path of the endpoint, without what is before it
 * @param token names the session
 * @param request the name of the request, the same when it is repeated
 * @param question what the asking pod knows of the client, in base64url; of a prepare alone
 * @param pod the name of the asking pod
 * @param time when it was sent, in milliseconds of the epoch
 * @param nonce is in no other request, so that none has the mark of another
 */
record PeerRequest(
    String path,
    String token,
    String request,
    String question,
    String pod,
    String time,
    String nonce) {
  static final String PREPARE = "/handover/prepare";
  static final String TAKE = "/handover/take";
  static final String DONE = "/handover/done";

  /** The header of the mark, of a request and of an answer. */
  static final String MARK = "Drain-Mac";

  /** The longest question, in base64url. */
  static final int LONGEST_QUESTION = 4096;

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]*");
  private static final Pattern TIME = Pattern.compile("\\d{1,15}");
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_POD = 1024;

  /** The text that is marked. */
  String text() {
    return String.join("\n", "POST", path, token, request, question, encoded(pod), time, nonce);
  }

  /** The text that the answer's mark is for: another request's answer has another mark. */
  static String answered(String mark, String body) {
    return String.join("\n", "200", mark, body);
  }

  /**
   * A refusal that says something of the client, for which it is marked as an answer is: whoever
   * has the address by now must not be able to say so.
   */
  static boolean marked(String reason) {
    return reason.equals(HandOverRefusal.THROWN_OUT);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  Map<String, String> headers(String mark) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Drain-Token", token);
    headers.put("Drain-Request", request);
    if (!question.isEmpty()) {
      headers.put("Drain-Question", question);
    }
    headers.put("Drain-Pod", encoded(pod));
    headers.put("Drain-Time", time);
    headers.put("Drain-Nonce", nonce);
    headers.put(MARK, mark);
    return headers;
  }

  static String mark(Function<String, @Nullable String> header) {
    return header(header, MARK, LONGEST_NAME, WORD);
  }

  /**
   * Reads a request from its headers.
   *
   * @throws IllegalArgumentException if one is missing, too long or malformed
   */
  static PeerRequest read(String path, Function<String, @Nullable String> header) {
    String pod = header(header, "Drain-Pod", LONGEST_POD, WORD);
    return new PeerRequest(
        path,
        header(header, "Drain-Token", TokenKeys.LONGEST, WORD),
        header(header, "Drain-Request", LONGEST_NAME, WORD),
        header.apply("Drain-Question") == null
            ? ""
            : header(header, "Drain-Question", LONGEST_QUESTION, WORD),
        new String(Base64.getUrlDecoder().decode(pod), StandardCharsets.UTF_8),
        header(header, "Drain-Time", LONGEST_NAME, TIME),
        header(header, "Drain-Nonce", LONGEST_NAME, WORD));
  }

  private static String header(
      Function<String, @Nullable String> header, String name, int longest, Pattern form) {
    String value = header.apply(name);
    if (value == null || value.length() > longest || !form.matcher(value).matches()) {
      throw new IllegalArgumentException(
          name
              + ": "
              + (value == null ? "none" : value.length() > longest ? "too long" : "malformed")
              + " (expected: as another pod sends it)");
    }
    return value;
  }
}
