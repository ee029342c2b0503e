// Charts: Observable Plot draws them, on a document of linkedom, as there is none in Node. Sizes and colours of all are set here.

import { type PlotOptions, plot, type RenderFunction } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Html, html, raw } from './html.js';

/** What a chart is as wide as: half a page, or all of a small screen. */
export const WIDTH = 460;
const HEIGHT = 300;

export interface Chart extends PlotOptions {
  /** Unique in the report: what the elements of its title and description are called by. */
  readonly id: string;
  /** What is read out in its place, and what can be seen in it. */
  readonly name: string;
  readonly says: string;
}

/** Ten digits of a coordinate are nine too many: a third of a report was that. */
const NUMBERS = new Set(['d', 'x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'width', 'height', 'transform']);

function round(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    if (NUMBERS.has(name)) {
      element.setAttribute(
        name,
        value.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (each) => String(Number(Number(each).toFixed(1)))),
      );
    }
    // The chart as a whole is an image with a name.
    if (name.startsWith('aria-') || name === 'class') element.removeAttribute(name);
  }
}

/** An image with a title and a description. */
export function draw({ id, name, says, ...options }: Chart): Html {
  const { document } = parseHTML('<html></html>');
  const svg = plot({
    width: WIDTH,
    height: HEIGHT,
    marginTop: 30,
    marginBottom: 42,
    marginRight: 18,
    grid: true,
    ...options,
    document,
  }) as Element;
  svg.querySelector('style')?.remove();
  for (const each of [svg, ...svg.querySelectorAll('*')]) round(each);
  const width = Number(svg.getAttribute('width'));
  const height = Number(svg.getAttribute('height'));
  const said = html`<title id="${id}-name">${name}</title><desc id="${id}-says">${says}</desc>`;
  return html`<svg role="img" aria-labelledby="${id}-name" aria-describedby="${id}-says" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="12" text-anchor="middle" fill="currentColor">${said}${raw(svg.innerHTML)}</svg>`;
}

/** Dots of a mark as one path, lines of no length with round ends: a fifth of the bytes of circles. */
export const dotted: RenderFunction = (index, _scales, { x, y }, _dimensions, { document }) => {
  const path = (document as Document).createElementNS('http://www.w3.org/2000/svg', 'path');
  const at = [...index].map((i) => `M${(x as number[])[i].toFixed(1)} ${(y as number[])[i].toFixed(1)}h0`);
  const drawn = {
    d: at.join(''),
    stroke: 'var(--s1)',
    'stroke-opacity': '0.5',
    'stroke-width': '5',
    'stroke-linecap': 'round',
  };
  for (const [name, value] of Object.entries(drawn)) path.setAttribute(name, value);
  return path as SVGElement;
};
