import type { AppSocket } from './app-socket.js';
import type { Connection, Why } from './connection.js';
import type { Hold } from './hold.js';
import type { FailureCode } from './types.js';

/** Gives the app an event that came before its time. */
export type Delivery = () => void;

/** A move, as far as its client needs it. */
export interface MoveUnderWay {
  /** The connection that is left. */
  readonly old: Connection;
  /**
   * The namespaces that old's server has ended. The app does not know yet, as next may carry them
   * on. What it emits there is held apart from the rest until the hold.
   */
  readonly ended: Set<AppSocket>;
  readonly apart: Hold;
  /** Old was cut before next was connected: the app may have missed something. */
  hasGap: boolean;
  /** What the app's listeners at the manager are told if old's end becomes known. */
  readonly unheard: Delivery[];
  /** Next will not carry on a namespace that old has ended, for this reason. */
  endOf(socket: AppSocket, message: string): void;
  /** Old has ended. */
  onOldCut(why: Why): void;
  /** Old has reconnected. */
  onOldBack(): void;
  /** The current connection's server asks the client to move. */
  onHint(): void;
  /**
   * Ends it, unless next is the current connection already. The app goes on with old. Without a
   * code the app itself has ended the move, and need not be told.
   */
  fail(code?: FailureCode, message?: string): void;
}

/** The fields that a state may have. Each state below names those that it has for certain. */
interface Parts {
  readonly move?: MoveUnderWay | undefined;
  /** The new connection, until it is the current one. */
  readonly next?: Connection | undefined;
  /** Events of next that came for the app before their time. */
  readonly inbox?: Delivery[] | undefined;
  /** Where emits go in place of the current connection. */
  readonly hold?: Hold | undefined;
}

interface Idle extends Parts {
  readonly name: 'idle';
  readonly move?: undefined;
}

/** Next is absent between two attempts. Emits are held while a cut of old is hidden. */
interface Connecting extends Parts {
  readonly name: 'connecting';
  readonly move: MoveUnderWay;
  readonly inbox: Delivery[];
}

/** Next is connected, and the app's `ready` at work. Emits are held if old was cut. */
interface Preparing extends Parts {
  readonly name: 'preparing';
  readonly move: MoveUnderWay;
  readonly next: Connection;
  readonly inbox: Delivery[];
}

/** Landed is open. */
export interface Holding extends Parts {
  readonly name: 'holding';
  readonly move: MoveUnderWay;
  readonly next: Connection;
  readonly inbox: Delivery[];
  readonly hold: Hold;
}

/** Next is the current connection, and old still listens. */
interface Overlap extends Parts {
  readonly name: 'overlap';
  readonly move: MoveUnderWay;
  readonly next?: undefined;
  readonly hold?: undefined;
}

/** The state of a client's move, with the words of docs/protocol.md. */
export type State = Idle | Connecting | Preparing | Holding | Overlap;

export const IDLE: State = { name: 'idle' };

/** Next, while emits are held: what the app asks of its connection is asked of next then. */
export function standInOf({ hold, next }: State): Connection | undefined {
  return hold && next;
}
