import { Counts } from "./counts.js";
import { Orders } from "./orders.js";
import * as view from "./view.js";

const UP_EVERY = 1_000;
const UP_PATIENCE = 10_000;
const UP_WAITING = 100;

const asked = new URLSearchParams(location.search);
const transport = ["websocket", "polling"].find((each) => each === asked.get("transport")) ?? "";
const query = asked.has("feedMs") ? { feedMs: asked.get("feedMs") } : {};

// A stock client with its stock reconnection: what it feels is what any client feels.
const socket = window.io({ query, ...(transport && { transports: [transport] }) });
const counts = new Counts();
const orders = new Orders(
  (event, payload, patience, then) => socket.timeout(patience).emit(event, payload, then),
  showOrder,
);
const up = { sent: 0, waiting: 0 };

let pod = null;
let left = null;
let moves = 0;

// Of the last move: how to tell what it cost, and what it cost. Either may be known first.
let landing = { tell: null, missed: null };

// ------------------------------------------------------------------ the connection

socket.on("connect", () => {
  const connectedAt = performance.now();
  view.link("connected", socket.io.engine.transport.name);
  socket.io.engine.on("upgrade", (upgraded) => view.link("connected", upgraded.name));
  if (left) {
    counts.moved();
    landing = { tell: null, missed: null };
  }
  socket.timeout(UP_PATIENCE).emit("whoami", (error, answer) => {
    if (!error) {
      arrived(answer, connectedAt);
    }
  });
});

function arrived(now, connectedAt) {
  if (left) {
    moves++;
    const awayMs = connectedAt - left.at;
    landing.tell = view.move({ from: left.pod, to: now.name, awayMs, at: new Date(), count: moves });
    tellCost();
    view.note(`You came from ${left.pod} to ${now.name}.`);
    view.say(`Moved from ${left.pod} to ${now.name}, ${Math.round(awayMs)} milliseconds away.`);
    left = null;
  }
  show(now);
}

function tellCost() {
  if (landing.tell && landing.missed !== null) {
    landing.tell(landing.missed);
    landing.tell = null;
  }
}

function show(now) {
  pod = now;
  view.pod(now);
  orders.phase(now.phase);
}

socket.on("pod", (now) => {
  show(now);
  view.say(`${now.name} is ${now.phase}.`);
});

socket.on("disconnect", () => {
  if (pod) {
    left = { pod: pod.name, at: performance.now() };
  }
  pod = null;
  view.link("reconnecting");
});

socket.io.on("reconnect_attempt", (attempt) => view.link(`reconnecting, attempt ${attempt}`));

socket.on("connect_error", (error) => {
  const answer = error.context?.responseText;
  view.link(answer ? `refused: ${answer}` : "reconnecting");
});

// ------------------------------------------------------------------ the streams

socket.on("feed", ({ n, pod: from }) => {
  const what = counts.take(n);
  landing.missed ??= what.skipped;
  tellCost();
  view.tape(n, from, what);
  view.counts(counts, up);
});

// A number that is not acknowledged is sent again, by whatever connection there is then.
function send(n) {
  socket.timeout(UP_PATIENCE).emit("up", { n }, (error) => {
    if (error) {
      send(n);
    } else {
      up.waiting--;
      view.counts(counts, up);
    }
  });
}

setInterval(() => {
  if (up.waiting < UP_WAITING) {
    up.sent++;
    up.waiting++;
    view.counts(counts, up);
    send(up.sent);
  }
}, UP_EVERY);

// ------------------------------------------------------------------ orders

document.getElementById("order").addEventListener("click", () => {
  orders.place(pod?.name ?? null, pod?.phase ?? null);
});

socket.on("progress", (progress) => orders.progress(progress));

function showOrder(order) {
  view.order(order);
  if (order.state === "done") {
    view.say(`Order ${order.number} is done.`);
  } else if (order.state === "lost") {
    view.say(`Order ${order.number} is lost.`);
  }
}

// ------------------------------------------------------------------ chat

const name = document.getElementById("name");
const text = document.getElementById("text");
name.value = `guest-${Math.floor(1000 + Math.random() * 9000)}`;

document.getElementById("say").addEventListener("submit", (event) => {
  event.preventDefault();
  socket.timeout(UP_PATIENCE).emit("say", { from: name.value, text: text.value }, (error, answer) => {
    if (error || answer.error) {
      view.note(`Not sent: ${error ? error.message : answer.error}`);
    }
  });
  text.value = "";
  text.focus();
});

socket.on("say", (line) => view.line(line));

view.chosen(transport);
view.counts(counts, up);
