import type { AppSocket } from './app-socket.js';
import { checkRefusals, prepare } from './attempt.js';
import {
  ATTEMPTS_MOST,
  BEYOND_GRACE_MS,
  BOTH_CUT_MS,
  CUT_HIDDEN_MS,
  LANDED_AGAIN_MS,
  PAUSE_LEAST_MS,
  PAUSE_MOST_MS,
} from './bounds.js';
import { within, type Clock } from './clock.js';
import type { Connection, TimedHint, Why } from './connection.js';
import { Failure, messageOf } from './failure.js';
import { Hold, keep } from './hold.js';
import { IGNORED, type Log } from './log.js';
import { overlap } from './overlap.js';
import { Refusals } from './refusals.js';
import { signal } from './signal.js';
import { IDLE, type Holding, type MoveUnderWay, type State } from './state.js';
import type { FailureCode, Pod } from './types.js';
import { objectOf } from './wire.js';

/** What `drain:switched` says of a move. */
export interface About {
  readonly reason: string;
  readonly from: Pod;
  readonly to: Pod;
}

/** What became of a release. */
export interface Released {
  /** The sockets whose app has seen no `disconnect`. */
  readonly quiet: AppSocket[];
  /** How many emits were held. */
  readonly held: number;
}

/** The client, as a move needs it. */
export interface Mover {
  readonly clock: Clock;
  readonly state: State;
  readonly current: Connection;
  readonly log: Log;
  /** How many events were dropped as seen so far. */
  readonly duplicates: number;
  /** The ticket of the last move. */
  lastTicket: string | undefined;
  /** The only way to another state. Moves alone go it. */
  enter(state: State): void;
  /** The sockets that have been connected, and not closed for good since. */
  joined(): AppSocket[];
  /** Those that the app has not closed. */
  active(): AppSocket[];
  /** As at a stock reconnect: the app may refresh its query, headers and tokens now. */
  announce(attempt: number): void;
  openNext(hint: TimedHint, attempt: number, refusals: Refusals): Connection;
  drop(connection: Connection): void;
  /** Whether the app would not notice if next were the only connection. */
  standsIn(next: Connection): boolean;
  /** Has connected sockets emit what they have buffered. */
  sendBuffered(): void;
  /** Next becomes the current connection, in one step. `what` is told by `drain:switched`. */
  release(state: Holding, what: About, attempt: number): Released;
  /**
   * Has the app go on with the current connection, of whose end it is told if that was hidden. When
   * the move is over, it is told of the namespaces that old's server has ended.
   */
  stay(move: MoveUnderWay, hidden: Why | undefined, isOver: boolean): void;
  /** The namespace is closed for good, by the server. */
  end(socket: AppSocket): void;
  /** Those that the new connection carries. */
  switched(): AppSocket[];
  tell(event: string, what: object, sockets?: AppSocket[]): void;
}

/** Begins the move that the current connection's server has requested; rests if there is none. */
export function moveOn(mover: Mover): void {
  const { hint } = mover.current;
  mover.current.hint = undefined;
  if (hint) beginMove(mover, hint);
  else mover.enter(IDLE);
}

/**
 * The app calls connect(). If a move was refused in every namespace, it has refreshed its tokens,
 * say, and the move begins anew, once, while there is time.
 */
export function moveAgain(mover: Mover): void {
  const { current, clock } = mover;
  const { declined } = current;
  current.declined = undefined;
  if (!declined || declined.until <= clock.now()) return;
  current.hint = declined;
  // Not here: the app may be in a listener of the last move's end.
  void Promise.resolve().then(() => {
    if (mover.current === current && mover.state === IDLE) moveOn(mover);
  });
}

/** One move, from the hint until the old connection is dropped. The letters are the protocol's. */
function beginMove(mover: Mover, hint: TimedHint): void {
  const { clock, current: old } = mover;
  const { hello: from } = old;
  const { reason, graceMs, until } = hint;
  const begun = clock.now();
  const refusals = new Refusals();
  let connectMs = 0;
  let attempt = 0;
  let cutAt: number | undefined;
  /** Ends the time in which a cut may be hidden. */
  let hidesNoMore = (): void => {};
  /** The move is over before its time; why. */
  const stop = signal<string>();
  /** The next move is requested. */
  const hinted = signal();

  const isUnderWay = (): boolean => mover.state.move === move;
  const left = (): number => until - clock.now();

  const stopped = async (): Promise<never> => {
    throw new Error(await stop.given);
  };

  /** The first of these, or undefined after that time. Rejects when the move is over. */
  const wait = (ms: number, ...first: Promise<unknown>[]): Promise<unknown> =>
    within(clock, ms, stopped(), ...first);

  const run = async (): Promise<void> => {
    await null; // the namespace that brought the hint may be connecting just now
    if (!isUnderWay()) return;
    mover.tell('drain:moving', { reason, graceMs, from }); // a
    if (!isUnderWay()) return;
    let next: Connection;
    let code: FailureCode = 'refused';
    try {
      next = await connect(); // b, c
      code = 'lost';
      await land(next); // d, e
    } catch (error) {
      await within(clock, BOTH_CUT_MS); // old may be about to end too
      const isAnswer = error instanceof Failure && error.isFinal;
      const failure = error instanceof Failure ? error.code : code;
      // The app may call connect() when it has refreshed its token.
      if (isAnswer && failure === 'refused' && !hint.isAgain)
        old.declined = Object.assign({}, hint, { isAgain: true });
      move.fail(failure, messageOf(error));
      return;
    }
    const { state, duplicates, current } = mover;
    if (state.name !== 'holding' || current !== old || !isUnderWay()) return; // ended just now
    hidesNoMore();
    const to = next.hello;
    const { quiet, held } = mover.release(state, { reason, from, to }, attempt); // f
    move.ended.clear(); // next carries them
    mover.enter({ name: 'overlap', move });
    for (const socket of mover.active()) socket.endReady(true);
    for (const socket of quiet) if (socket.stock.connected) socket.reconnected(move.hasGap);
    const tookMs = clock.now() - begun;
    await listenToOld(); // g
    const moved = {
      reason,
      from,
      to,
      connectMs,
      tookMs,
      held,
      duplicates: mover.duplicates - duplicates,
      downtimeMs: cutAt === undefined ? 0 : Math.max(0, begun + connectMs - cutAt),
    };
    mover.tell('drain:moved', moved, mover.switched()); // h
    moveOn(mover);
  };

  /** Makes the next connection, and waits until the app is ready on it. */
  const connect = async (): Promise<Connection> => {
    for (attempt = 1; ; attempt++) {
      try {
        return await attemptOnce();
      } catch (error) {
        const pause = PAUSE_LEAST_MS + Math.random() * (PAUSE_MOST_MS - PAUSE_LEAST_MS);
        const isFinal = error instanceof Failure && error.isFinal;
        const isLast = attempt === ATTEMPTS_MOST || isFinal || pause >= left();
        if (!isUnderWay()) throw error;
        const code = error instanceof Failure ? error.code : 'refused';
        mover.log('attempt failed', { attempt, code, message: messageOf(error) });
        if (isLast) throw error;
        giveUpNext({ name: 'connecting', move, inbox: [], hold: stillHidden() });
        await wait(pause);
      }
    }
  };

  const attemptOnce = async (): Promise<Connection> => {
    if (left() > 0) {
      mover.announce(attempt);
      if (!isUnderWay()) return stopped();
      const next = mover.openNext(hint, attempt, refusals);
      mover.enter({ name: 'connecting', move, next, inbox: [], hold: mover.state.hold });
      const prepared = prepare(next, { from, joined: () => mover.joined(), onConnected, wait });
      try {
        if (await wait(left(), prepared, next.failed())) return next;
      } catch (error) {
        // A manager also closes when its server has ended the last namespace.
        checkRefusals(next, mover.joined());
        throw error;
      }
    }
    throw new Failure('timeout', `not in ${graceMs} ms`);
  };

  const onConnected = (next: Connection): void => {
    const { state } = mover;
    if (state.next !== next) return; // given up
    connectMs = clock.now() - begun;
    mover.log('connected', { connectMs });
    if (state.name === 'connecting') {
      const { inbox, hold } = state;
      mover.enter({ name: 'preparing', move, next, inbox, hold });
    }
  };

  /** Holds emits, and has the old pod say that it has dispatched all that it was sent before. */
  const land = async (next: Connection): Promise<void> => {
    holdEmits(next);
    const body = { pod: next.hello.pod, connectMs };
    const answered = signal<true>();
    const rest = Math.max(0, left()) + BEYOND_GRACE_MS - LANDED_AGAIN_MS;
    for (const ms of [LANDED_AGAIN_MS, rest]) {
      const first = mover.joined().find((socket) => old.has(socket));
      if (!first) break;
      old.inners.get(first)!.emit('drain:landed', body, (...answer: unknown[]) => {
        answered.give(true);
        const ignored = { event: 'drain:landed', given: answer, expected: 'no error' };
        if (objectOf(answer)['error']) mover.log(IGNORED, ignored);
      });
      if (await wait(ms, next.failed(), answered.given, old.lost.given)) break;
    }
    if (cutAt === undefined) return;
    // The cause of old's end may be about to end next too: then nothing goes out on it.
    await wait(Math.max(0, cutAt + BOTH_CUT_MS - clock.now()), next.failed());
  };

  const holdEmits = (next: Connection): void => {
    const { state } = mover;
    if (!isUnderWay() || !state.inbox) return; // ended just now
    const { inbox, hold = new Hold() } = state;
    hold.takeFrom(move.apart);
    mover.enter({ name: 'holding', move, next, inbox, hold });
    mover.log('holding', { to: next.hello });
    mover.sendBuffered(); // of a namespace that old has ended, or whose ping is overdue
  };

  const listenToOld = async (): Promise<void> => {
    const overlaps = mover.joined().map(({ settings }) => settings.overlapMs);
    const overlapMs = cutAt === undefined ? Math.max(0, ...overlaps) : 0;
    const { dropped } = await overlap(clock, old, overlapMs, () => mover.drop(old));
    // When the new pod must be left already, old lingers beside that move.
    if (!mover.current.hint) await Promise.race([dropped, hinted.given]);
  };

  /** The hold of a cut that need not be told yet. */
  const stillHidden = (): Hold | undefined => {
    const { hold } = mover.state;
    return move.hasGap && hold?.hidden && clock.now() < cutAt! + CUT_HIDDEN_MS ? hold : undefined;
  };

  const giveUpNext = (then: State): void => {
    const { state } = mover;
    for (const socket of mover.active()) socket.endReady(false);
    if (state.next) mover.drop(state.next);
    if (mover.state === state) goOnWithOld(then);
  };

  /** Unless they stay held, emits go out on old, or wait in buffers until that is back. */
  const goOnWithOld = (then: State): void => {
    const { state } = mover;
    const { hold } = state;
    if (hold && hold === then.hold) {
      mover.enter(then);
      old.resume();
      return;
    }
    const hidden = hold && hold.hidden;
    // An emit that found the ping overdue is in a buffer, and comes after what is held.
    if (hold) mover.sendBuffered();
    if (mover.state !== state) return; // a listener of the app has ended the move
    mover.enter(then);
    hold?.release((out) => {
      if (move.ended.has(out.socket)) move.apart.add(out);
      else if (hidden) keep(out);
      else mover.current.send(out);
    });
    mover.stay(move, hidden, !then.move);
    old.resume();
  };

  /** Next is still not there: the app is told of the cut, and the attempts go on. */
  const reveal = (): void => {
    const { state } = mover;
    if (!isUnderWay() || state.name !== 'connecting' || !state.hold) return;
    goOnWithOld(Object.assign({}, state, { hold: undefined }));
  };

  const move: MoveUnderWay = {
    old,
    hasGap: false,
    ended: new Set(),
    apart: new Hold(),
    unheard: [],
    endOf(socket, message) {
      if (mover.active().every((each) => each === socket)) return move.fail('refused', message);
      mover.tell('drain:failed', { reason, code: 'refused', message }, [socket]);
      mover.end(socket);
    },
    onOldCut(why) {
      const { state } = mover;
      if (cutAt === undefined) cutAt = clock.now();
      const isConnected = state.name === 'preparing' || state.name === 'holding';
      // Not if the server has ended it all: that is told in the end.
      const isConnecting = state.name === 'connecting' && why[0] !== 'forced close';
      const isHidden = isConnecting || (isConnected && mover.standsIn(state.next));
      mover.log('cut', { reason: why[0], isHidden });
      if (isHidden) {
        const { hold = new Hold() } = state;
        hold.takeFrom(move.apart);
        hold.hidden = why;
        // Until next is connected, old's own reconnect may come first.
        if (isConnecting) {
          move.hasGap = true;
          hidesNoMore();
          hidesNoMore = clock.after(CUT_HIDDEN_MS, reveal);
        } else old.pause();
        mover.enter(Object.assign({}, state, { hold }));
        // An emit that found the ping overdue is in a buffer, and comes before what is emitted now.
        mover.sendBuffered();
        old.abandon();
      } else if (isConnected && state.hold) {
        mover.sendBuffered();
        // Before the app is told.
        state.hold.release((out) => (move.ended.has(out.socket) ? move.apart.add(out) : keep(out)));
      }
    },
    onOldBack() {
      if (cutAt !== undefined) move.fail('returned', 'old is back');
    },
    onHint: hinted.give,
    fail(code, message = '') {
      if (!isUnderWay() || mover.current !== old) return;
      stop.give(message);
      hidesNoMore();
      const told = mover.active();
      giveUpNext(IDLE);
      if (code) mover.tell('drain:failed', { reason, code, message }, told);
      moveOn(mover);
    },
  };

  mover.lastTicket = hint.ticket;
  mover.enter({ name: 'connecting', move, inbox: [] });
  void run();
}
