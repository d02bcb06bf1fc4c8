// Every difference between a stock client and an aware one that an app can see. A difference that no
// row explains fails the test, and so does a row that explains nothing. The README lists them: `readme`
// is what it says.

/** A line that only the aware client tells, and one that only the stock client tells. */
const more = (line) => `  + ${line}`;
const less = (line) => `  - ${line}`;

export const DIFFERENCES = [
  {
    of: /^told of a move with ready/,
    lines: [
      less('["disconnect","transport close",false,true,"(undefined)"]'),
      less('["io close","transport close"]'),
      less('["io open"]'),
      less('["io reconnect",1]'),
      less('["connect",true,true,true]'),
    ],
    why: 'A quiet move is nothing that an app has to act on.',
    readme: 'In a quiet move nothing follows `reconnect_attempt`',
  },
  {
    of: /^told of a move without ready/,
    lines: [
      less('["disconnect","transport close",false,true,"(undefined)"]'),
      less('["io close","transport close"]'),
    ],
    why: 'It is connected all the time, and told of the new connection so that it joins its rooms.',
    readme: '`connect` may come without a `disconnect` before it (without `ready`)',
  },
  {
    of: /^cut in a move/,
    phases: ['preparing', 'holding', 'overlap'],
    lines: [
      /^ {2}- \["(disconnect|io close)","(forced|transport) close"/,
      ...['reconnect_attempt', 'reconnect'].map((event) => less(`["io ${event}",1]`)),
      less('["io open"]'),
      less('["connect",true,true,true]'),
    ],
    why: 'That is what a move is for: next takes over.',
    readme: 'A cut of the old connection is not told once the new one is connected',
  },
  {
    of: /^cut in a move/,
    phases: ['connecting'],
    lines: [/io open|io reconnect/, /^ {2}- \["(disconnect|io close)","transport close"/],
    why: 'Next may be there before the stock reconnect is, and before anybody has to know.',
    readme: 'After a cut that is told, either connection may be the first one back',
  },
  {
    of: /^Engine/,
    phases: ['holding'],
    lines: [
      /^ {2}[-+] \["string","websocket",(true|false),/,
      less(
        '[[["packet","2[\\"case31.\\",1]"],["data","2[\\"case31.\\",1]"],["message","2[\\"case31.\\",1]"]]]',
      ),
      more('[[]]'),
    ],
    why: 'The stock socket asks it whether a volatile emit can be written, and that is for next.',
    readme: 'While emits are held, `socket.io.engine` is already that of the new connection',
  },
  {
    of: /^order: disconnect, connect, io.disconnect$/,
    full: true, // these orders are played with the long tests alone
    lines: [less('["io close","forced close"]'), more('["io close","forced close"]')],
    why: 'The stock socket listens to its manager anew at each connect, and so behind the app.',
    readme: 'After `disconnect().connect()` the stock client may tell',
  },
  {
    of: /^Manager.socket$/,
    lines: [
      less('[true]'),
      less('[false,"/chat",{"of":"chat"},true,true]'),
      more('[false]'),
      more('[true,"/chat",{"of":"chat"},false,true]'),
    ],
    why: 'Vue wraps what the stock manager keeps, and the aware one keeps its sockets elsewhere.',
    readme: "Called by a proxy of Vue's, `socket.io.socket()` gives the socket itself",
  },
];

/**
 * What of a difference no row explains.
 *
 * @param used - notes the rows that explain something
 */
export function unexplained(name, phase, version, difference, used) {
  return difference.split('\n').filter((line) => {
    const row = DIFFERENCES.find(
      ({ of, phases, versions, lines }) =>
        (!of || of.test(name)) &&
        (!phases || phases.includes(phase)) &&
        (!versions || versions.includes(version)) &&
        lines.some((one) => (typeof one === 'string' ? one === line : one.test(line))),
    );
    if (row) used.add(row);
    return !row;
  });
}
