import { fromBytes, toBytes } from '../lib/bytes.mjs';
import { say } from '../lib/lines.mjs';
import { Questions } from '../lib/questions.mjs';
import { HELD_MOST } from './bounds.mjs';
import { Seen } from './seen.mjs';
import { has } from './time.mjs';

/** The traffic between the app and its connections: held, held back, de-duplicated, answered. */
export class Traffic {
  state = 'idle'; // connecting, preparing, holding, overlap
  current = null;
  holds = false; // what the app emits
  hidden = new Map(); // why a namespace ended on old, while the app need not know
  stays = new Map(); // the old connection, by the namespaces that next has refused
  held = [];
  heldBack = [];
  tooMany = false; // are held back: the move fails
  questions = new Questions(); // of the pods
  seen = new Map();
  duplicates = 0;
  closed = false;

  constructor(options) {
    this.options = options;
  }

  tell(ns, event, args, more) {
    if (this.closed) return;
    say({ is: 'event', ns, event, args, ...more });
    const [name, ...data] = this.options.emitOn?.[event] ?? [];
    if (name) this.emit({ ns, event: name, args: data });
  }

  // ------------------------------------------------------------------ to the app

  holdBack(connection, ns, event, args) {
    let kept = has('answers held back') ? args : args.filter(isNoFunction);
    if (!has('bytes held back')) kept = copyOf(kept.filter(isNoFunction));
    this.tooMany ||= this.heldBack.length >= HELD_MOST && has('limit back');
    this.heldBack.push([connection, ns, event, kept]);
  }

  deliver(connection, ns, event, args) {
    const id = this.id(args);
    if (id !== undefined) {
      const key = JSON.stringify(has('event in key') ? [event, id] : id);
      if (this.seenIn(has('scope') ? ns : '/').isCopy(key, connection, this.state !== 'idle')) {
        this.duplicates++;
        return;
      }
    }
    if (has('answers')) this.questions.add(ns, event, args);
    this.tell(ns, event, args.filter(isNoFunction));
  }

  seenIn(ns) {
    if (!this.seen.has(ns)) this.seen.set(ns, new Seen());
    return this.seen.get(ns);
  }

  id(args) {
    const { dedupe } = this.options;
    const question = args.some((arg) => !isNoFunction(arg));
    if (dedupe === false || !has('dedupe')) return undefined;
    if (dedupe === 'content') {
      if (question && has('each question')) return undefined; // each pod waits for its own answer
      return JSON.stringify(sorted(fromBytes(args.filter(isNoFunction))));
    }
    const data = args.find(has('objects alone') ? isObject : isAnyObject);
    return dedupe === 'n' ? data?.n : data?.drainId;
  }

  // ------------------------------------------------------------------ from the app

  /** The connection that carries what the app emits in a namespace. */
  carrier(ns) {
    return this.stays.get(ns) ?? this.current;
  }

  emit(message) {
    if (message.volatile && !has('volatile')) return;
    const ended = this.hidden.has(message.ns) && has('hold after a kick');
    if ((this.holds || ended) && has('hold')) {
      this.hold(message);
      return;
    }
    const over = this.carrier(message.ns);
    const { ack, id, ns } = message;
    if (!over.sockets.has(ns)) return; // the app has left it
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
    } else if (!has('bytes held')) {
      this.held.push(copyOf(message));
    } else {
      // What is sent is what it is now, whatever the app makes of it until then.
      this.held.push(has('held as emitted') ? toBytes(copyOf(fromBytes(message))) : message);
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
    this.hidden.clear();
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
/** Two servers may write an object's properties in different orders. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isAnyObject(value) || !has('any key order')) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

const copyOf = (value) => JSON.parse(JSON.stringify(value));
