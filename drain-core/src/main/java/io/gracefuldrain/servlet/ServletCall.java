package io.gracefuldrain.servlet;

import io.gracefuldrain.http.Answer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of a servlet container, answered once by the thread that comes first. Thread-safe.
 *
 * <p>{@code HttpCall} finds out in the same way whether a client is still there. A change of {@link
 * #stillThere} here is due there too. The two share no code, since a common class would have to be
 * public.
 */
final class ServletCall implements AsyncListener {
  // A first write to a client that is gone succeeds and provokes a reset; the second one meets it.
  private static final long BETWEEN_WRITES_MILLIS = 5;
  private static final Logger LOG = LoggerFactory.getLogger(ServletCall.class);

  private final HttpServletResponse response;
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock.
  private @Nullable AsyncContext async;
  private @Nullable CompletableFuture<Answer> waiting;
  private boolean begun;
  private boolean over;

  ServletCall(HttpServletResponse response) {
    this.response = response;
  }

  /** Handles the request, and answers it at once or when its answer is there. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
  void serve(HttpServletRequest request, Supplier<CompletableFuture<Answer>> handler) {
    CompletableFuture<Answer> answer;
    lock.lock(); // SIGTERM may ask for the client before the request is asynchronous
    try {
      answer = handler.get();
      if (!answer.isDone()) {
        async = request.startAsync();
        async.setTimeout(0); // the answer has a bound of its own
        async.addListener(this);
        waiting = answer;
      }
    } finally {
      lock.unlock();
    }
    answer.whenComplete(
        (given, gone) -> {
          if (given != null) {
            answer(given);
          }
        });
  }

  /**
   * Whether the client can still be reached. Containers do not watch a connection during a request.
   * So the answer begins with white space, which a hook's caller ignores.
   */
  boolean stillThere() {
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
        LOG.info("DRAIN-044 the connection of a waiting hook is broken: {}", e.toString());
        gone = waiting;
        end();
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
      begun = true;
      response.setStatus(200);
      response.setHeader("Cache-Control", "no-store");
      response.setContentType("application/json");
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

  private void writeNewline() throws IOException {
    response.getOutputStream().write('\n');
    response.flushBuffer();
  }

  /** Writes the answer and ends the request; the second time, nothing. */
  void answer(Answer answer) {
    lock.lock();
    try {
      if (!over) {
        write(answer);
      }
    } catch (IOException e) {
      LOG.debug("DRAIN-044 a request was not answered: {}", e.toString());
    } finally {
      end();
      lock.unlock();
    }
  }

  private void write(Answer answer) throws IOException {
    byte[] body = answer.bytes();
    if (!begun) {
      begun = true;
      response.setStatus(answer.status());
      answer.headers().forEach(response::setHeader);
      response.setContentType(answer.contentType());
      response.setContentLength(body.length);
      // Late answers are written by threads that must not wait for a client: all of it must fit
      // in the buffer.
      response.setBufferSize(Math.max(response.getBufferSize(), body.length + 1));
    }
    response.getOutputStream().write(body);
  }

  private void end() {
    if (!over && async != null) {
      try {
        async.complete();
      } catch (IllegalStateException e) {
        LOG.debug("DRAIN-044 the container has ended the request: {}", e.toString());
      }
    }
    over = true;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    leave();
  }

  @Override
  public void onError(AsyncEvent event) {
    leave();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    leave();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }

  /** The container has ended the request, with or without our word. */
  private void leave() {
    CompletableFuture<Answer> gone;
    lock.lock();
    try {
      over = true;
      gone = waiting;
    } finally {
      lock.unlock();
    }
    if (gone != null) {
      gone.cancel(false);
    }
  }
}
