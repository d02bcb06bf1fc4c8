import type { AppSocket } from './app-socket.js';

interface Refusal {
  /** The server's own words. */
  readonly message: string;
  /** `asked` once more, by the app; refused that time too: `final`. */
  standing: 'refused' | 'asked' | 'final';
}

/** The namespaces that the new server has refused in a move. */
export class Refusals {
  private readonly refusals = new Map<AppSocket, Refusal>();

  refuse(socket: AppSocket, message: string): void {
    const isFinal = this.refusals.get(socket)?.standing === 'asked';
    this.refusals.set(socket, { message, standing: isFinal ? 'final' : 'refused' });
  }

  /** The app asks once more. Whether that counts. */
  ask(socket: AppSocket): boolean {
    const refusal = this.refusals.get(socket);
    if (!refusal || refusal.standing !== 'refused') return false;
    refusal.standing = 'asked';
    return true;
  }

  /** It was let in. */
  lift(socket: AppSocket): void {
    this.refusals.delete(socket);
  }

  /** Refused, and not let in since. */
  has(socket: AppSocket): boolean {
    return this.refusals.has(socket);
  }

  /** Refused, and not asked again. */
  stands(socket: AppSocket): boolean {
    return this.has(socket) && this.refusals.get(socket)!.standing !== 'asked';
  }

  messageFor(socket: AppSocket): string {
    return this.refusals.get(socket)!.message;
  }
}
