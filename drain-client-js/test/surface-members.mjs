// What socket.io-client gives to an app, read from its own types: the list that the tests of the
// surface must cover.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const require = createRequire(import.meta.url);

/** The packages that the tests are run with, by the version of the client. */
export const PACKAGES = {
  4.5: 'socket.io-client-4.5',
  4.6: 'socket.io-client-4.6',
  4.7: 'socket.io-client-4.7',
  4.8: 'socket.io-client',
};

/** Private by the types, and used by apps all the same. */
export const UNDOCUMENTED = [
  ...['nsp', 'ids', 'acks', 'flags', 'subs'].map((name) => `Socket.${name}`),
  ...['uri', 'nsps', 'backoff', 'encoder', 'decoder', 'disconnect'].map((n) => `Manager.${n}`),
  ...['readyState', 'opts', 'hostname', 'port', 'secure', 'upgrading', 'transports'].map(
    (name) => `Engine.${name}`,
  ),
];

const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

/** Every member, event and option of that client, such as `Socket.emit` and `Manager event ping`. */
export function membersOf(version) {
  const client = dirname(require.resolve(`${PACKAGES[version]}/package.json`));
  const engine = dirname(require.resolve('engine.io-client/package.json', { paths: [client] }));
  const file = (root, name) => join(root, 'build/esm', `${name}.d.ts`);
  const entries = [file(client, 'index'), file(engine, 'index')];
  const program = ts.createProgram(entries, {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const exportsOf = (path) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)));
  const resolved = (symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = (path, name) => resolved(exportsOf(path).find((symbol) => symbol.name === name));
  const names = (type) =>
    checker
      .getPropertiesOfType(type)
      .filter((p) => !(ts.getCombinedModifierFlags(p.declarations[0]) & HIDDEN))
      .map(({ name }) => name);
  const of = (path, name) => names(checker.getDeclaredTypeOfSymbol(exported(path, name)));
  const events = (path, name) => {
    const source = program.getSourceFile(path);
    const found = source.statements.find((one) => one.name?.text === name);
    return found.members.map((member) => member.name.text);
  };
  const [index, engineIndex] = entries;
  const values = exportsOf(index)
    .filter((symbol) => resolved(symbol).flags & ts.SymbolFlags.Value)
    .map(({ name }) => name);
  return [
    ...values.map((name) => `export ${name}`),
    ...of(index, 'Socket').map((name) => `Socket.${name}`),
    ...of(index, 'Manager').map((name) => `Manager.${name}`),
    ...of(engineIndex, 'Socket').map((name) => `Engine.${name}`),
    ...of(index, 'SocketOptions').map((name) => `option ${name}`),
    ...of(index, 'ManagerOptions').map((name) => `option ${name}`),
    ...events(file(client, 'socket'), 'SocketReservedEvents').map((n) => `Socket event ${n}`),
    ...events(file(client, 'manager'), 'ManagerReservedEvents').map((n) => `Manager event ${n}`),
    ...events(file(engine, 'socket'), 'SocketReservedEvents').map((n) => `Engine event ${n}`),
  ];
}
