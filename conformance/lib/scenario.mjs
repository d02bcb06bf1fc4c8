import { Address } from './address.mjs';
import { toBytes } from './bytes.mjs';
import { judge } from './judge.mjs';
import { Log } from './log.mjs';
import { Pod } from './pod.mjs';
import { Traffic } from './traffic.mjs';

const SCENARIO_MS = 10_000;
const STEP_MS = 3_000;
const SETTLE_MS = 3_000;
const BARRIER_MS = 2_000;

/** Plays one scenario against an agent and says what was not as expected. */
export async function play(scenario, agent) {
  const stage = await Stage.build(scenario, agent);
  const problems = [];
  try {
    await stage.open();
    for (const [number, step] of scenario.steps.entries()) {
      await stage.step(step).catch((error) => {
        throw new Error(`step ${number + 1} ${JSON.stringify(step)}: ${error.message}`);
      });
    }
    await stage.settle();
    problems.push(...judge(scenario, stage.log, stage.traffic));
  } catch (error) {
    problems.push(error.message, `the app saw: ${seen(stage.log)}`);
    if (agent.stderr()) problems.push(`the agent's standard error ends with: ${agent.stderr()}`);
  } finally {
    await stage.close().catch((error) => problems.push(error.message));
  }
  const { log } = stage;
  log.close();
  const connected = log.all('app', { event: 'connect' }).length > 0;
  const tookMs = Math.round(log.now());
  return { problems, connected, tookMs, heldUpMs: log.heldUp(), log: log.entries() };
}

function seen(log) {
  const events = log.all('app').filter((entry) => entry.event !== 'feed');
  return events.map((entry) => `${entry.ns} ${entry.event}`).join(', ') || 'nothing';
}

/** The pods, the front and the traffic of one scenario. */
class Stage {
  log = new Log();
  #scenario;
  #agent;
  #pods = {};
  #addresses = {};
  #leads; // the pods of the next handshakes; the last of them stays
  #asked = 0; // for its state

  static async build(scenario, agent) {
    const stage = new Stage();
    stage.#scenario = scenario;
    stage.#agent = agent;
    stage.#leads = [scenario.front ?? 'a'].flat();
    for (const name of ['a', 'b', 'c']) {
      const pod = new Pod(name, stage.log);
      Object.assign(pod.faults, scenario.pods?.[name]);
      stage.#pods[name] = pod;
      stage.#addresses[name] = await Address.open(() => pod);
    }
    stage.#addresses.front = await Address.open((asked) => stage.#lead(asked));
    const lasting = stage.#namespaces().filter((ns) => !scenario.expect.left?.includes(ns));
    stage.traffic = new Traffic(stage.log, agent, stage.#pods, stage.#namespaces(), lasting);
    return stage;
  }

  #namespaces() {
    return this.#scenario.open?.namespaces ?? ['/'];
  }

  /** A session stays with its pod. A handshake without one goes where the front now leads. */
  #lead({ sid }) {
    const pods = Object.values(this.#pods);
    const leads = sid || this.#leads.length < 2 ? this.#leads[0] : this.#leads.shift();
    return pods.find((pod) => sid && pod.knows(sid)) ?? this.#pods[leads];
  }

  // ------------------------------------------------------------------ beginning and end

  async open() {
    const { scenario, log } = { scenario: this.#scenario, log: this.log };
    this.#agent.listen((said) => {
      const { ns, event, args, id } = said;
      if (said.is === 'event') log.add('app', { ns, event, args, id });
      else if (said.is === 'manager') log.add('manager', { event, args });
      else if (said.is === 'ack') log.add('acked', { id, args });
      else if (said.is === 'ackError') log.add('ackError', { id, message: said.message });
      else log.add(`agent:${said.is}`, said);
    });
    const { origins = 'loopback', ...more } = scenario.open ?? {};
    const defaults = { transports: ['websocket'], ready: 'ok', overlapMs: 200, dedupe: 'default' };
    this.#agent.send({
      do: 'open', url: this.#addresses.front.url, ...defaults, ...more,
      namespaces: this.#namespaces(),
      origins: Array.isArray(origins) ? origins.map((pod) => this.#addresses[pod].url) : origins,
    });
    for (const ns of this.#namespaces()) {
      const connected = () => log.all('app', { ns, event: 'connect' }).length > 0;
      await this.#until(`the app's connect in ${ns}`, connected, 5_000);
    }
    this.traffic.start(scenario.traffic);
  }

  /** Ends the traffic and waits until what is on its way has come. */
  async settle() {
    const { expect } = this.#scenario;
    this.traffic.stopUps();
    if (expect.acks === 'all') {
      const all = () => this.traffic.unanswered() === 0;
      await this.#until('each upload acknowledged', all, SETTLE_MS);
    }
    this.traffic.stopFeed();
    if (expect.feed) {
      await this.#until('the last of the feed', () => this.traffic.feedHasCome(), SETTLE_MS);
    }
    if (expect.ends) {
      const nobody = expect.ends === 'nobody';
      const wanted = nobody ? [] : this.traffic.lasting().map(() => expect.ends);
      const alone = () => this.#living().join() === wanted.join();
      await this.#until(`connected to ${expect.ends} alone`, alone, SETTLE_MS).catch((error) => {
        throw new Error(`${error.message} (connected to ${this.#living()})`);
      });
      const { connected } = await this.#askState();
      if (connected === nobody) throw new Error(`connected is ${connected} at the end`);
    }
  }

  #living() {
    const left = new Set(this.log.all('left').map((entry) => entry.pod + entry.sid));
    const joined = this.log.all('joined');
    return joined.filter((e) => !left.has(e.pod + e.sid)).map((e) => e.pod);
  }

  async #askState() {
    const asked = ++this.#asked;
    this.#agent.send({ do: 'state' });
    const answered = () => this.log.all('agent:state').length >= asked;
    await this.#until('an answer to "state"', answered, BARRIER_MS);
    return this.log.all('agent:state')[asked - 1];
  }

  async close() {
    this.traffic.close();
    this.#agent.send({ do: 'disconnect' });
    // The agent says everything about this scenario before it answers.
    if (!this.#agent.gone) await this.#askState().catch(() => this.#agent.kill());
    this.#agent.listen(() => {});
    for (const pod of Object.values(this.#pods)) pod.close();
    for (const address of Object.values(this.#addresses)) address.close();
  }

  #until(described, holds, withinMs) {
    const left = Math.max(1, SCENARIO_MS - this.log.now());
    const alive = () => {
      if (this.#agent.gone) throw new Error('the agent is gone');
      return holds();
    };
    return this.log.until(described, alive, Math.min(withinMs, left));
  }

  // ------------------------------------------------------------------ steps

  async step(step) {
    if (step.front) this.#leads = [step.front].flat();
    else if (step.pod) Object.assign(this.#pods[step.pod].faults, step.set);
    else if (step.hint) this.#hint(step);
    else if (step.cut) this.#pods[step.cut].cut();
    else if (step.say) this.#say(step);
    else if (step.question) this.#question(step);
    else if (step.kick) this.#pods[step.kick].kick(step.ns);
    else if (step.state) await this.#state(step.state);
    else if (step.answer) this.#pods[step.answer].answer();
    else if (step.agent) this.#agent.send(step.agent);
    else if (step.emits) this.traffic.burst(step.emits, step.reuse);
    else if (step.dwellMs) await this.#dwell(step.dwellMs);
    else if (step.until) await this.#condition(step.until, step.withinMs ?? STEP_MS);
    else throw new Error('is no step that the driver knows');
  }

  /** Asks until the client's state of the move is this one. */
  async #state(wanted) {
    const until = performance.now() + STEP_MS;
    for (;;) {
      const { move } = await this.#askState();
      if (move === wanted) return;
      if (performance.now() > until) throw new Error(`the state of the move is ${move}`);
    }
  }

  #hint({ hint, url, ...rest }) {
    const address = url && this.#addresses[url].url;
    this.#pods[hint].hint({ ...rest, ...(address ? { url: address } : {}) });
  }

  #say({ say, event, args, ns, times = 1 }) {
    for (let n = 1; n <= times; n++) {
      this.#pods[say].say(event, toBytes(JSON.parse(JSON.stringify(args).replaceAll('%d', n))), ns);
    }
  }

  #question({ question, event, args = [], ns }) {
    this.#pods[question].question(event, toBytes(args), ns);
  }

  #dwell(ms) {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** `{WHAT: which, count}`: the condition of a step that waits. */
  #condition(until, withinMs) {
    const { log } = this;
    const { count = 1, ns = this.#namespaces()[0] } = until;
    const asks = {
      app: (event) => log.all('app', { ns, event }),
      over: (move) => {
        const ends = ['drain:moved', 'drain:failed'];
        return log.all('app', { ns }).filter(({ event }) => ends.includes(event)).slice(move - 1);
      },
      manager: (event) => log.all('manager', { event }),
      joined: (pod) => log.all('joined', { pod, ns }),
      upgraded: (pod) => log.all('upgraded', { pod }),
      refused: (pod) => log.all('refused', { pod }),
      words: (pod) => log.all('word', { pod }),
      left: (pod) => log.all('left', { pod, ns }),
      handshake: (pod) => log.all('handshake', { pod }),
      heard: (ticket) => log.all('heard', { ticket }),
      landed: (pod) => log.all('landed', { pod }),
      ups: (pod) => log.all('up', { pod, ns }),
      ask: (pod) => log.all('ask', { pod }),
      join: (pod) => log.all('join', { pod }),
      ticks: (pod) => log.all('tick', { pod, ns }),
      replied: (pod) => log.all('replied', { pod }),
      acked: (id) => log.all('acked', { id }),
      ackError: (id) => log.all('ackError', { id }),
      feed: () => log.all('app', { ns, event: 'feed' }).slice(before),
    };
    const before = log.all('app', { ns, event: 'feed' }).length;
    const what = Object.keys(asks).find((name) => name in until);
    if (!what) throw new Error('is no condition that the driver knows');
    const holds = () => asks[what](until[what]).length >= count;
    return this.#until(`${count} of ${what} ${until[what]}`, holds, withinMs);
  }
}
