// The house is as docs/architecture.md says: every file of src is in a room of its table, and imports go downwards only.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const map = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** The paths of each room, top floor first. */
const rooms = [...map.matchAll(/^\| (`src\/[^|]*) \|/gm)].map(([, paths]) =>
  [...paths.matchAll(/`([^`]+)`/g)].map(([, path]) => path),
);

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name.replaceAll('\\', '/')}`);

/** The floor of a file: the room whose path is the longest that it lies under; -1 without. */
function floorOf(file: string): number {
  let floor = -1;
  let longest = 0;
  for (const [i, paths] of rooms.entries()) {
    for (const path of paths) {
      const inside = path.endsWith('/') ? file.startsWith(path) : file === path;
      if (inside && path.length > longest) [floor, longest] = [i, path.length];
    }
  }
  return floor;
}

/** Files of src that a file imports: statically, as a type, or when it needs them. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport\(|^import)\s*'(\.[^']*)\.js'/gm)].map(([, path]) =>
    relative(root, resolve(root, dirname(file), `${path}.ts`)).replaceAll('\\', '/'),
  );
}

describe('rooms', () => {
  test('the table names what exists', () => {
    expect(rooms.length).toBeGreaterThan(10);
    expect(rooms.flat().filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('every file is in one', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
  });

  test('imports go downwards only', () => {
    const edges = files.flatMap((file) => importsOf(file).map((target) => [file, target]));
    expect(edges.length).toBeGreaterThan(500);
    const wrong = edges.filter(([file, target]) => floorOf(target) < floorOf(file));
    expect(wrong.map((edge) => edge.join(' -> '))).toEqual([]);
  });

  test('the rooms above the faces import those, and nothing below', () => {
    const faces = rooms.findIndex((paths) => paths.includes('src/index.ts'));
    const above = files.filter((file) => floorOf(file) < faces && file !== 'src/worker.ts');
    const targets = above.flatMap((file) => importsOf(file).map((target) => [file, target]));
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter(([, target]) => floorOf(target) > faces).map((edge) => edge.join(' -> '))).toEqual([]);
  });

  test('nothing that is exported is assigned to: the CommonJS files read it once', () => {
    expect(files.filter((file) => /^export (let|var)\b/m.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });

  test('host is the only one that asks where it runs', () => {
    const asks = /\bglobalThis as\b|\bprocess[?.]|\bnavigator\b|'node:|getBuiltinModule/;
    // The tool is for Node.
    const tool = /^src\/(cli|report|export|tables|formats|host)\//;
    const asking = files.filter((file) => !tool.test(file) && asks.test(code(file)));
    expect(asking).toEqual([]);
  });

  test('tests lie in rooms of the same names', () => {
    const others = ['faults', 'fixtures', 'package', 'support'];
    const names = readdirSync(join(root, 'test'), { withFileTypes: true }).flatMap((each) =>
      each.isDirectory() ? [each.name] : [],
    );
    expect(names.filter((name) => !others.includes(name) && !rooms.flat().includes(`src/${name}/`))).toEqual([]);
  });
});

/** A file without its comments. */
function code(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
