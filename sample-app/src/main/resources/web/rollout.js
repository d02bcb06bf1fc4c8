/** The button that starts a rollout, and its state. The pod that serves the page reports the state. */

import { hue, make, say, tag } from "./view.js";

const PATIENCE = 3_000;
const CALM = 1_000;
const BUSY = 250;
const SILENT = 5;

const button = document.getElementById("rollout");
const message = document.getElementById("rollout-message");
const pods = document.getElementById("pods");

let possible = false;
let unanswered = 0;
let panes = [];

/** Begins to ask; the list of pods shows which pane is on which pod. */
export function watch(...all) {
  panes = all;
  button.addEventListener("click", start);
  ask();
}

async function start() {
  if (!possible) {
    say(message.textContent);
    return;
  }
  enable(false);
  try {
    const answer = await fetch("demo/rollout", {
      method: "POST",
      headers: { "x-graceful-drain-demo": "rollout" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const body = await answer.json();
    if (answer.ok) {
      show(body);
    } else {
      tell(body.error);
    }
  } catch (error) {
    tell(`The rollout could not be asked for: ${error.message}`);
  }
}

async function ask() {
  let next = CALM;
  try {
    const answer = await fetch("demo/status", { signal: AbortSignal.timeout(PATIENCE) });
    const status = await answer.json();
    if (status.available === false) {
      // Not a demo: that will not change.
      tell(`${status.message}.`);
      button.hidden = true;
      return;
    }
    if (answer.ok) {
      unanswered = 0;
      show(status);
      next = status.state === "IDLE" ? CALM : BUSY;
    } else {
      throw new Error(status.error);
    }
  } catch (error) {
    if (++unanswered === SILENT) {
      enable(false);
      tell(`The demo does not answer: ${error.message}`);
    }
  }
  setTimeout(ask, next);
}

function show(status) {
  enable(status.state === "IDLE");
  tell(status.message);
  pods.replaceChildren(...status.pods.map((pod) => row(pod)));
}

function row({ name, phase, port }) {
  hue(name);
  const here = panes.filter((pane) => pane.client.pod?.name === name).map((pane) => pane.name);
  const item = make(
    "li",
    "",
    tag("b", name),
    make("span", "phase", phase),
    make("span", "quiet", here.length > 0 ? `${here.join(" and ")} here` : `port ${port}`),
  );
  item.dataset.phase = phase;
  return item;
}

/** Not by the attribute "disabled", which takes the focus away from the button just pressed. */
function enable(now) {
  possible = now;
  button.setAttribute("aria-disabled", String(!now));
}

function tell(text) {
  if (message.textContent !== text) {
    message.textContent = text;
    say(text);
  }
}
