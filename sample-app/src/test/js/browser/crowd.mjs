/**
 * Aware clients with uploads and acknowledgements in flight, and what each of them felt. The same code
 * in a browser and in Node.
 */

const FEED_MS = 50;
const UP_EVERY = 100;
const LOOK_EVERY = 20;

/**
 * @param io the stock client
 * @param drainAware what is to be tested
 * @param Counts counts the stream
 * @param preparesMs how long the app takes to prepare the new connection
 */
export function startCrowd({ io, drainAware, Counts, url, count, preparesMs = 0 }) {
  const members = Array.from({ length: count }, () => member({ io, drainAware, Counts, url, preparesMs }));
  return {
    connected: () => members.filter((each) => each.connected()).length,
    /** How many have heard that they are to move. */
    asked: () => members.filter((each) => each.asked()).length,
    /** How often the one that moved least has moved. */
    moves: () => Math.min(...members.map((each) => each.moves())),
    /** No more uploads. */
    hush: () => members.forEach((each) => each.hush()),
    waiting: () => members.reduce((sum, each) => sum + each.waiting(), 0),
    reports: () => members.map((each) => each.report()),
    stop: () => members.forEach((each) => each.stop()),
  };
}

function member({ io, drainAware, Counts, url, preparesMs }) {
  const counts = new Counts();
  const acknowledged = new Map();
  const dispatched = new Map();
  const moves = [];
  const failures = [];
  let sent = 0;
  let disconnects = 0;
  let connects = 0;
  let notConnected = 0;
  let asked = 0;

  const socket = drainAware(
    io,
    url,
    { query: { feedMs: String(FEED_MS) }, transports: ["websocket"], forceNew: true },
    {
      ready: (each) => new Promise((resolve) => each.emit("whoami", () => setTimeout(resolve, preparesMs))),
      dedupe: (event, args) => (event === "feed" ? args[0].n : undefined),
    },
  );
  socket.on("connect", () => connects++);
  socket.on("disconnect", () => disconnects++);
  socket.on("feed", ({ n }) => counts.take(n));
  socket.on("drain:moving", () => asked++);
  socket.on("drain:moved", (move) => moves.push(move));
  socket.on("drain:failed", (failure) => failures.push(failure));

  const uploads = setInterval(() => {
    if (connects > 0) {
      const n = ++sent;
      socket.emit("up", { n }, (answer) => {
        acknowledged.set(n, (acknowledged.get(n) ?? 0) + 1);
        // How many this connection has brought: a pod that was given one twice counts too many.
        dispatched.set(answer.pod, Math.max(dispatched.get(answer.pod) ?? 0, answer.count));
      });
    }
  }, UP_EVERY);
  const looks = setInterval(() => {
    if (connects > 0 && !socket.connected) {
      notConnected++;
    }
  }, LOOK_EVERY);

  return {
    connected: () => socket.connected && counts.received > 0,
    asked: () => asked > 0,
    moves: () => moves.length,
    hush: () => clearInterval(uploads),
    waiting: () => sent - acknowledged.size,
    report: () => ({
      asked,
      received: counts.received,
      lost: counts.lost,
      duplicated: counts.duplicates,
      reordered: counts.reordered,
      sent,
      acknowledged: acknowledged.size,
      acknowledgedTwice: [...acknowledged.values()].filter((times) => times > 1).length,
      dispatched: [...dispatched.values()].reduce((sum, each) => sum + each, 0),
      connects,
      disconnects,
      notConnected,
      moves,
      failures,
    }),
    stop: () => {
      clearInterval(uploads);
      clearInterval(looks);
      socket.disconnect();
    },
  };
}
