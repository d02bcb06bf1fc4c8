// Rules for the source: no import circle, not even in types; no `any` without a reason.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const LINES_MOST = 400;
const src = fileURLToPath(new URL('../src/', import.meta.url));
const sources = readdirSync(src).map((file) => {
  const text = readFileSync(src + file, 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
});

function* nodesOf(node) {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

/** The sources of a file's imports and exports; types alone count as well. */
function importsOf(source) {
  return [...nodesOf(source)]
    .filter((node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node))
    .map(({ moduleSpecifier }) => moduleSpecifier?.text)
    .filter((from) => from?.startsWith('.'))
    .map((from) => from.replace('./', '').replace(/\.js$/, '.ts'));
}

/** A way along the imports that comes back to where it began, or undefined. */
function circleIn(imports) {
  const done = new Set();
  const visit = (file, way) => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = visit(next, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

test('the imports of src, types included, make no circle', () => {
  const imports = new Map(sources.map((source) => [source.fileName, importsOf(source)]));
  for (const [file, from] of imports) {
    for (const each of from) assert.ok(imports.has(each), `${file} imports ${each}`);
  }
  assert.ok(imports.get('client.ts').includes('move.ts'), 'imports are found');
  assert.ok(imports.get('state.ts').includes('hold.ts'), 'imports of types are found');
  assert.equal(circleIn(imports)?.join(' -> '), undefined);
});

test('a circle would be found', () => {
  const imports = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', ['d']],
    ['d', ['b']],
  ]);
  assert.deepEqual(circleIn(imports), ['b', 'c', 'd', 'b']);
});

test('each `any` has a comment that says why, right above it', () => {
  for (const source of sources) {
    const lines = source.text.split('\n');
    for (const node of nodesOf(source)) {
      if (node.kind !== ts.SyntaxKind.AnyKeyword) continue;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      assert.match(lines[line - 1], /^\s*\/\/ any: /, `${source.fileName}:${line + 1}`);
    }
  }
});

test(`no file has more than ${LINES_MOST} lines`, () => {
  for (const { fileName, text } of sources) {
    const lines = text.split('\n').length - 1;
    assert.ok(lines <= LINES_MOST, `${fileName}: ${lines} lines`);
  }
});
