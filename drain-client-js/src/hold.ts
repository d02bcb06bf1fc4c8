import type { AppSocket, Outgoing } from './app-socket.js';
import type { Why } from './connection.js';
import { safely } from './options.js';

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

  /** Sends what one socket has emitted, its last words. */
  releaseOf(socket: AppSocket, send: Send): void {
    const last = this.emits.filter((out) => out.socket === socket);
    this.emits = this.emits.filter((out) => out.socket !== socket);
    for (const out of last) safely(() => send(out));
  }

  /** Sends everything, also emits that are added meanwhile. Returns their number. */
  release(send: Send): number {
    const { emits } = this;
    for (const out of emits) safely(() => send(out));
    this.emits = [];
    return emits.length;
  }

  /**
   * There is no connection: everything goes into the buffers of the stock sockets, like any emit
   * without a connection. Left out are emits that the stock socket will send again anyway, or would
   * have dropped.
   */
  keep(): void {
    this.release(({ socket, packet, volatile, queued }) => {
      if (!volatile && !queued) socket.stock.sendBuffer.push(packet);
    });
  }
}
