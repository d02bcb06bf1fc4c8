import type { AppSocket, Outgoing } from './app-socket.js';
import type { Why } from './connection.js';
import { safely } from './safely.js';

/** Sends an emit on its way. May throw: it is the app's emit that cannot be encoded. */
export type Send = (out: Outgoing) => void;

/** The app's emits that may go out on neither connection yet, in their order. */
export class Hold {
  /**
   * Why the old connection is gone. The app need not know, for next stands in for it: in the end
   * next is released, or the move fails and the app is told then.
   */
  hidden: Why | undefined;
  private emits: Outgoing[] = [];

  get size(): number {
    return this.emits.length;
  }

  add(out: Outgoing): void {
    this.emits.push(out);
  }

  /** Takes over what another one holds, before all of its own. */
  takeFrom(other: Hold): void {
    this.emits = other.emits.splice(0).concat(this.emits);
  }

  /** Sends what one socket has emitted. */
  releaseOf(socket: AppSocket, send: Send): void {
    const its = this.emits.filter((out) => out.socket === socket);
    this.emits = this.emits.filter((out) => out.socket !== socket);
    for (const out of its) safely(() => send(out));
  }

  /** Sends everything, also emits that are added meanwhile. Returns their number. */
  release(send: Send): number {
    const { emits } = this;
    for (const out of emits) safely(() => send(out));
    this.emits = [];
    return emits.length;
  }
}

/**
 * There is no connection: the emit goes into the buffer of its stock socket, like any emit without
 * a connection. Left out is one that the stock socket will send again anyway, or would have dropped.
 */
export function keep({ socket, packet, volatile, queued }: Outgoing): void {
  if (!volatile && !queued) socket.stock.sendBuffer.push(packet);
}
