// The shortest client that passes the table, as an agent: to read beside docs/protocol.md, and to
// hold the table itself. `--without FEATURE` takes one thing away, which the table must notice.
// Not for use: drain-client-js is the client.
import { obey, say } from './lib/lines.mjs';
import { Client } from './reference/client.mjs';
import { skip } from './reference/time.mjs';

let client = null;
obey({
  open(options) {
    client?.close();
    client = new Client(options);
  },
  emit(message) {
    client.emit(message);
    if (message.reuse) message.args[0].n = -1;
  },
  answer: (message) => client.answer(message),
  disconnect: ({ ns }) => (ns ? client?.disconnect(ns) : client?.close()),
  state() {
    const [first] = client?.options.namespaces ?? [];
    const joined = (connection) => connection?.joined.has(first) ?? false;
    const connected = joined(client?.current) || client?.hidden.has(first) || joined(client?.next);
    const id = client?.current.sockets.get(first)?.id ?? null;
    say({ is: 'state', connected: connected && !client?.closed, id, move: client?.state ?? 'idle' });
  },
  skipTime: ({ ms }) => skip(ms),
  exit: () => process.exit(0),
});
