import { drainAware } from "./drain-client.js";
import { Pane } from "./pane.js";
import { watch } from "./rollout.js";
import { make, tag } from "./view.js";

const asked = new URLSearchParams(location.search);
const transport = ["websocket", "polling"].find((each) => each === asked.get("transport")) ?? "";
const options = {
  query: { feedMs: asked.get("feedMs") ?? "100" },
  ...(transport && { transports: [transport] }),
};

// ------------------------------------------------------------------ the clients

const panes = document.getElementById("panes");

// The stock client: it feels what any client feels.
const stock = new Pane(panes, {
  kind: "stock",
  title: "Stock client",
  about: "socket.io-client as it is",
  open: (entered) => {
    const socket = window.io(location.origin, { ...options, forceNew: true });
    socket.on("connect", () => entered(socket).catch(() => {})); // gone again: the next one asks
    return socket;
  },
});

// The aware client: the same with two lines changed.
const aware = new Pane(
  panes,
  {
    kind: "aware",
    title: "Aware client",
    about: "the same by drainAware()",
    open: (entered) =>
      drainAware(window.io, location.origin, options, {
        ready: entered,
        dedupe: (event, args) => (event === "feed" ? args[0].n : undefined),
      }),
  },
  { line, note },
);

watch({ name: "stock", client: stock.client }, { name: "aware", client: aware.client });

// ------------------------------------------------------------------ chat

const LINES = 200;
const lines = document.getElementById("lines");
const name = document.getElementById("name");
const text = document.getElementById("text");
name.value = `guest-${Math.floor(1000 + Math.random() * 9000)}`;

document.getElementById("say").addEventListener("submit", (event) => {
  event.preventDefault();
  aware.client.say({ from: name.value, text: text.value }, (reason) => note(`Not sent: ${reason}`));
  text.value = "";
  text.focus();
});

function line({ from, text: said, pod }) {
  append(make("li", "", make("b", "", from), " ", said, " ", tag("span", pod)));
}

function note(said) {
  append(make("li", "note", said));
}

function append(entry) {
  const atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
  lines.append(entry);
  while (lines.childElementCount > LINES) {
    lines.firstElementChild.remove();
  }
  if (atEnd) {
    lines.scrollTop = lines.scrollHeight;
  }
}

for (const link of document.querySelectorAll("[data-transport]")) {
  if (link.dataset.transport === transport) {
    link.setAttribute("aria-current", "true");
  }
}
document.getElementById("by-polling").hidden = transport !== "polling";
