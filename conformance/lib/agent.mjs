import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fromBytes } from './bytes.mjs';

const UP_WITHIN_MS = 15_000;
const GONE_WITHIN_MS = 2_000;
const STDERR_KEPT = 4_000;

/** The process of the client under test, one JSON object a line in both directions. */
export class Agent {
  #process;
  #hear = () => {};
  #stderr = '';
  #cannot = {};
  gone = false;

  static async start(command) {
    const agent = new Agent();
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    agent.#process = child;
    child.stdin.on('error', () => {}); // it is gone: 'exit' says so
    child.stderr.on('data', (text) => {
      agent.#stderr = (agent.#stderr + text).slice(-STDERR_KEPT);
    });
    await new Promise((resolve, reject) => {
      const bound = setTimeout(() => {
        agent.kill();
        reject(new Error(`the agent did not say that it is ready within ${UP_WITHIN_MS} ms`));
      }, UP_WITHIN_MS);
      child.on('error', (error) => {
        clearTimeout(bound);
        agent.gone = true;
        reject(new Error(`the agent did not start: ${error.message}`));
      });
      child.on('exit', (code, signal) => {
        clearTimeout(bound);
        agent.gone = true;
        agent.#hear({ is: 'gone', code: code ?? signal });
        reject(new Error(`the agent ended with ${code ?? signal}: ${agent.#stderr}`));
      });
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = parse(line);
        if (said.is === 'ready') {
          clearTimeout(bound);
          agent.#cannot = said.cannot ?? {};
          resolve();
        } else {
          agent.#hear(said);
        }
      });
    });
    return agent;
  }

  /** The receiver of its next lines. */
  listen(hear) {
    this.#hear = hear;
  }

  send(command) {
    if (!this.gone) this.#process.stdin.write(`${JSON.stringify(fromBytes(command))}\n`);
  }

  /** Why it cannot do one of the things that a scenario needs; undefined: it can. */
  cannot(needs = []) {
    const missing = needs.find((need) => this.#cannot[need]);
    return missing && `${missing}: ${this.#cannot[missing]}`;
  }

  /** Its latest output on standard error. */
  stderr() {
    return this.#stderr;
  }

  kill() {
    this.#process.kill('SIGKILL');
  }

  /** Asks it to exit; its exit code, or null when it had to be killed. */
  async exit() {
    if (this.gone) return this.#process.exitCode;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.send({ do: 'exit' });
    const bound = setTimeout(() => this.kill(), GONE_WITHIN_MS);
    const code = await ended;
    clearTimeout(bound);
    return code;
  }
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { is: 'noise', line };
  }
}
