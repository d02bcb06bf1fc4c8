import { say } from '../lib/lines.mjs';
import { Questions } from '../lib/questions.mjs';
import { HELD_MOST, IDS_KEPT } from './bounds.mjs';
import { has } from './time.mjs';

/** The traffic between the app and its connections: held, held back, de-duplicated, answered. */
export class Traffic {
  holds = false; // what the app emits
  held = [];
  heldBack = [];
  questions = new Questions(); // of the pods
  seen = new Map();
  duplicates = 0;
  closed = false;

  constructor(options) {
    this.options = options;
  }

  tell(ns, event, args) {
    if (!this.closed) say({ is: 'event', ns, event, args });
  }

  // ------------------------------------------------------------------ to the app

  holdBack(ns, event, args) {
    let kept = has('answers held back') ? args : args.filter(isNoFunction);
    if (!has('bytes held back')) kept = copyOf(kept.filter(isNoFunction));
    this.heldBack.push([ns, event, kept]);
  }

  deliver(ns, event, args) {
    const id = this.id(args.find(has('objects alone') ? isObject : isAnyObject));
    if (id !== undefined) {
      const scope = has('scope') ? ns : '/';
      const seen = this.seen.get(scope) ?? new Set();
      this.seen.set(scope, seen);
      if (seen.has(id)) {
        this.duplicates++;
        return;
      }
      seen.add(id);
      if (seen.size > IDS_KEPT) seen.delete(seen.values().next().value);
    }
    if (has('answers')) this.questions.add(ns, event, args);
    this.tell(ns, event, args.filter(isNoFunction));
  }

  id(data) {
    const { dedupe } = this.options;
    if (dedupe === false || !has('dedupe')) return undefined;
    return dedupe === 'n' ? data?.n : data?.drainId;
  }

  // ------------------------------------------------------------------ from the app

  emit(message) {
    if (message.volatile && !has('volatile')) return;
    if (this.holds && has('hold')) {
      this.hold(message);
      return;
    }
    const over = this.current;
    const { ack, id } = message;
    if (!ack) {
      over.emit(message);
      return;
    }
    over.pending++;
    over.emit(message, (...answer) => {
      over.pending--;
      say({ is: 'ack', id, args: answer });
    });
  }

  hold(message) {
    if (message.volatile && !has('volatile once')) this.next.emit(message);
    if (this.held.length >= HELD_MOST && has('limit')) {
      say({ is: 'ackError', id: message.id, message: '10,000 emits are held: the limit' });
    } else {
      this.held.push(has('bytes held') ? message : copyOf(message));
    }
  }

  /** Each goes over the connection of its question, even if that has ended. It is never held. */
  answer(message) {
    const asked = this.questions.take(message);
    if (this.holds && !has('answers in hold')) return;
    for (const ack of asked) ack(...message.args);
  }

  flush() {
    this.holds = false;
    const many = this.held.length;
    const held = this.held.splice(0);
    if (!has('order')) held.reverse();
    for (const message of held) this.emit(message);
    return many;
  }
}

const isAnyObject = (arg) => arg !== null && typeof arg === 'object';
const isObject = (arg) => isAnyObject(arg) && !Array.isArray(arg) && !ArrayBuffer.isView(arg);
const isNoFunction = (arg) => typeof arg !== 'function';
const copyOf = (value) => JSON.parse(JSON.stringify(value));
