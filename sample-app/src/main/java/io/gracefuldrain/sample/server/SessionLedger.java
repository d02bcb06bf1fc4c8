package io.gracefuldrain.sample.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gracefuldrain.Outcome;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A record of the messages given to each session. It is one line of JSON for each session that has
 * ended, for a comparison with the client's own record. A session that ends in a drain is written
 * when its outcome is known, any other session at its end, without an outcome. Thread-safe.
 */
final class SessionLedger {
  /**
   * One line.
   *
   * @param ledger {@code session}, which marks these lines among others
   * @param sid the Engine.IO session id
   * @param transport its last transport: {@code websocket} or {@code polling}
   * @param outcome its outcome in a drain, or null
   * @param sent how many messages of the feed it was given
   * @param lastSent the number of the last of them, or null
   * @param up how many of the client's numbers were handled
   * @param orders how many of the client's orders were begun, or refused
   * @param kept how many messages of the feed were sent after it had been let go
   * @param posts the client's numbers that want no answer
   * @param enteredMs when it came, in milliseconds since the epoch
   * @param leftMs when it ended, or when the process stopped
   */
  record Line(
      String ledger,
      String pod,
      String generation,
      String sid,
      String transport,
      @Nullable Outcome outcome,
      long sent,
      @Nullable Long lastSent,
      long up,
      long orders,
      long kept,
      PostCount.Posts posts,
      long enteredMs,
      long leftMs) {}

  private static final class Entry {
    final Member member;
    final long enteredMs = System.currentTimeMillis();
    @Nullable Outcome outcome;
    Member.@Nullable Given given;
    long leftMs;

    Entry(Member member) {
      this.member = member;
    }

    void leave(Member.Given all) {
      given = all;
      leftMs = System.currentTimeMillis();
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Events.Pod pod;
  private final BooleanSupplier outcomesToCome;
  private final Consumer<String> out;
  // Sessions that are here, and those whose outcome is not known yet. Guarded by its own lock.
  private final Map<String, Entry> entries = new HashMap<>();

  /**
   * @param outcomesToCome whether {@link #ended} will be called for a session that leaves now
   * @param out takes each line; called by any thread
   */
  SessionLedger(Events.Pod pod, BooleanSupplier outcomesToCome, Consumer<String> out) {
    this.pod = pod;
    this.outcomesToCome = outcomesToCome;
    this.out = out;
  }

  void entered(Member member) {
    synchronized (entries) {
      entries.put(member.id().toString(), new Entry(member));
    }
  }

  /** A session has ended. */
  void left(Member member) {
    boolean outcomeToCome = outcomesToCome.getAsBoolean();
    String sid = member.id().toString();
    Member.Given given = member.given();
    Entry entry;
    synchronized (entries) {
      entry = entries.get(sid);
      if (entry == null) {
        return;
      }
      entry.leave(given);
      if (outcomeToCome && entry.outcome == null) {
        return;
      }
      entries.remove(sid);
    }
    write(entry);
  }

  /** The outcome of a session is known, before or after its end. */
  void ended(String sid, Outcome outcome) {
    Entry entry;
    synchronized (entries) {
      entry = entries.get(sid);
      if (entry == null || outcome == Outcome.KEPT) { // a kept session goes on
        return;
      }
      entry.outcome = outcome;
      if (entry.given == null) {
        return;
      }
      entries.remove(sid);
    }
    write(entry);
  }

  /** The process stops: writes a line for each session that is still here. */
  void close() {
    List<Entry> left;
    synchronized (entries) {
      left = List.copyOf(entries.values());
      entries.clear();
    }
    for (Entry entry : left) {
      if (entry.given == null) {
        entry.leave(entry.member.given());
      }
      write(entry);
    }
  }

  private void write(Entry entry) {
    Member.Given given = Objects.requireNonNull(entry.given, "given");
    Line line =
        new Line(
            "session",
            pod.name(),
            pod.generation(),
            entry.member.id().toString(),
            entry.member.transport(),
            entry.outcome,
            given.sent(),
            given.lastSent(),
            given.up(),
            given.orders(),
            given.kept(),
            given.posts(),
            entry.enteredMs,
            entry.leftMs);
    try {
      out.accept(JSON.writeValueAsString(line));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // a record of texts and numbers
    }
  }
}
