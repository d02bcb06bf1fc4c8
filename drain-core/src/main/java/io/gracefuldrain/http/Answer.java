package io.gracefuldrain.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The answer to a request.
 *
 * @param status the status code
 * @param headers the headers, without the content's type and length
 * @param contentType the content's type
 * @param body the content
 */
public record Answer(int status, Map<String, String> headers, String contentType, String body) {
  /** Copies the map, which may change. */
  public Answer {
    headers = Map.copyOf(headers);
  }

  /** An answer whose body is one line of JSON that names the error. */
  public static Answer error(int status, String message) {
    return json(status, "{\"error\":" + JsonText.quoted(message) + "}");
  }

  /** The same, with a word for programs. */
  static Answer error(int status, String message, String reason) {
    return json(
        status,
        "{\"error\":" + JsonText.quoted(message) + ",\"reason\":" + JsonText.quoted(reason) + "}");
  }

  static Answer json(int status, String line) {
    return of(status, "application/json", line + "\n");
  }

  static Answer text(int status, String line) {
    return of(status, "text/plain; charset=utf-8", line + "\n");
  }

  static Answer of(int status, String contentType, String body) {
    return new Answer(status, Map.of("Cache-Control", "no-store"), contentType, body);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, contentType, body);
  }

  static CompletableFuture<Answer> now(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }

  /** The content in UTF-8. */
  public byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }
}
