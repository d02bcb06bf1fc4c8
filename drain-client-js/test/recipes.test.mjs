// The recipes of docs/recipes.md, each with the real framework, over a move.
import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { build } from 'esbuild';
import { configureStore } from '@reduxjs/toolkit';
import { createPinia, setActivePinia } from 'pinia';
import { createElement, StrictMode } from 'react';
import { act, create } from 'react-test-renderer';
import { createRenderer, h } from 'vue';
import { io as stock } from 'socket.io-client';
import { io } from '../recipes/io.mjs';
import { useChat } from '../recipes/pinia.mjs';
import { useConnected, useRoom as useReactRoom } from '../recipes/react.mjs';
import { chat, chatMiddleware } from '../recipes/redux.mjs';
import { Room, useRoom as useVueRoom } from '../recipes/vue.mjs';
import { awareOf } from '../recipes/wrapper.mjs';
import { Pod, until } from './pods.mjs';
import { Front } from './surface-stage.mjs';

const RECIPES = new URL('../recipes/', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, RECIPES));

const closing = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Two pods with rooms behind one address. What is said on one goes to the room on both. */
async function setUp() {
  const front = await Front.start();
  const pods = [];
  closing.push(() => front.stop());
  for (const name of ['a', 'b']) {
    const pod = await Pod.start(name);
    closing.push(() => pod.stop());
    pods.push(pod);
    pod.entered = [];
    pod.said = [];
    pod.io.on('connection', (socket) => {
      socket.on('enter', (room) => {
        socket.join(room);
        pod.entered.push(room);
      });
      socket.on('say', (room, text) => {
        pod.said.push(text);
        for (const one of pods) one.io.to(room).emit('said', text);
      });
    });
  }
  const [a, b] = pods;
  front.pod = a;
  return {
    ...{ a, b, front, url: front.url },
    say: (text) => pods.forEach((pod) => pod.io.to('room 5').emit('said', text)),
    // A stock socket that is closed before it is connected may leave an idle Engine.IO session.
    sessions: () => a.sockets.length + b.sockets.length,
    /** Pod a asks its clients to move to b, and has none in the end. */
    async move({ held } = {}) {
      if (held) a.answerLanded = () => a.landings.length > 1;
      front.pod = b;
      a.hint();
      if (held) {
        await until(() => a.landings.length);
        held();
      }
      await until(() => b.sockets.length > 0 && !a.sockets.length);
    },
  };
}

/** The story of each recipe: a line, a move, another line, once. */
async function story(stage, lines, { held } = {}) {
  await until(() => stage.a.entered.length);
  stage.say('one');
  await until(() => lines().includes('one'));
  await stage.move({ held });
  await until(() => stage.b.entered.length);
  stage.say('two');
  await until(() => lines().includes('two'));
  assert.equal(stage.sessions(), 1);
}

// ---------------------------------------------------------------- React

/** Inside of these two effects are run at once; between them React does its work as on a page. */
async function inAct(action) {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true;
  await act(async () => action());
  globalThis.IS_REACT_ACT_ENVIRONMENT = false;
}

async function mountReact(component) {
  let root;
  await inAct(() => (root = create(createElement(StrictMode, null, createElement(component)))));
  return root;
}

const unmountReact = (root) => inAct(() => root.unmount());

test('React, with StrictMode, which mounts twice', async () => {
  const stage = await setUp();
  let lines = [];
  const Lines = () => {
    lines = useReactRoom(stage.url, 'room 5');
    return null;
  };
  const root = await mountReact(Lines);
  await story(stage, () => lines);
  assert.deepEqual(lines, ['one', 'two']);
  await unmountReact(root);
  await until(() => stage.sessions() === 0);
});

test('React, a state that is true all through a move', async () => {
  const stage = await setUp();
  const socket = io(stage.url);
  closing.push(() => socket.disconnect());
  const states = [];
  const State = () => {
    states.push(useConnected(socket));
    return null;
  };
  const root = await mountReact(State);
  await until(() => states.at(-1) === true);
  const from = states.length;
  await stage.move();
  assert.ok(!states.slice(from).includes(false));
  assert.ok(socket.connected);
  socket.disconnect();
  await until(() => states.at(-1) === false);
  await unmountReact(root);
});

// ---------------------------------------------------------------- Vue

/** Mounts a component of Vue without a page. */
function mount(component, props) {
  const node = (kind) => ({ kind, children: [] });
  const { createApp } = createRenderer({
    createElement: node,
    createText: node,
    createComment: node,
    insert() {},
    remove() {},
    setText() {},
    setElementText() {},
    patchProp() {},
    parentNode: () => null,
    nextSibling: () => null,
  });
  const app = createApp({ render: () => h(component, { ...props, ref: 'it' }) });
  return { app, vm: app.mount(node('root')) };
}

for (const [name, component] of [
  ['a composable', { props: ['url', 'room'], setup: ({ url, room }) => useVueRoom(url, room) }],
  ['data', Room],
]) {
  test(`Vue, ${name}`, async () => {
    const stage = await setUp();
    const { app, vm } = mount(
      { render: () => null, ...component },
      { url: stage.url, room: 'room 5' },
    );
    const { it } = vm.$refs;
    const held = () => {
      for (const n of [1, 2, 3]) it.socket.emit('say', 'elsewhere', n);
    };
    await story(stage, () => it.lines, { held });
    await until(() => stage.b.said.length === 3);
    assert.deepEqual([...it.lines], ['one', 'two']);
    assert.deepEqual([...stage.a.said, ...stage.b.said], [1, 2, 3]);
    app.unmount();
    await until(() => stage.sessions() === 0);
  });
}

test('Pinia, with the socket in the state', async () => {
  const stage = await setUp();
  setActivePinia(createPinia());
  const store = useChat();
  store.open(stage.url, 'room 5');
  const held = () => [1, 2, 3].forEach((n) => store.say(`held ${n}`));
  await story(stage, () => store.lines, { held });
  await until(() => store.lines.includes('held 3'));
  assert.deepEqual(stage.b.said, ['held 1', 'held 2', 'held 3']);
  store.close();
  await until(() => stage.sessions() === 0);
});

// ---------------------------------------------------------------- Redux

test('Redux Toolkit, with the socket in the middleware', async () => {
  const stage = await setUp();
  const errors = [];
  const { error } = console;
  console.error = (...args) => errors.push(args);
  closing.push(() => (console.error = error));
  const store = configureStore({
    reducer: { chat: chat.reducer },
    middleware: (defaults) => defaults().concat(chatMiddleware(stage.url, 'room 5')),
  });
  const { say, leave } = chat.actions;
  const held = () => store.dispatch(say('held'));
  await story(stage, () => store.getState().chat.lines, { held });
  await until(() => stage.b.said.length);
  assert.deepEqual(stage.b.said, ['held']);
  assert.equal(store.getState().chat.pod, 'b');
  store.dispatch(leave());
  await until(() => stage.sessions() === 0);
  assert.deepEqual(errors, [], 'no value in the state that cannot be serialized');
});

// ---------------------------------------------------------------- servers, wrappers, old platforms

test('rendering on a server: nothing is opened, and the process ends by itself', async () => {
  const child = spawn(process.execPath, [path('server-side.mjs')], { stdio: 'pipe' });
  closing.push(() => child.kill('SIGKILL'));
  const said = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => said.push(`${data}`));
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(late);
  assert.deepEqual([code, signal, said.join('')], [0, null, '']);
});

/** As ngx-socket-io has it: it calls `io` itself. */
class WrappedSocket {
  constructor({ url, options }) {
    this.ioSocket = stock(url, options);
  }

  on(event, listener) {
    this.ioSocket.on(event, listener);
    return this;
  }

  emit(event, ...args) {
    this.ioSocket.emit(event, ...args);
    return this;
  }
}

test('a wrapper that calls io, as ngx-socket-io does', async () => {
  const stage = await setUp();
  const AwareSocket = awareOf(WrappedSocket);
  const wrapped = new AwareSocket({ url: stage.url, options: {} });
  const lines = [];
  wrapped
    .on('connect', () => wrapped.emit('enter', 'room 5'))
    .on('said', (text) => lines.push(text));
  await story(stage, () => lines);
  assert.deepEqual(lines, ['one', 'two']);
  wrapped.ioSocket.disconnect();
});

test('a library that imports socket.io-client: a bundler’s alias', async () => {
  const stage = await setUp();
  const library = `
    import io, { Manager, connect, Socket } from 'socket.io-client';
    export const open = (url, options) => io(url, options);
    export const names = [typeof Manager, typeof Socket, connect === io];
  `;
  const { outputFiles } = await build({
    stdin: { contents: library, resolveDir: path('.') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: ['graceful-drain-client', 'socket.io-client/*'],
    plugins: [
      {
        name: 'alias',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^socket\.io-client$/ }, () => ({ path: path('aware-io.mjs') })),
      },
    ],
  });
  const bundle = `${path('.')}../build/recipe-alias.mjs`;
  writeFileSync(bundle, outputFiles[0].text);
  globalThis.WebSocket ??= (await import('ws')).WebSocket;
  const { open, names } = await import(bundle);
  assert.deepEqual(names, ['function', 'function', true]);
  const socket = open(stage.url, { transports: ['websocket'] });
  const lines = [];
  socket.on('connect', () => socket.emit('enter', 'room 5'));
  socket.on('said', (text) => lines.push(text));
  await story(stage, () => lines);
  socket.disconnect();
});

test('React Native: its URLSearchParams and URL, and no structuredClone', async () => {
  const stage = await setUp();
  const child = fork(fileURLToPath(new URL('recipes-native.mjs', import.meta.url)), [stage.url]);
  closing.push(() => child.kill('SIGKILL'));
  const lines = [];
  child.on('message', (text) => lines.push(text));
  await story(stage, () => lines, { held: () => child.send('say') });
  await until(() => stage.a.said.length + stage.b.said.length);
  assert.equal(`${[...stage.a.said, ...stage.b.said]}`, 'bytes');
  for (const { token, room } of [stage.a.queries[0], stage.b.queries[0]]) {
    assert.deepEqual([token, room], ['a b', '5']);
  }
});

test('webpack 4 and old web views: each published file is ES2017', () => {
  const dist = new URL('../dist/', import.meta.url);
  const files = readdirSync(dist).filter((name) => /\.c?js$/.test(name));
  assert.equal(files.length, 3);
  for (const file of files) {
    const sourceType = file === 'drain-client.js' ? 'module' : 'script';
    parse(readFileSync(new URL(file, dist), 'utf8'), { ecmaVersion: 2017, sourceType });
  }
  // It knows no `exports`, and takes these.
  const own = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  assert.deepEqual([own.main, own.module].map((file) => file.slice('./dist/'.length)).sort(), [
    'drain-client.cjs',
    'drain-client.js',
  ]);
});

test('docs/recipes.md shows each recipe as it is tested', () => {
  const docs = readFileSync(new URL('../../docs/recipes.md', import.meta.url), 'utf8');
  for (const file of readdirSync(RECIPES)) {
    const source = readFileSync(new URL(file, RECIPES), 'utf8').trim();
    assert.ok(docs.includes(source), file);
  }
});
