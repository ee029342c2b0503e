// The page: one file that needs nothing else and may do nothing else.

import { createHash } from 'node:crypto';
import type { Run } from '../tables/index.js';
import { cautionsOf } from './cautions.js';
import { data, type Html, html, raw } from './html.js';
import { dateText } from './numbers.js';
import type { Section } from './parts.js';
import { SECTIONS } from './sections.js';
import { STYLE } from './style.js';
import { keysOf, summaryOf } from './summary.js';
import { cut } from './text.js';
import { sourceText } from './words.js';

/** Of a tab; the page itself has more room. */
const TITLE = 24;

/** No scripts, no addresses, no forms; of styles this one alone, not even attributes. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const date = (run: Run): Html => {
  const text = dateText(run.date);
  return text ? html`<time datetime="${new Date(run.date).toISOString()}">${text}</time>` : data(run.date);
};

function header(run: Run): Html {
  const keys = keysOf(run).map(
    ({ name, value, note }) =>
      html`<div><dt>${name}</dt><dd class="value">${value}</dd><dd class="note">${note}</dd></div>
`,
  );
  const cautions = cautionsOf(run).map(
    (each) => html`<li>${each}</li>
`,
  );
  return html`<header>
<p class="kicker">Training report · ${date(run)}</p>
<h1>${data(run.notes.schema.target.name)} <span class="soft">from ${data(sourceText(run))}</span></h1>
<p class="lead">${summaryOf(run)}</p>
<dl class="keys">
${keys}</dl>
${
  cautions.length > 0 &&
  html`<div class="cautions"><p>Before you rely on it</p><ul>
${cautions}</ul></div>
`
}</header>`;
}

const navigation = (sections: readonly Section[]): Html =>
  html`<nav aria-label="Contents"><ul>
${sections.map(
  ({ id, title }) => html`<li><a href="#${id}">${title}</a></li>
`,
)}</ul></nav>`;

const sectionText = ({ id, title, body }: Section): Html => html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${body}</section>
`;

export function pageOf(run: Run): string {
  const sections = SECTIONS.map((section) => section(run));
  const title = `${cut(run.notes.schema.target.name, TITLE)} from ${cut(sourceText(run), TITLE)}: report`;
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="bitgrad ${cut(run.notes.version, TITLE)}">
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the results</a>
<div class="page">
${header(run)}
${navigation(sections)}
<main id="content" tabindex="-1">
${sections.map(sectionText)}</main>
<footer><p>Written by bitgrad ${cut(run.notes.version, TITLE)}. This file loads nothing and sends nothing.</p></footer>
</div>
</body>
</html>
`;
  return page.text;
}
