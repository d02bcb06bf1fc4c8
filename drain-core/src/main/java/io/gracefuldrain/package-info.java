/**
 * The domain of a graceful drain: phases, tracked connections, work in flight, paced moves and the
 * receipt. It depends on the JDK and SLF4J only.
 *
 * <p><b>You use</b> {@link io.gracefuldrain.DrainCoordinator}, the entry, with a {@link
 * io.gracefuldrain.DrainPolicy}. A {@link io.gracefuldrain.DrainListener} hears what happens, and a
 * {@link io.gracefuldrain.DrainReport} says what happened. Simulations and tests run coordinators
 * in {@link io.gracefuldrain.VirtualTime}.
 *
 * <p><b>Adapters implement</b> {@link io.gracefuldrain.DrainableConnection}. For each one that they
 * register they get a {@link io.gracefuldrain.ConnectionHandle}.
 *
 * <p><b>Inside</b> there are three groups. Rules change state and use telling. Telling reads state.
 * State knows neither. One lock guards them, {@code Monitor}. A test holds this list and the
 * arrows.
 *
 * <ul>
 *   <li><i>State</i>, as it is now: {@code PhaseState} (phase, deadline, who holds the drain),
 *       {@code DrainRecord} (what a drain has done), {@code Roster}, {@code RosterEntry} and {@code
 *       TrackedConnection}, with its {@code SlotRecord} and {@code HintRecord} (where each
 *       connection stands), {@code Transit} (who is on the way to another pod), {@code Kept} (its
 *       session, for another pod), {@code KeptStage} (where that stands), {@code Landing} and
 *       {@code PutOffEnd} (how it ends), {@code KeptRoom} (its bytes), {@code Takers} (who has
 *       that), {@code Marks} (who has asked for it), {@code Gate}, {@code Lease}, {@code
 *       LeaseStack} and {@code StripedGate} (work in flight), {@code Counters}, {@code Tally},
 *       {@code Stopwatch}, {@code HandOverTally} and {@code Histogram} (numbers).
 *   <li><i>Rules</i>, which change it: {@code DrainLifecycle} (the transitions) with its {@code
 *       OwedNews} (what is told later), {@code DrainLoop} and {@code StepLoop} (the steps), {@code
 *       SlotScheduler} (who goes next), {@code SlotPace} (how many, and when), {@code HintGraces}
 *       (whose hint has had its time), {@code LookRound} (who is looked at), {@code Shed}, {@code
 *       PreStopHooks}, {@code Participants} (what stops with the pod), {@code ConnectionRegistry}
 *       (who comes and goes), {@code OutlivedWork} (what is left of them), {@code Mailboxes}
 *       (sessions that other pods take), {@code CrashPlans}.
 *   <li><i>Telling</i>, the news for others: {@code Monitor} and {@code Announcements} (noted under
 *       the lock, told after it), {@code SerialThread}, {@code Journal}, {@code LogCode}, {@code
 *       Json} and {@code StepFailures} (lines), {@code Listeners}, {@code ConnectionCaller}, {@code
 *       CallWorkers} and {@code InlineCaller} (calls to connections), {@code ReportBuilder}, {@code
 *       OldestSearch} and {@code ReportFormat} (reports).
 * </ul>
 *
 * <p>All of them use values and time: {@code Budget}, {@code CrashWindow}, {@code LandingLimit},
 * {@code Note}, {@code ProcessEpoch} and {@code Ticket} are values, {@code PolicyValues}, {@code
 * Setting} and {@code Settings} are behind the policy, {@code Clockwork} and {@code
 * SystemClockwork} are the one source of time, {@code GraceClock} has the platform's. {@code
 * CoordinatorParts} hands them to the rules.
 */
@NullMarked
package io.gracefuldrain;

import org.jspecify.annotations.NullMarked;
