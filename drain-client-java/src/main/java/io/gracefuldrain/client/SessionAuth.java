package io.gracefuldrain.client;

import io.socket.client.IO;
import io.socket.client.Manager;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * What one connection says in {@code auth} when a namespace is joined: what the application's is in
 * that moment, and the token of the session that this connection had last. With that the pod where
 * it comes back fetches what it has missed. A new connection of a move has none. On the event
 * thread.
 */
final class SessionAuth extends AbstractMap<String, String> {
  static final String FORM = "{token: string}";

  private static final String PID = "pid";

  private final Manager.Options application;
  private @Nullable String token;

  SessionAuth(IO.Options application) {
    this.application = application;
  }

  /** That of a connection's options. */
  static SessionAuth of(IO.Options connection) {
    return (SessionAuth) connection.auth;
  }

  /** A pod has said it. Returns whether it has the form that is expected. */
  boolean told(Object[] args) {
    Object said = args.length > 0 ? args[0] : null;
    Object given = said instanceof JSONObject ? ((JSONObject) said).opt("token") : null;
    if (!(given instanceof String) || ((String) given).isEmpty()) {
      return false;
    }
    token = (String) given;
    return true;
  }

  /** What the application's is in the moment when it is read. */
  Map<String, String> ofApplication() {
    return new AbstractMap<String, String>() {
      @Override
      public Set<Map.Entry<String, String>> entrySet() {
        Map<String, String> latest = application.auth;
        return latest == null ? Collections.emptySet() : latest.entrySet();
      }
    };
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    Map<String, String> all = new LinkedHashMap<>();
    if (token != null) {
      all.put(PID, token);
    }
    all.putAll(ofApplication()); // its own pid wins
    return all.entrySet();
  }
}
