package io.gracefuldrain.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of the JDK's server, answered once by the thread that comes first. Thread-safe.
 *
 * <p>{@code ServletCall} finds out in the same way whether a client is still there. A change of
 * {@link #stillThere} here is due there too. The two share no code, since a common class would have
 * to be public.
 */
final class HttpCall {
  // A first write to a client that is gone succeeds and provokes a reset; the second one meets it.
  private static final long BETWEEN_WRITES_MILLIS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(HttpCall.class);

  private final HttpExchange exchange;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private @Nullable CompletableFuture<Answer> waiting;
  private boolean begun;
  // Written under the lock; read before it, so that no thread waits for an answer being written.
  private volatile boolean over;

  HttpCall(HttpExchange exchange) {
    this.exchange = exchange;
  }

  /** The answer to this call; cancelled when the client is gone. */
  void awaits(CompletableFuture<Answer> answer) {
    boolean gone;
    lock.lock();
    try {
      waiting = answer;
      gone = over;
    } finally {
      lock.unlock();
    }
    if (gone) {
      answer.cancel(false);
    }
  }

  /** Whether it has been answered, or its client is gone. */
  boolean over() {
    return over;
  }

  /** Answers at once instead of later. */
  void awaitsNoMore(Answer instead) {
    CompletableFuture<Answer> answer;
    lock.lock();
    try {
      answer = waiting;
    } finally {
      lock.unlock();
    }
    if (answer != null) {
      answer.complete(instead);
    }
  }

  /**
   * Whether the client can still be reached. The JDK's server does not watch a connection during a
   * request. So the answer begins with white space, which a hook's caller ignores.
   */
  boolean stillThere() {
    if (over) {
      return false;
    }
    CompletableFuture<Answer> gone;
    lock.lock();
    try {
      if (over) {
        return false;
      }
      try {
        knock();
        return true;
      } catch (IOException e) {
        LOG.info(
            "DRAIN-044 the connection of {} is broken: {}", exchange.getRequestURI(), e.toString());
        over = true;
        exchange.close();
        gone = waiting;
      }
    } finally {
      lock.unlock();
    }
    if (gone != null) {
      gone.cancel(false);
    }
    return false;
  }

  private void knock() throws IOException {
    if (!begun) {
      begin(Map.of("Cache-Control", "no-store"), "application/json");
      exchange.sendResponseHeaders(200, 0); // chunked
    }
    writeNewline();
    try {
      Thread.sleep(BETWEEN_WRITES_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // no time for a second look
    }
    writeNewline();
  }

  private void begin(Map<String, String> headers, String contentType) {
    begun = true;
    Headers response = exchange.getResponseHeaders();
    headers.forEach(response::set);
    response.set("Content-Type", contentType);
    // The JDK's server sends head and body separately. On a connection that stays, the body would
    // wait
    // 40 ms for the client's delayed acknowledgement (Nagle); a close sends it.
    response.set("Connection", "close");
  }

  private void writeNewline() throws IOException {
    exchange.getResponseBody().write('\n');
    exchange.getResponseBody().flush();
  }

  /** Writes the answer and ends the exchange; the second time, nothing. May block. */
  void answer(Answer answer) {
    lock.lock();
    try {
      if (over) {
        return;
      }
      over = true;
      write(answer);
    } catch (IOException e) {
      LOG.debug("DRAIN-044 {} was not answered: {}", exchange.getRequestURI(), e.toString());
    } finally {
      exchange.close();
      lock.unlock();
    }
  }

  private void write(Answer answer) throws IOException {
    byte[] body = answer.bytes();
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (!begun) {
      begin(answer.headers(), answer.contentType());
      exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
    }
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
