package io.gracefuldrain.client;

import java.util.concurrent.CompletionException;
import org.json.JSONObject;

/** Failures in words. */
final class Reason {
  private Reason() {}

  /** Whether a socket has ended for this reason because its server ended it. */
  static boolean isByServer(String reason) {
    return reason.equals("io server disconnect");
  }

  /** An exception's message, or a server's own reason. */
  static String of(Object failure) {
    if (failure instanceof CompletionException && ((Throwable) failure).getCause() != null) {
      return of(((Throwable) failure).getCause());
    }
    if (failure instanceof JSONObject) {
      return ((JSONObject) failure).optString("message", failure.toString());
    }
    String message = failure instanceof Throwable ? ((Throwable) failure).getMessage() : null;
    return message == null ? failure.toString() : message;
  }
}
