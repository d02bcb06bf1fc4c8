// Compares the events that the pods saw with the expected ones.
import { isDeepStrictEqual } from 'node:util';

/** The new connection had joined before the old one was let go. */
export function gapless([from, to], log, ns, hold) {
  const next = log.all('joined', { pod: to, ns })[0];
  const old = log.all('left', { pod: from, ns })[0];
  const cut = log.all('cut', { pod: from })[0];
  const end = cut ?? old;
  hold(next, `never joined ${to} in ${ns}`);
  hold(!next || !end || next.seq < end.seq, `${from} was left in ${ns} before ${to} was joined`);
}

/** Moves never overlap; an old connection that has said landed may linger beside the next move. */
export function atMostTwo(log, first, hold) {
  const living = new Map();
  for (const entry of log.entries()) {
    if (entry.what === 'joined') living.set(entry.pod + entry.sid, entry);
    else if (['left', 'landed'].includes(entry.what)) living.delete(entry.pod + entry.sid);
    else if (entry.what === 'cut') {
      for (const [key, { pod }] of living) if (pod === entry.pod) living.delete(key);
    }
    const many = [...living.values()].filter((joined) => joined.ns === first).length;
    if (many > 2) {
      hold(false, `${many} connections at once: a move was begun during another`);
      return;
    }
  }
}

/** Each handshake has the app's own parameters, and the tickets are those of the hints. */
export function handshakes({ expect, open = {} }, log, hold) {
  for (const { pod, query } of log.all('handshake')) {
    hold(query.drain === '1', `a handshake at ${pod} without drain=1: ${JSON.stringify(query)}`);
    for (const [name, value] of Object.entries(open.query ?? {})) {
      hold(query[name] === value, `a handshake at ${pod} without the app's ${name}=${value}`);
    }
  }
  for (const { pod, ns, auth } of log.all('joined')) {
    for (const [name, value] of Object.entries(open.auth ?? {})) {
      const holds = [value, open.refresh?.[name] ?? value].includes(auth[name]);
      hold(holds, `joined ${pod} in ${ns} without the app's auth`);
    }
  }
  for (const [pod, queries] of Object.entries(expect.queries ?? {})) {
    for (const [at, wanted] of queries.entries()) {
      const query = log.all('handshake', { pod })[at]?.query ?? {};
      for (const [name, value] of Object.entries(wanted)) {
        const holds = query[name] === value;
        hold(holds, `${name} of handshake ${at + 1} at ${pod} is ${query[name]} (expected: ${value})`);
      }
    }
  }
  for (const [pod, transports] of Object.entries(expect.transports ?? {})) {
    const had = log.all('handshake', { pod }).map(({ transport }) => transport);
    hold(had.join() === transports.join(), `handshakes at ${pod} over ${had} (expected: ${transports})`);
  }
  for (const [pod, tickets] of Object.entries(expect.tickets ?? {})) {
    const presented = log.all('handshake', { pod }).map((entry) => entry.query.ticket ?? null);
    const same = JSON.stringify(presented) === JSON.stringify(tickets);
    hold(same, `tickets presented at ${pod}: ${JSON.stringify(presented)} (expected: ${JSON.stringify(tickets)})`);
  }
}

/** What the client brings of its last session, at each CONNECT: by pod and namespace. */
export function recoveries(expect, log, hold) {
  for (const [pod, namespaces] of Object.entries(expect.brings ?? {})) {
    for (const [ns, wanted] of Object.entries(namespaces)) {
      const had = log.all('joined', { pod, ns }).map(({ auth: { pid, offset } }) => ({ pid, offset }));
      const [brought, said] = [JSON.stringify(had), JSON.stringify(wanted)];
      hold(brought === said, `CONNECT in ${ns} of ${pod} brought ${brought} (expected: ${said})`);
    }
  }
}

export function hints(expect, log, hold) {
  for (const [ticket, times] of Object.entries(expect.heard ?? {})) {
    const heard = log.all('heard', { ticket });
    const said = log.all('hint', { ticket }).length;
    const [least, most] = times === 'each' ? [said, said] : times;
    const holds = heard.length >= least && heard.length <= most;
    hold(holds, `hint ${ticket} was acknowledged ${heard.length} times (expected: ${least} to ${most})`);
    for (const { answer } of heard) {
      hold(answer.length === 0, `hint ${ticket} was answered with ${JSON.stringify(answer)}`);
    }
  }
}

/** The app's answers to a pod's questions, each once. */
export function replies(expect, log, hold) {
  for (const [pod, events] of Object.entries(expect.replies ?? {})) {
    for (const [event, answers] of Object.entries(events)) {
      const got = log.all('replied', { pod, event }).map(({ args }) => args);
      const [had, wanted] = [JSON.stringify(got), JSON.stringify(answers)];
      const same = isDeepStrictEqual(got, answers);
      hold(same, `${event} of ${pod} was answered with ${had} (expected: ${wanted})`);
    }
  }
}

/** Volatile emits may be lost; they are never there twice, nor overtake each other. */
export function ticks(log, ns, hold) {
  const numbers = log.all('tick', { ns }).map(({ n }) => n);
  const at = numbers.findIndex((n, place) => place > 0 && n <= numbers[place - 1]);
  const pair = numbers.slice(Math.max(0, at - 1), at + 1);
  hold(at < 0, `volatile emits in ${ns} twice or out of order: ${pair}`);
}

export function landings(expect, log, first, hold) {
  for (const [pod, [to, least, most]] of Object.entries(expect.landed ?? {})) {
    const said = log.all('landed', { pod });
    const holds = said.length >= least && said.length <= most;
    hold(holds, `drain:landed came ${said.length} times at ${pod} (expected: ${least} to ${most})`);
    for (const { data } of said) {
      const exact = data?.pod === to && Number.isInteger(data.connectMs) && data.connectMs >= 0;
      hold(exact, `drain:landed at ${pod} is ${JSON.stringify(data)} (expected: pod ${to}, connectMs)`);
    }
    const stray = said.find((entry) => entry.ns !== first);
    hold(!stray, `drain:landed came in ${stray?.ns} (expected: ${first}, the first one joined)`);
    const sent = [...log.all('up', { pod }), ...log.all('tick', { pod })];
    const late = (entry) => entry.seq > said[0].seq && !expect.left?.includes(entry.ns);
    const after = said[0] && sent.find(late);
    hold(!after, `${after?.what} ${after?.n} came to ${pod} after drain:landed`);
  }
}

export function attempts(expect, log, hold) {
  const { total, pods = {}, spacingMs } = expect.attempts ?? {};
  const made = log.all('handshake').filter((entry) => entry.query.ticket !== undefined);
  const within = (many, [least, most], where) => {
    hold(many >= least && many <= most, `${many} attempts ${where} (expected: ${least} to ${most})`);
  };
  if (total) within(made.length, total, 'in all');
  for (const [pod, range] of Object.entries(pods)) {
    within(made.filter((entry) => entry.pod === pod).length, range, `at ${pod}`);
  }
  for (let at = 1; spacingMs && at < made.length; at++) {
    const between = Math.round(made[at].at - made[at - 1].at);
    const holds = between >= spacingMs[0] && between <= spacingMs[1];
    hold(holds, `${between} ms between attempts (expected: ${spacingMs[0]} to ${spacingMs[1]})`);
  }
}
