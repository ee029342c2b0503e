// docs/cli.md says of each command what its help says.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { COMMON, commonOf, parse } from '../../src/cli/program.js';

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

const sectionOf = (name: string): string => page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';

/** The flags and the defaults of a section's table. */
const rowsOf = (section: string): [flags: string, value: string][] =>
  Array.from(section.matchAll(/^\| `(-[^`]*)` \|([^|]*)\|/gm), ([, flags, value]) => [flags, value.trim()]);

test('the page has all of them, in the order of the table', () => {
  const headings = Array.from(page.matchAll(/^## (\w+)$/gm), ([, name]) => name);
  expect(headings).toEqual(COMMANDS.map(({ name }) => name));
  const links = Array.from(page.matchAll(/^- \[(\w+)\]\(#(\w+)\)$/gm), ([, name, place]) => [name, place]);
  expect(links).toEqual(headings.map((name) => [name, name]));
});

test('the options that all have', () => {
  const flags = rowsOf(page.split('\n## ')[0]).map(([each]) => each);
  expect(flags).toEqual(expect.arrayContaining(COMMON.map(({ flags }) => flags)));
});

describe.each(COMMANDS)('$name', ({ name, what, load }) => {
  test('it is told in a line', () => {
    expect(what).toMatch(/^.{10,80}$/);
  });

  test('the page has its options, with their defaults', async () => {
    const { options } = (await load()).command;
    const rows = rowsOf(sectionOf(name));
    expect(rows.map(([flags]) => flags)).toEqual(options.map(({ flags }) => flags));
    for (const [i, { default: value }] of options.entries()) {
      if (value !== undefined) expect(rows[i][1]).toBe(String(value));
    }
  });

  test('its examples, and those of the page, can be typed', async () => {
    const { examples } = (await load()).command;
    const ofPage = Array.from(sectionOf(name).matchAll(/^bitgrad .*$/gm), ([line]) => line);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(ofPage.length).toBeGreaterThanOrEqual(1);
    for (const line of [...examples.map(([each]) => each), ...ofPage]) {
      const [program, ...words] = line.replace(/ (<|>) ?\S+/g, '').split(' ');
      expect(program).toBe('bitgrad');
      expect(words[0]).toBe(name);
      expect(await parse(words)).toMatchObject({ command: (await load()).command });
    }
  });

  test('its help has options and examples', async () => {
    const { command } = await load();
    const help = (await parse([name, '--help'])) as { text: string; code: number };
    expect(help.code).toBe(0);
    for (const { flags } of [...command.options, ...commonOf(command.options)]) expect(help.text).toContain(flags);
    for (const [line, means] of command.examples) expect(help.text).toContain(`  ${line}\n      ${means}\n`);
    expect(await parse(['help', name])).toEqual(help);
  });
});
