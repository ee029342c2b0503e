// Every link in the pages goes somewhere: to a file that is there, and to a heading that it has. And what the three engines' entries say of
// the functions that they share is the same.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const pagesIn = (folder: string) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => folder + name.replaceAll('\\', '/'));
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...['docs/', 'examples/', 'test/fixtures/'].flatMap(pagesIn),
];

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '').replace(/(`+)[^\n]*?\1/g, '');

/** As GitHub and npm name headings: a second one of the same name ends in -1. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const times = new Map<string, number>();
  for (const [, heading] of text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ +(.*?) *#*$/gm)) {
    const shown = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = shown.replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const before = times.get(slug) ?? 0;
    times.set(slug, before + 1);
    anchors.add(before ? `${slug}-${before}` : slug);
  }
  for (const [, id] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** The links of a text, as they stand there, that lead nowhere. @param page where the text stands */
function deadLinks(page: string, text: string): string[] {
  const links = [
    ...withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|<(?:a|img)\b[^>]*\b(?:href|src)="([^"]+)"/g),
  ];
  return links
    .map(([, inBrackets, inTag]) => inBrackets ?? inTag)
    .filter((link) => {
      if (/^[a-z]+:/i.test(link)) return !URL.canParse(link);
      const [path, anchor] = link.split('#');
      const target = path ? posix.join(posix.dirname(page), decodeURI(path)) : page;
      // What it leads out of, no copy of the package has.
      if (target.startsWith('..') || !existsSync(new URL(target, root))) return true;
      if (anchor === undefined) return false;
      return !target.endsWith('.md') || !anchorsOf(path ? read(target) : text).has(anchor);
    });
}

test.each(PAGES)('%s: no dead links', (page) => {
  expect(deadLinks(page, read(page))).toEqual([]);
});

test('the links were looked at, and a dead one would be seen', () => {
  const links = PAGES.flatMap((page) => [...withoutCode(read(page)).matchAll(/\]\([^)\s]+\)/g)]);
  expect(links.length).toBeGreaterThan(60);
  const dead = (text: string) => deadLinks('docs/network.md', `# A \`b\`, c\n\n${text}`);
  const alive = ['[x](#a-b-c)', '[x](training.md)', '[x](training.md#optimizers)', '[x](../README.md)', '`[x](no.md)`'];
  expect(alive.flatMap(dead)).toEqual([]);
  const broken = [
    '[x](#a-b)',
    '[x](no.md)',
    '[x](training.md#no)',
    '[x](../../README.md)',
    '![x](no.svg)',
    '<img src="no.png">',
  ];
  expect(broken.flatMap(dead)).toHaveLength(broken.length);
});

/** A name, and the docstring before it. */
const DOCUMENTED = /\/\*\* (.*) \*\/\n(?:export const | {2})(\w+)/g;

test('docstrings of what bitgrad, bitgrad/ts and bitgrad/wasm export are the same', () => {
  const documented = (...files: string[]) =>
    Object.fromEntries(
      files.flatMap((file) => [...read(file).matchAll(DOCUMENTED)].map(([, text, name]) => [name, text])),
    );
  const main = documented('src/automatic.ts', 'src/automatic-engine.ts');
  expect(Object.keys(main)).toHaveLength(20);
  expect(documented('src/ts.ts')).toEqual(main);
  expect(documented('src/wasm.ts')).toEqual(main);
});
