package io.gracefuldrain.signal;

import static io.gracefuldrain.signal.AppProcess.held;
import static io.gracefuldrain.signal.AppProcess.quick;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real processes, ended by real signals. */
@Timeout(90)
@Execution(ExecutionMode.CONCURRENT)
final class DrainSignalsIT {
  /**
   * Longer than any bound here, also on a loaded machine, and shorter than the hangs of the tests.
   */
  private static final Duration NOT_HUNG = Duration.ofSeconds(15);

  private static final int SIGTERM = 143;
  private static final int SIGINT = 130;
  private static final int SIGHUP = 129;

  @Test
  void sigterm_serving_drainsThenStopsThenRunsShutdownHooks() throws Exception {
    try (AppProcess app = quick().start("stop-a", "stop-main", "stop-b")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"reasons\":[\"SIGTERM\"]", "\"phase\":\"DRAINED\"", "\"compressed\":false");
      // main ended meanwhile: the JVM waits for drain-exit
      assertThat(order(app, "DRAIN-009", "STOP stop-a", "STOP stop-main", "STOP stop-b", "HOOK"))
          .isSorted();
      assertThat(app.lines("STOP stop")).allMatch(line -> line.contains("on drain-exit"));
      assertThat(app.lines("DRAIN-058")).isEmpty(); // the JVM's handler has ended it
      assertThat(app.lines("MAIN ends")).hasSize(1);
    }
  }

  @Test
  void sigterm_again_changesNothing() throws Exception {
    try (AppProcess app = held().start("holds", "stop-a", "hook-waits")) {
      app.signal("TERM");
      app.awaitLine("DRAIN-052");
      app.signal("TERM");
      app.awaitLine("DRAIN-053 Another SIGTERM changes nothing");
      app.signal("TERM");
      app.command("phase");
      assertThat(app.lines("PHASE DRAINED")).isEmpty();
      app.send("go");
      app.awaitLine("HOOK");
      app.signal("TERM");
      app.send("end-hook");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts()).hasSize(1);
      assertThat(app.receipts().get(0)).contains("\"epoch\":1,", "\"compressed\":false");
      assertThat(app.lines("STOP stop")).hasSize(1);
      assertThat(app.lines("DRAIN-053")).hasSize(1);
    }
  }

  @Test
  void sigterm_manualDrain_joinsIt() throws Exception {
    try (AppProcess app = held().start("holds", "stop-a")) {
      app.command("drain");
      app.signal("TERM");
      app.awaitLine("DRAIN-011");
      app.send("go");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"epoch\":1,", "\"reasons\":[\"MANUAL\",\"SIGTERM\"]");
    }
  }

  @Test
  void sigterm_finishedPreStop_stopsWithoutAnotherDrain() throws Exception {
    try (AppProcess app = quick().start("stop-a")) {
      app.command("prestop");
      app.awaitLine("PRESTOP done");
      app.command("prestop-close");
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"epoch\":1,", "\"reasons\":[\"PRE_STOP\"]");
      assertThat(app.lines("DRAIN-052"))
          .singleElement()
          .asString()
          .endsWith("DRAIN-052 SIGTERM: a is drained already");
      assertThat(app.lines("STOP stop")).singleElement().asString().contains("[PRE_STOP, SIGTERM]");
    }
  }

  @Test
  void sigterm_openPreStop_drainsAndStopsInTwoSeconds() throws Exception {
    try (AppProcess app =
        quick()
            .with("DRAIN_READINESS_DELAY_MAX=20s", "DRAIN_STOP_MARGIN=6s")
            .start("stop-a", "stop-hangs")) {
      app.command("prestop");
      long sent = app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      // less than 2 s; the rest is for kill and for machines that are busy
      assertThat(since(sent)).isLessThan(NOT_HUNG);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"reasons\":[\"PRE_STOP\",\"SIGTERM\"]", "\"compressed\":true");
      assertThat(app.lines("STOP stop")).hasSize(2);
    }
  }

  @Test
  void sigterm_afterHookReset_drainsAnew() throws Exception {
    try (AppProcess app = quick().with("DRAIN_HOOK_RESET=1s").start("stop-a")) {
      app.command("prestop");
      app.awaitLine("PRESTOP done");
      app.command("prestop-close");
      app.awaitLine("DRAIN-013");
      app.command("phase");
      app.awaitLine("PHASE SERVING");
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts().get(app.receipts().size() - 1))
          .contains("\"epoch\":2,", "\"reasons\":[\"SIGTERM\"]");
    }
  }

  @Test
  void sigint_againASecondLater_forces() throws Exception {
    try (AppProcess app = quick().with("DRAIN_READINESS_DELAY_MAX=20s").start("stop-a")) {
      long first = app.signal("INT");
      app.awaitLine("DRAIN-052 SIGINT");
      app.signalUntil("INT", "DRAIN-054");

      assertThat(since(first)).isGreaterThan(Duration.ofSeconds(1));
      assertThat(app.awaitExit()).isEqualTo(SIGINT);
      assertThat(since(first)).isLessThan(Duration.ofSeconds(20)); // it was forced, not drained
      // None if the machine is so busy that the second signal comes more than a second later.
      assertThat(app.lines("DRAIN-053 Another SIGINT")).hasSizeLessThanOrEqualTo(1);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"reasons\":[\"SIGINT\"]", "\"compressed\":true");
      assertThat(order(app, "DRAIN-009", "STOP stop-a", "HOOK")).isSorted();
    }
  }

  @Test
  void sigint_againWhileStopHangs_haltsSoon() throws Exception {
    try (AppProcess app = quick().with("DRAIN_STOP_MARGIN=20s").start("stop-hangs")) {
      app.signal("INT");
      app.awaitLine("STOP stop-hangs");
      app.signalUntil("INT", "DRAIN-054");
      long forced = System.nanoTime();

      assertThat(app.awaitExit()).isEqualTo(SIGINT);
      assertThat(since(forced)).isLessThan(NOT_HUNG);
    }
  }

  @Test
  void sigint_thenSigterm_joinsAndExitsAsTheFirst() throws Exception {
    try (AppProcess app = held().start("holds", "stop-a")) {
      app.signal("INT");
      app.awaitLine("DRAIN-052 SIGINT");
      app.signal("TERM");
      app.awaitLine("DRAIN-011");
      app.send("go");

      assertThat(app.awaitExit()).isEqualTo(SIGINT);
      assertThat(app.lines("DRAIN-053 SIGTERM joins")).hasSize(1);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"reasons\":[\"SIGINT\",\"SIGTERM\"]");
      assertThat(app.lines("STOP stop")).hasSize(1);
    }
  }

  @Test
  void sigterm_thenSigint_joinsAndExitsAsTheFirst() throws Exception {
    try (AppProcess app = held().start("holds", "stop-a")) {
      app.signal("TERM");
      app.awaitLine("DRAIN-052 SIGTERM");
      app.signal("INT");
      app.awaitLine("DRAIN-011");
      app.send("go");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.lines("DRAIN-053 SIGINT joins")).hasSize(1);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"reasons\":[\"SIGTERM\",\"SIGINT\"]", "\"compressed\":false");
    }
  }

  @Test
  void watchdog_stopHangs_haltsAtTheEndOfTheGracePeriod() throws Exception {
    try (AppProcess app = graceOfFiveSeconds().start("stop-hangs", "stop-b")) {
      long sent = app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(since(sent)).isBetween(Duration.ofSeconds(4), NOT_HUNG);
      assertThat(app.lines("STOP stop")).hasSize(1);
      // it says where, and runs no shutdown hooks
      assertThat(app.lines("DRAIN-059"))
          .singleElement()
          .asString()
          .contains("drain-exit is at", "SignalApp.hang");
      assertThat(app.lines("HOOK")).isEmpty();
    }
  }

  private static AppProcess.Builder graceOfFiveSeconds() {
    return quick().with("DRAIN_SETTLE_GRACE=1s", "DRAIN_STOP_MARGIN=2s", "DRAIN_GRACE_PERIOD=5s");
  }

  @Test
  void stop_longerThanTheMargin_hasWhatIsLeftOfTheGracePeriod() throws Exception {
    try (AppProcess app = quick().with("DRAIN_STOP_MARGIN=1s").start("stop-1s", "stop-b")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(order(app, "STOPPED stop-1s", "STOP stop-b", "HOOK")).isSorted();
      assertThat(app.lines("DRAIN-059")).isEmpty();
    }
  }

  @Test
  void watchdog_shutdownHookHangs_haltsAtTheEndOfTheGracePeriod() throws Exception {
    try (AppProcess app = graceOfFiveSeconds().start("stop-a", "hook-hangs")) {
      long sent = app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(since(sent)).isBetween(Duration.ofSeconds(4), NOT_HUNG);
      assertThat(app.lines("HOOK")).hasSize(1);
      assertThat(app.lines("DRAIN-059")).hasSize(1);
    }
  }

  @Test
  void sigterm_receiptHangs_stopsAndExits() throws Exception {
    try (AppProcess app =
        quick().with("DRAIN_SETTLE_GRACE=100ms").start("receipt-hangs", "stop-a")) {
      long sent = app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      // 2 s at most, and nobody stops for long
      assertThat(since(sent)).isLessThan(NOT_HUNG);
      assertThat(order(app, "STOP stop-a", "HOOK")).isSorted();
      assertThat(app.receipts()).isEmpty();
    }
  }

  @Test
  void sigterm_coordinatorClosed_stopsAndExits() throws Exception {
    try (AppProcess app = quick().start("stop-a")) {
      app.command("close-coordinator");
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.lines("DRAIN-055")).singleElement().asString().contains("Pod a");
      assertThat(app.lines("the coordinator is closed")).isNotEmpty();
      assertThat(order(app, "DRAIN-055", "STOP stop-a", "HOOK")).isSorted();
    }
  }

  @Test
  void stops_oneFails_theNextIsRun() throws Exception {
    try (AppProcess app = quick().start("stop-throws", "stop-fails", "stop-b", "stop-exits")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(3); // a stop that exits is taken at its word
      assertThat(app.lines("DRAIN-056"))
          .containsExactly(
              "WARN DRAIN-056 Stop 1 of 4 of pod a failed",
              "WARN DRAIN-056 Stop 2 of 4 of pod a failed");
      assertThat(order(app, "stop-throws", "stop-fails", "stop-b", "HOOK")).isSorted();
    }
  }

  @Test
  void close_whileEnding_keepsTheSignals() throws Exception {
    try (AppProcess app =
        quick().with("DRAIN_STOP_MARGIN=20s").start("stop-closes", "stop-waits", "stop-b")) {
      app.signal("TERM");
      app.awaitLine("STOP stop-waits");
      app.signal("TERM");
      app.awaitLine("DRAIN-053 Another SIGTERM");
      app.send("go");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(order(app, "DRAIN-053", "STOP stop-b", "HOOK")).isSorted();
    }
  }

  @Test
  void sigterm_logThrows_drainsStopsAndLeavesAllTheSame() throws Exception {
    try (AppProcess app = quick().start("log-throws", "own-returns", "stop-throws", "stop-b")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(order(app, "DRAIN-009", "STOP stop-b", "OWN SIGTERM", "HOOK")).isSorted();
      assertThat(app.lines("DRAIN-052 SIGTERM: draining a"))
          .singleElement()
          .asString()
          .contains("could not be logged: java.lang.IllegalStateException: the disk is full");
      assertThat(app.lines("DRAIN-059")).isEmpty();
    }
  }

  @Test
  void close_last_givesTheSignalBackToTheJvm() throws Exception {
    try (AppProcess app = quick().start("stop-a")) {
      app.command("close-first");
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.lines()).contains("HOOK").noneMatch(line -> line.contains("DRAIN-052"));
      assertThat(app.lines("STOP stop")).isEmpty();
    }
  }

  @Test
  void close_takenBySomebodySince_leavesItThere() throws Exception {
    try (AppProcess app = quick().start("stop-a")) {
      app.command("take");
      app.command("close-first");
      app.awaitLine("DRAIN-051 SIGTERM is not given back");
      app.signal("TERM");

      // theirs, which passes it on to ours, which passes it on to the JVM's
      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.lines("OWN SIGTERM")).hasSize(1);
      assertThat(order(app, "OWN SIGTERM", "HOOK")).isSorted();
      assertThat(app.lines("STOP stop")).isEmpty();
    }
  }

  @Test
  void install_againAfterClose_drainsOnceUnderAHandlerOfSomebodyElse() throws Exception {
    try (AppProcess app = quick().start("stop-a")) {
      app.command("install-again");
      assertThat(app.awaitLine("REFUSED"))
          .isEqualTo(
              "REFUSED install: the coordinator of pod a is installed already (expected: once,"
                  + " until closed)");
      app.command("take");
      app.command("close-first");
      app.command("install-again");
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts()).hasSize(1);
      assertThat(app.lines("OWN SIGTERM")).hasSize(1);
      assertThat(order(app, "DRAIN-009", "STOP of the second", "OWN SIGTERM", "HOOK")).isSorted();
      assertThat(app.lines("DRAIN-058")).isEmpty(); // the JVM's handler has ended it
    }
  }

  @Test
  void previousHandler_exits_exitsAsItSays() throws Exception {
    try (AppProcess app = quick().start("own-exits", "stop-a")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(9);
      assertThat(order(app, "DRAIN-009", "STOP stop-a", "OWN SIGTERM", "HOOK")).isSorted();
    }
  }

  @Test
  void previousHandler_returns_exitsAllTheSame() throws Exception {
    try (AppProcess app = quick().start("own-returns", "stop-a")) {
      app.signal("INT");

      assertThat(app.awaitExit()).isEqualTo(SIGINT);
      assertThat(order(app, "DRAIN-009", "STOP stop-a", "OWN SIGINT", "HOOK")).isSorted();
      assertThat(app.lines("DRAIN-058")).singleElement().asString().contains("it has returned");
    }
  }

  @Test
  void previousHandler_throws_exitsAllTheSame() throws Exception {
    try (AppProcess app = quick().start("own-throws", "stop-a")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(order(app, "OWN SIGTERM", "cannot handle", "HOOK")).isSorted();
    }
  }

  @Test
  void install_sigintIgnoredByParent_takesSigtermAlone() throws Exception {
    try (AppProcess app = quick().ignoring("INT").start("stop-a")) {
      assertThat(app.lines("DRAIN-051"))
          .containsExactly(
              "INFO DRAIN-051 SIGINT cannot be taken: SIGINT is ignored by this process");
      app.signal("INT");
      app.command("phase");
      app.awaitLine("PHASE SERVING");
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts()).singleElement().asString().contains("\"reasons\":[\"SIGTERM\"]");
    }
  }

  @Test
  void install_sigtermIgnoredByParent_takesTheOthers() throws Exception {
    try (AppProcess app = quick().ignoring("TERM").start("stop-a")) {
      assertThat(app.lines("DRAIN-051"))
          .singleElement()
          .asString()
          .contains("SIGTERM is ignored by this process");
      app.signal("INT");

      assertThat(app.awaitExit()).isEqualTo(SIGINT);
      assertThat(app.receipts()).singleElement().asString().contains("\"reasons\":[\"SIGINT\"]");
      assertThat(order(app, "DRAIN-009", "STOP stop-a")).isSorted();
    }
  }

  @Test
  void install_xrs_drainsInAShutdownHook() throws Exception {
    try (AppProcess app = quick().jvm("-Xrs").start("stop-a", "stop-throws", "stop-b")) {
      assertThat(app.lines("DRAIN-051"))
          .singleElement()
          .asString()
          .contains(
              "Signal already used by VM or OS: SIGTERM", "shutdown hook drains pod a instead");
      app.send("exit");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(app.receipts()).singleElement().asString().contains("\"reasons\":[\"SHUTDOWN\"]");
      assertThat(order(app, "DRAIN-009", "STOP stop-a", "DRAIN-056", "STOP stop-b")).isSorted();
    }
  }

  @Test
  void install_noSignalClass_drainsInAShutdownHook() throws Exception {
    try (AppProcess app =
        quick().jvm("--limit-modules=java.base,java.xml,java.naming").start("stop-a")) {
      assertThat(app.lines("DRAIN-051"))
          .singleElement()
          .asString()
          .contains("this JVM has no sun.misc.Signal");
      app.signal("TERM"); // the JVM's own way, which runs shutdown hooks

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts()).singleElement().asString().contains("\"reasons\":[\"SHUTDOWN\"]");
      assertThat(order(app, "DRAIN-009", "STOP stop-a")).isSorted();
    }
  }

  @Test
  void shutdownHook_stopHangs_isLeftBehind() throws Exception {
    try (AppProcess app = graceOfFiveSeconds().jvm("-Xrs").start("stop-hangs", "stop-b")) {
      long sent = System.nanoTime();
      app.send("exit");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(since(sent)).isBetween(Duration.ofSeconds(4), NOT_HUNG);
      assertThat(app.lines("STOP stop")).hasSize(1);
      assertThat(app.lines("DRAIN-059")).hasSize(1);
    }
  }

  @Test
  void shutdownHook_closed_doesNothing() throws Exception {
    try (AppProcess app = quick().jvm("-Xrs").start("stop-a")) {
      app.command("close-first");
      app.send("exit");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(app.lines()).contains("HOOK");
      assertThat(app.receipts()).isEmpty();
      assertThat(app.lines("STOP stop")).isEmpty();
    }
  }

  @Test
  void sighup_serving_drainsThenStops() throws Exception {
    try (AppProcess app = quick().start("stop-a")) {
      app.signal("HUP");

      assertThat(app.awaitExit()).isEqualTo(SIGHUP);
      assertThat(app.receipts()).singleElement().asString().contains("\"reasons\":[\"SIGHUP\"]");
      assertThat(order(app, "DRAIN-009", "STOP stop-a", "HOOK")).isSorted();
    }
  }

  @Test
  void exit_serving_drainsAndKeepsItsCode() throws Exception {
    try (AppProcess app = quick().start("stop-a", "stop-b")) {
      app.send("exit");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(app.receipts()).singleElement().asString().contains("\"reasons\":[\"SHUTDOWN\"]");
      assertThat(order(app, "DRAIN-052 Exit", "DRAIN-009", "STOP stop-a", "STOP stop-b"))
          .isSorted();
    }
  }

  @Test
  void exit_beforeTheStart_drainsNothing() throws Exception {
    try (AppProcess app = quick().start("not-started", "stop-a")) {
      app.send("exit");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(app.receipts()).isEmpty();
      assertThat(app.lines("STOP stop")).isEmpty();
    }
  }

  @Test
  void exit_whileASignalDrains_waitsForItAndKeepsItsCode() throws Exception {
    try (AppProcess app = held().start("holds", "stop-a")) {
      app.signal("TERM");
      app.awaitLine("DRAIN-052 SIGTERM");
      app.send("exit");
      app.awaitLine("HOOK");
      app.send("go");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(app.receipts()).singleElement().asString().contains("\"reasons\":[\"SIGTERM\"]");
      assertThat(app.lines("STOP stop")).hasSize(1);
      assertThat(order(app, "DRAIN-009", "STOP stop-a")).isSorted();
    }
  }

  @Test
  void exit_joinedBySigterm_drainsOnceAndKeepsItsCode() throws Exception {
    try (AppProcess app = held().start("holds", "stop-a")) {
      app.send("exit");
      app.awaitLine("DRAIN-052 Exit");
      app.signal("TERM");
      app.awaitLine("DRAIN-011");
      app.send("go");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(app.receipts())
          .singleElement()
          .asString()
          .contains("\"reasons\":[\"SHUTDOWN\",\"SIGTERM\"]");
      assertThat(app.lines("STOP stop")).hasSize(1);
    }
  }

  @Test
  void mainEnds_withNoOtherThread_drains() throws Exception {
    try (AppProcess app = quick().start("stop-a")) {
      app.send("end-main");

      assertThat(app.awaitExit()).isZero();
      assertThat(order(app, "MAIN ends", "DRAIN-052 Exit", "DRAIN-009", "STOP stop-a")).isSorted();
    }
  }

  @Test
  void exit_inWork_doesNotWaitForThatWork() throws Exception {
    try (AppProcess app =
        held().with("DRAIN_SETTLE_GRACE=10m").with("DRAIN_GRACE_PERIOD=20m").start("stop-a")) {
      app.send("exit-in-work");

      assertThat(app.awaitExit()).isEqualTo(7);
      assertThat(app.receipts()).singleElement().asString().contains("\"workAbandoned\":0,");
      assertThat(app.lines("STOP stop-a")).hasSize(1);
    }
  }

  @Test
  void shutDown_inWork_doesNotWaitForThatWork() throws Exception {
    try (AppProcess app =
        held().with("DRAIN_SETTLE_GRACE=10m").with("DRAIN_GRACE_PERIOD=20m").start("stop-a")) {
      app.command("shut-down-in-work");

      assertThat(app.receipts()).singleElement().asString().contains("\"workAbandoned\":0,");
    }
  }

  @Test
  void sigterm_withoutStops_doesNotSayThatSomethingHasStopped() throws Exception {
    try (AppProcess app = quick().start()) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.lines("DRAIN-057"))
          .singleElement()
          .asString()
          .endsWith("DRAIN-057 SIGTERM: drained; calling the handler before ours");
    }
  }

  @Test
  void shutDown_ofAContext_drainsAndStopsAndLeavesTheProcess() throws Exception {
    try (AppProcess app = quick().start("stop-shuts-down", "stop-a")) {
      app.command("shut-down");
      assertThat(order(app, "DRAIN-052 Shutdown", "DRAIN-009", "STOP stop-a", "OBEYED shut-down"))
          .isSorted();
      app.signal("TERM"); // the JVM's own way

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts()).hasSize(1);
      assertThat(app.lines("STOP stop")).hasSize(2);
    }
  }

  @Test
  void shutDown_joinedBySigterm_leavesAsTheSignalSays() throws Exception {
    try (AppProcess app = held().start("holds", "stop-a")) {
      app.send("shut-down");
      app.awaitLine("DRAIN-052 Shutdown");
      app.signal("TERM");
      app.awaitLine("DRAIN-011");
      app.send("go");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.lines("STOP stop")).hasSize(1);
    }
  }

  @Test
  void sigterm_twoCopiesInOneJvm_drainAndStopBoth() throws Exception {
    try (AppProcess app = quick().start("copy", "stop-a", "stop-1s")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(SIGTERM);
      assertThat(app.receipts()).hasSize(2);
      assertThat(app.lines("STOP stop-1s of a")).hasSize(1);
      assertThat(app.lines("STOP stop-1s of copy")).hasSize(1);
      assertThat(app.lines("STOPPED stop-1s")).hasSize(2);
      // at the same time, not one after the other
      assertThat(order(app, "DRAIN-052 SIGTERM: draining copy", "STOP stop-a of a")).isSorted();
      assertThat(order(app, "DRAIN-052 SIGTERM: draining a", "STOP stop-a of copy")).isSorted();
      assertThat(app.lines("DRAIN-059")).isEmpty();
    }
  }

  @Test
  void previousHandler_worksOnAnotherThread_hasTimeForIt() throws Exception {
    try (AppProcess app = quick().with("DRAIN_STOP_MARGIN=20s").start("own-later", "stop-a")) {
      app.signal("TERM");

      assertThat(app.awaitExit()).isEqualTo(5); // as it says
      assertThat(order(app, "STOP stop-a", "OWN SIGTERM", "OWN is done", "HOOK")).isSorted();
      assertThat(app.lines("DRAIN-058")).isEmpty();
    }
  }

  /** The positions in its output of the first line with each of these. */
  private static List<Integer> order(AppProcess app, String... parts) {
    List<String> lines = app.lines();
    return List.of(parts).stream()
        .map(
            part -> {
              List<String> matching = app.lines(part);
              assertThat(matching).as("lines with '%s' of %s", part, lines).isNotEmpty();
              return lines.indexOf(matching.get(0));
            })
        .toList();
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
