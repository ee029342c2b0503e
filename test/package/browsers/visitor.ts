// A browser that shows page after page, and the tests that run in each of them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSERS, type Browser, open } from './browsers.js';
import type { Report, Sites } from './site.js';

/** What is noticed within 2 s, and the rest of a page. */
export const NOTICED_SECONDS = 3.5;

export class Visitor {
  readonly browser: Browser;
  readonly #sites: Sites;
  #close: (() => Promise<string[]>) | undefined;

  constructor(browser: Browser, sites: Sites) {
    this.browser = browser;
    this.#sites = sites;
  }

  open(): void {
    this.#close = open(this.browser, `${this.#sites.origin()}/driver/${this.browser.name}`);
  }

  /** Ends it, and says what stood in its console. */
  async close(): Promise<string[]> {
    const close = this.#close;
    this.#close = undefined;
    return (await close?.()) ?? [];
  }

  /** What a page reports, shown in a frame of the one that is open. */
  ask(page: string, options: object): Promise<Report> {
    const { url, report } = this.#sites.ask(page, options);
    this.#sites.show(this.browser.name, url);
    return report;
  }

  /** The same, shown by itself: frames are as isolated as who shows them. */
  async askAlone(page: string, options: object): Promise<Report> {
    const { url, report } = this.#sites.ask(page, options);
    const close = open(this.browser, url);
    return report.finally(close);
  }
}

/** Tests for each browser; one that is missing skips them, and fails in CI. */
export function inBrowsers(sites: Sites, tests: (visitor: Visitor, missing: boolean) => void): void {
  describe.each(BROWSERS)('$name', (browser) => {
    const missing = browser.path === undefined;
    test.runIf(missing && process.env.CI)('it is there', () => expect(browser.path).toBeDefined());
    const visitor = new Visitor(browser, sites);
    beforeAll(() => {
      if (!missing) visitor.open();
    });
    afterAll(async () => {
      await visitor.close();
    });
    tests(visitor, missing);
  });
}
