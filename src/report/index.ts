// A training told to people: one HTML file that needs nothing else, and a summary for pull requests.

import type { Run } from '../tables/index.js';
import { markdownOf } from './markdown.js';
import { pageOf } from './page.js';

export interface Report {
  /** A page in one file, below 1 MB, which loads nothing: light, dark, and for paper. */
  readonly html: string;
  /** Markdown as GitHub takes it, below 60 lines. */
  readonly markdown: string;
}

/**
 * What a training was and what its model is worth, in words, tables and charts.
 *
 * Whatever stands in the data is shown as text, and cut where it is long; what is not drawn for want of room is said, and what cannot
 * be drawn is said in words. The same run gives the same bytes.
 *
 * @param run of trainTable and saveModel
 */
export function reportOf(run: Run): Report {
  return { html: pageOf(run), markdown: markdownOf(run) };
}
