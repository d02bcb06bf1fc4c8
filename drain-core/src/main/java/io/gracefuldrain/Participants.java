package io.gracefuldrain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Those that begin to stop at a phase. A drain waits for each by a lease on the pod's gate. Who
 * takes part, and who was asked in this drain, is guarded by the coordinator's lock.
 */
final class Participants {
  private final Clockwork clock;
  private final Journal journal;
  private final Monitor monitor;
  private final Counters counters;
  private final PhaseState state;
  private final StripedGate work;

  // Guarded by the monitor.
  private final List<Participant> all = new ArrayList<>();

  Participants(CoordinatorParts parts) {
    this.clock = parts.clock();
    this.journal = parts.journal();
    this.monitor = parts.monitor();
    this.counters = parts.counters();
    this.state = parts.state();
    this.work = parts.work();
  }

  /** As {@link DrainCoordinator#at}. */
  Registration add(
      DrainPhase phase, String name, Function<Duration, CompletionStage<?>> stop, Runnable undo) {
    if (phase != DrainPhase.UNREADY && phase != DrainPhase.MOVING) {
      throw new IllegalArgumentException("phase: " + phase + " (expected: UNREADY or MOVING)");
    }
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "participant: '" + name + "' (expected: a name on one line)");
    }
    Participant participant = new Participant(phase, name, stop, undo);
    monitor.run(
        () -> {
          state.requireOpen();
          all.add(participant);
          // One that comes late is asked at once.
          if (state.phase().draining() && state.phase().compareTo(phase) >= 0) {
            participant.ask();
          }
        });
    return participant;
  }

  /** The phase has begun; called with the lock. Called again, it asks those not asked yet. */
  void entered(DrainPhase phase) {
    all.forEach(
        participant -> {
          if (participant.phase == phase) {
            participant.ask();
          }
        });
  }

  /** The drain was taken back; called with the lock. */
  void recalled() {
    all.forEach(Participant::takeBack);
  }

  /**
   * One participant. What it was asked may change while it is busy. When it has returned, what it
   * has begun is brought in line with that, so nothing queues up behind one that hangs.
   */
  private final class Participant implements Registration {
    private final DrainPhase phase;
    private final String name;
    private final Function<Duration, CompletionStage<?>> stop;
    private final Runnable undo;

    // Guarded by the monitor.
    private @Nullable Request asked; // what it is to do
    private @Nullable Request begun; // what it has done, or is about to
    private boolean busy; // whether it has a thread

    Participant(
        DrainPhase phase, String name, Function<Duration, CompletionStage<?>> stop, Runnable undo) {
      this.phase = phase;
      this.name = name;
      this.stop = stop;
      this.undo = undo;
    }

    /** The lease is taken now, and not by its thread: no step may find nothing to wait for. */
    void ask() {
      if (asked == null) {
        asked = new Request(this, work.tryBeginOwn(name), state.record());
      }
      wake();
    }

    void takeBack() {
      forget();
      wake();
    }

    private void forget() {
      if (asked != null) {
        asked.release();
        asked = null;
      }
    }

    @Override
    public void close() {
      monitor.run(
          () -> {
            forget();
            begun = null;
            all.remove(this);
          });
    }

    // ---------------------------------------------------------------- its thread

    private void wake() {
      if (!busy && asked != begun) {
        monitor.after(this::start); // first: it may fail, and is then tried again
        busy = true;
      }
    }

    private void start() {
      Thread thread = new Thread(this::run, "drain-participant-" + name);
      thread.setDaemon(true);
      try {
        thread.start();
      } catch (OutOfMemoryError e) { // no thread to be had
        unheard(e);
      }
    }

    /** It cannot be told what it was asked: nobody waits for it, and its next request is tried. */
    private void unheard(Throwable cause) {
      monitor.run(
          () -> {
            busy = false;
            if (asked != null) {
              Request request = asked;
              monitor.after(() -> request.failed(cause));
            } else if (begun != null) {
              Request request = begun;
              monitor.after(() -> request.report(LogCode.UNDO_FAILED, cause));
            }
          });
    }

    private void run() {
      try {
        for (Runnable next = next(); next != null; next = next()) {
          next.run();
        }
      } catch (Throwable e) { // ours, such as short memory: what it runs catches its own
        unheard(e);
      }
    }

    private @Nullable Runnable next() {
      return monitor.get(
          () -> {
            Request former = begun;
            Request wanted = asked;
            if (former != wanted && former != null) {
              begun = null;
              return former::undo;
            }
            if (former != wanted && wanted != null) {
              begun = wanted;
              Duration left = Duration.ofNanos(state.waitLeft(clock.nanos()));
              return () -> wanted.stop(left);
            }
            busy = false;
            return null;
          });
    }
  }

  /** What one participant is asked in one drain. */
  private final class Request {
    private final Participant participant;
    private final @Nullable WorkLease lease;
    private final DrainRecord record;

    Request(Participant participant, @Nullable WorkLease lease, DrainRecord record) {
      this.participant = participant;
      this.lease = lease;
      this.record = record;
    }

    void stop(Duration left) {
      try {
        var unused =
            Objects.requireNonNull(
                    participant.stop.apply(left), "stop: null (expected: a CompletionStage)")
                .whenComplete(
                    (result, failure) -> {
                      if (failure == null) {
                        release();
                      } else {
                        failed(failure);
                      }
                    });
      } catch (Throwable e) { // foreign code: the drain goes on without it
        failed(e);
      }
    }

    void failed(Throwable cause) {
      release();
      report(LogCode.STOP_FAILED, cause);
    }

    void release() {
      if (lease != null) {
        lease.close();
      }
    }

    void undo() {
      try {
        participant.undo.run();
      } catch (Throwable e) { // foreign code
        report(LogCode.UNDO_FAILED, e);
      }
    }

    private void report(LogCode code, Throwable cause) {
      counters.failures.increment();
      monitor.run(record::callFailed);
      journal.warn(
          code.line().put("participant", participant.name).put("phase", participant.phase.name()),
          cause);
    }
  }
}
