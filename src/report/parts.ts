// What sections are made of: figures, tables, lists of names and values, and words where there is nothing to draw.

import { type Html, html, type Part } from './html.js';

export interface Section {
  /** Of its heading's address. */
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

interface Figure {
  readonly id: string;
  readonly title: string;
  /** What can be read from it. */
  readonly note?: Part;
  readonly chart: Html;
  /** Below it: a legend, the numbers. */
  readonly more?: Part;
  /** As wide as the page, and to be scrolled where that is not wide enough. */
  readonly wide?: boolean;
}

export function figure({ id, title, note, chart, more, wide }: Figure): Html {
  const caption = html`<figcaption id="${id}-caption"><b>${title}</b>${note && html` <span>${note}</span>`}</figcaption>`;
  const drawn = wide
    ? html`<section class="scroll" tabindex="0" aria-labelledby="${id}-caption">${chart}</section>`
    : chart;
  return html`<figure id="${id}"${wide && html` class="wide"`}>${caption}${drawn}${more}</figure>
`;
}

/** In the place of a figure for which there is nothing to draw. */
export const instead = (title: string, why: Part): Html => html`<div class="instead"><p><b>${title}</b> ${why}</p></div>
`;

export interface Head {
  readonly text: string;
  /** Numbers. */
  readonly right?: boolean;
}

interface Table {
  readonly id: string;
  readonly caption: Part;
  readonly heads: readonly Head[];
  /** The first cell is the row's name. */
  readonly rows: readonly (readonly Part[])[];
  /** Many columns: it can be scrolled. */
  readonly wide?: boolean;
}

export function table({ id, caption, heads, rows, wide }: Table): Html {
  const side = (i: number) => heads[i].right && html` class="number"`;
  const head = heads.map(({ text }, i) => html`<th scope="col"${side(i)}>${text}</th>`);
  const cell = (part: Part, i: number) =>
    i === 0 ? html`<th scope="row">${part}</th>` : html`<td${side(i)}>${part}</td>`;
  const body = rows.map(
    (row) => html`<tr>${row.map(cell)}</tr>
`,
  );
  const all = html`<table id="${id}"><caption id="${id}-caption">${caption}</caption><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table>
`;
  return wide ? html`<section class="scroll" tabindex="0" aria-labelledby="${id}-caption">${all}</section>` : all;
}

/** Names and values. */
export const pairs = (list: readonly (readonly [name: Part, value: Part])[]): Html =>
  html`<dl class="pairs">${list.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  )}</dl>`;

export const details = (summary: Part, body: Html): Html => html`<details><summary>${summary}</summary>${body}</details>
`;

/** Side by side where there is room. */
export const beside = (...parts: readonly Part[]): Html => html`<div class="beside">${parts}</div>
`;

export const paragraph = (...parts: readonly Part[]): Html => html`<p>${parts}</p>
`;

/** Lines of a chart: of which colour and dashes, and what they stand for. */
export function legend(lines: readonly { colour: string; dash?: string; text: Part }[]): Html {
  const sample = (colour: string, dash?: string) =>
    html`<svg width="26" height="8" viewBox="0 0 26 8" aria-hidden="true"><path d="M1 4h24" stroke="var(--${colour})" stroke-width="2.5" fill="none"${dash && html` stroke-dasharray="${dash}"`}/></svg>`;
  return html`<ul class="legend">${lines.map(({ colour, dash, text }) => html`<li>${sample(colour, dash)} ${text}</li>`)}</ul>
`;
}
