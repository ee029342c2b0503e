// The page and the summary of every kind of run: whole, valid, small, and open to everybody.

import { HtmlValidate } from 'html-validate';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../src/report/index.js';
import { hostile, huge, hundred, regression, sparse, three, two } from './runs.js';

/** What a browser loads or runs. */
const LOADS =
  'script,img,iframe,object,embed,video,audio,source,base,form,link:not([href="data:,"]),[style],[onload],[onerror],image,use,foreignObject';
const KINDS = { three, two, hundred, regression, sparse, hostile, huge };
const all = Object.entries(KINDS).map(([name, run]) => ({ name, ...reportOf(run()) }));

const validator = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:document', 'html-validate:a11y'],
  // A command may end its lines with spaces.
  rules: { 'no-trailing-whitespace': 'off' },
});

const textOf = (element: { textContent: string | null } | null) => element?.textContent ?? '';

describe.each(all)('$name', ({ name, html, markdown }) => {
  const { document } = parseHTML(html);
  const find = (selector: string) => [...document.querySelectorAll(selector)] as unknown as Element[];

  // The others have no other elements, and take seconds.
  test.runIf(['regression', 'hostile'].includes(name))('is valid HTML', async () => {
    const { results } = await validator.validateString(html);
    expect(results.flatMap(({ messages }) => messages)).toEqual([]);
  });

  test('is below 1 MB, the summary below 60 lines', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000);
    expect(markdown.split('\n').length).toBeLessThan(60);
    expect(Buffer.byteLength(markdown)).toBeLessThan(32_000);
  });

  test('loads nothing, runs nothing, and may not', () => {
    expect(find(LOADS).map(({ outerHTML }) => outerHTML)).toEqual([]);
    expect(find('style')).toHaveLength(1);
    const policy = find('meta[http-equiv="Content-Security-Policy"]')[0].getAttribute('content');
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src data:; base-uri 'none'; form-action 'none'$/,
    );
    expect(find('a').filter((a) => !a.getAttribute('href')?.startsWith('#'))).toEqual([]);
    expect(textOf(document.querySelector('style'))).not.toMatch(/url\(|@import/);
  });

  test('has a language, a title, one h1, headings in their order, a way past the contents', () => {
    expect(document.documentElement.getAttribute('lang')).toBe('en');
    expect(textOf(document.querySelector('title')).length).toBeGreaterThan(10);
    const levels = find('h1,h2,h3,h4,h5,h6').map(({ localName }) => Number(localName[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, i) => (i === 0 ? level === 1 : level <= levels[i - 1] + 1))).toBe(true);
    const first = find('a')[0];
    expect(document.querySelector(first.getAttribute('href') as string)?.localName).toBe('main');
    expect(find('nav a').map((a) => document.querySelector(a.getAttribute('href') as string)?.localName)).toEqual(
      find('h2').map(() => 'h2'),
    );
  });

  test('its charts are images with names and descriptions, in figures with captions', () => {
    const charts = find('svg:not([aria-hidden])');
    expect(charts.length).toBeGreaterThan(3);
    for (const chart of charts) {
      expect(chart.getAttribute('role')).toBe('img');
      for (const [attribute, child] of [
        ['aria-labelledby', 'title'],
        ['aria-describedby', 'desc'],
      ]) {
        const said = chart.querySelector(child);
        expect(said?.getAttribute('id')).toBe(chart.getAttribute(attribute));
        expect(textOf(said).length).toBeGreaterThan(3);
      }
      const caption = chart.closest('figure')?.querySelector('figcaption');
      expect(textOf(caption ?? null).length).toBeGreaterThan(10);
      // Something is drawn, and without complaints of the library.
      expect(chart.querySelectorAll('path,line,rect,circle').length).toBeGreaterThan(0);
      expect(textOf(chart)).not.toContain('⚠');
    }
    const ids = find('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('its tables have captions, its cells heads', () => {
    const tables = find('table');
    expect(tables.length).toBeGreaterThan(4);
    for (const table of tables) {
      expect(textOf(table.querySelector('caption')).length).toBeGreaterThan(3);
      expect([...table.querySelectorAll('th')].filter((th) => !th.getAttribute('scope'))).toEqual([]);
      const columns = table.querySelectorAll('thead th').length;
      for (const row of table.querySelectorAll('tbody tr')) {
        expect(row.children).toHaveLength(columns);
        expect(row.children[0].getAttribute('scope')).toBe('row');
      }
    }
    expect(
      find('.scroll').filter((each) => each.getAttribute('tabindex') !== '0' || !each.getAttribute('aria-labelledby')),
    ).toEqual([]);
  });

  test('nothing that is no text stands in it', () => {
    for (const text of [html, markdown]) {
      expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\bInfinity\b|\[object |\bnull\b/);
      expect(text.isWellFormed()).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
  });
});

test('the same run gives the same bytes', () => {
  expect(reportOf(three())).toEqual(reportOf(three()));
});

test('what the issue asks for is in it', () => {
  const ids = (html: string) =>
    [...html.matchAll(/<(?:figure|table|h2|pre)\b[^>]*? id="([\w-]+)"/g)].map(([, id]) => id);
  const every = [
    'results',
    'metrics',
    'loss',
    'training',
    'saliency',
    'network',
    'weights',
    'data',
    'columns',
    'hashes',
    'timings',
    'repeat',
  ];
  const classes = [...every, 'confusion', 'classes', 'roc', 'calibration', 'target'];
  expect(ids(all[0].html)).toEqual(expect.arrayContaining(classes));
  expect(ids(all[1].html)).toEqual(expect.arrayContaining(classes));
  expect(ids(all[3].html)).toEqual(expect.arrayContaining([...every, 'predicted', 'residuals', 'spread']));
  const { notes, model, machine } = three();
  for (const text of [
    notes.command,
    model.sha256,
    model.parametersSha256,
    machine.cpu,
    machine.runtime,
    notes.data.files[0].sha256 as string,
  ]) {
    expect(all[0].html).toContain(text);
  }
});
