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
  emit: (message) => client.emit(message),
  answer: (message) => client.answer(message),
  disconnect: () => client?.close(),
  state() {
    const [socket] = client?.current.sockets.values() ?? [];
    const connected = (socket?.connected || client?.next?.live) ?? false;
    say({ is: 'state', connected, id: socket?.id ?? null });
  },
  skipTime: ({ ms }) => skip(ms),
  exit: () => process.exit(0),
});
