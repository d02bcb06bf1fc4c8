import { createInterface } from 'node:readline';
import { fromBytes, toBytes } from './bytes.mjs';

/** Writes one line of an agent. */
export function say(message) {
  process.stdout.write(`${JSON.stringify(fromBytes(message))}\n`);
}

/** Does what it is told by lines on standard input, until there are no more. */
export function obey(commands, cannot = {}) {
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => {
    const command = toBytes(JSON.parse(line));
    const action = commands[command.do];
    if (action) action(command);
    else say({ is: 'error', message: `do: ${command.do} is not known` });
  });
  input.on('close', () => process.exit(0));
  say({ is: 'ready', cannot });
}
