// The report, as it is built, in Chromium: it loads nothing, says nothing in the console, draws its charts, and can be read in light, in
// dark, on a telephone and on paper. What it looked like is kept in build/report/.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../../src/report/index.js';
import type { Run } from '../../../src/tables/index.js';
import { hostile, hundred, regression, sparse, three } from '../../report/runs.js';
import { BROWSERS } from './browsers.js';

const { path } = BROWSERS[0];
const OUT = new URL('../../../build/report/', import.meta.url);
const BUILT = new URL('../../../dist/tool/report.js', import.meta.url);

const RUNS: readonly (readonly [name: string, run: Run, charts: number])[] = [
  ['three', three(), 9],
  ['hundred', hundred(), 18],
  ['regression', regression(), 8],
  ['sparse', sparse(), 9],
  ['hostile', hostile(), 18],
];
const VIEWS = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 400, scheme: 'light' },
  { width: 400, scheme: 'dark' },
] as const;

/** What axe would look for, of what needs a page that is laid out. Runs in it. */
function faults(): string[] {
  const said: string[] = [];
  const seen = (element: Element) => element.checkVisibility();
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    if (!seen(svg)) continue;
    const { width, height } = svg.getBoundingClientRect();
    if (!(width > 50 && height > 20)) said.push(`${svg.querySelector('title')?.textContent} is ${width} x ${height}`);
    // Names below 8 pixels are read by nobody.
    for (const text of svg.querySelectorAll('text')) {
      const scale = width / Number(svg.getAttribute('width'));
      const size = Number.parseFloat(getComputedStyle(text).fontSize) * scale;
      if (size < 7) said.push(`text of ${size} px: ${text.textContent}`);
    }
  }
  for (const cell of document.querySelectorAll('th,td,dd,p,h1,h2')) {
    if (seen(cell) && cell.scrollWidth > cell.clientWidth + 1) said.push(`cut: ${cell.textContent?.slice(0, 40)}`);
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) said.push(`the page is ${root.scrollWidth} wide`);
  for (const each of document.querySelectorAll('.scroll,pre')) {
    if (each.scrollWidth > each.clientWidth && each.getAttribute('tabindex') !== '0')
      said.push('scrolls, but not by keys');
  }
  return [...new Set(said)];
}

/** Opens it from the disk, as a user does; what it says and asks for. */
async function show(browser: Browser, name: string, { width, scheme }: (typeof VIEWS)[number]) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  const own = new URL(`${name}.html`, OUT).href;
  page.on('request', (request) => {
    if (request.url() !== own && request.url() !== 'data:,') said.push(`asks for ${request.url()}`);
  });
  await page.goto(own);
  return { page, said };
}

/** What has the focus after each press of Tab, and whether that can be seen. */
async function tabbed(page: Page, times: number): Promise<{ name: string; outline: string }[]> {
  const stops: { name: string; outline: string }[] = [];
  for (let i = 0; i < times; i++) {
    await page.keyboard.press('Tab');
    stops.push(
      await page.evaluate(() => {
        const at = document.activeElement as Element;
        return {
          name: `${at.localName} ${at.textContent?.trim().slice(0, 20)}`,
          outline: getComputedStyle(at).outlineStyle,
        };
      }),
    );
  }
  return stops;
}

test.runIf(process.env.CI)('Chromium is there', () => expect(path).toBeDefined());

describe.skipIf(path === undefined)('the report in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    expect(existsSync(BUILT)).toBe(true);
    const { reportOf } = (await import(fileURLToPath(BUILT))) as { reportOf(run: Run): Report };
    mkdirSync(OUT, { recursive: true });
    for (const [name, run] of RUNS) {
      const { html, markdown } = reportOf(run);
      writeFileSync(new URL(`${name}.html`, OUT), html);
      writeFileSync(new URL(`${name}.md`, OUT), markdown);
    }
    browser = await chromium.launch({
      executablePath: path,
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
    });
  });
  afterAll(() => browser?.close());

  describe.each(RUNS)('%s', (name, _, charts) => {
    test.each(VIEWS)('at $width, $scheme', async (view) => {
      const { page, said } = await show(browser, name, view);
      expect(await page.locator('svg[role=img]').count()).toBe(charts);
      expect(await page.evaluate(faults)).toEqual([]);
      const file = fileURLToPath(new URL(`${name}-${view.width}-${view.scheme}.png`, OUT));
      // Of all that is there, but no more than can be taken at once.
      const height = await page.evaluate(() => Math.min(document.documentElement.scrollHeight, 8000));
      await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: view.width, height } });
      expect(said).toEqual([]);
      await page.close();
    });

    test('on paper', async () => {
      const { page, said } = await show(browser, name, VIEWS[1]);
      const pdf = await page.pdf({ path: fileURLToPath(new URL(`${name}.pdf`, OUT)), preferCSSPageSize: true });
      expect(pdf.length).toBeGreaterThan(10_000);
      await page.emulateMedia({ media: 'print' });
      // Ink is dark, whatever the screen was; what cannot be opened on paper is not there.
      const [ink, nav] = await page.evaluate(() => [
        getComputedStyle(document.body).color,
        getComputedStyle(document.querySelector('nav') as Element).display,
      ]);
      expect([ink, nav]).toEqual(['rgb(29, 33, 41)', 'none']);
      expect(said).toEqual([]);
      await page.close();
    });
  });

  test('by keys: past the contents, to what scrolls and unfolds, and it is seen where one is', async () => {
    const { page } = await show(browser, 'three', VIEWS[0]);
    const stops = await tabbed(page, 12);
    expect(stops[0].name).toBe('a Skip to the results');
    expect(stops.filter(({ outline }) => outline !== 'solid')).toEqual([]);
    expect(stops.map(({ name }) => name.split(' ')[0])).toEqual(expect.arrayContaining(['a', 'summary', 'section']));
    await page.reload();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('main');
    await page.close();
  });

  test('its policy holds: what is put into it does not run, nor load', async () => {
    const page = await browser.newPage();
    const answered: string[] = [];
    page.on('response', (response) => answered.push(response.url()));
    await page.goto(new URL('three.html', OUT).href);
    const ran = await page.evaluate(async () => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
      document.body.insertAdjacentHTML(
        'beforeend',
        '<img src="https://example.com/a.png" alt=""><style>body{color:red}</style>',
      );
      const script = document.createElement('script');
      script.textContent = 'document.title = "ran"';
      document.body.append(script);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { title: document.title, refused: refused.sort() };
    });
    expect(ran.title).toBe('species from iris.csv: report');
    expect(ran.refused).toEqual(['img-src', 'script-src-elem', 'style-src-elem']);
    expect(answered.filter((url) => url.startsWith('http'))).toEqual([]);
    await page.close();
  });
});
