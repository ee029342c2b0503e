// How a report looks: on screens, light and dark, wide and narrow, and on paper. Fonts are the system's, as nothing is loaded.

import { HEAT, variablesOf } from './colours.js';

const SANS = `system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif`;
const SERIF = `"Iowan Old Style","Charter","Bitstream Charter","Source Serif 4","Noto Serif",Georgia,Cambria,serif`;
const MONO = `ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace`;

const steps = HEAT.map((_, i) => `.h${i}{background:var(--h${i});color:var(--t${i})}`).join('');

export const STYLE = `
:root{color-scheme:light dark;${variablesOf('light')}}
@media screen and (prefers-color-scheme:dark){:root{${variablesOf('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-padding-top:1.5rem}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 ${SANS};font-variant-numeric:tabular-nums;overflow-wrap:break-word}
.page{max-width:78rem;margin:0 auto;padding:3rem 2rem 4rem;display:grid;grid-template-columns:11rem minmax(0,1fr);column-gap:3.5rem}
header{grid-column:1/-1;padding-bottom:2rem;border-bottom:1px solid var(--line);margin-bottom:2.5rem}
main{min-width:0}
.kicker{margin:0 0 .75rem;color:var(--soft);font-size:.8125rem;letter-spacing:.06em;text-transform:uppercase}
h1,h2{font-family:${SERIF};font-weight:600;line-height:1.2;text-wrap:balance}
h1{font-size:clamp(1.75rem,1.2rem + 2.4vw,2.75rem);letter-spacing:-.015em;margin:0 0 1rem;overflow-wrap:anywhere}
h1 .soft{font-weight:400}
h2{font-size:1.625rem;letter-spacing:-.01em;margin:0 0 1rem}
main>section{margin-bottom:2.25rem}
main>section+section{border-top:1px solid var(--line);padding-top:2.25rem}
p{margin:0 0 1rem;max-width:44rem;text-wrap:pretty}
.lead{font-size:1.125rem;max-width:48rem;margin-bottom:0}
.soft,figcaption span,.kicker{color:var(--soft)}
a{color:var(--link);text-underline-offset:.2em;text-decoration-thickness:1px}
:focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:1rem;top:-5rem;background:var(--card);padding:.5rem 1rem;z-index:2;border:1px solid var(--edge)}
.skip:focus{top:1rem}
nav{position:sticky;top:2rem;align-self:start;font-size:.9375rem}
nav ul{list-style:none;margin:0;padding:0;border-left:1px solid var(--line)}
nav a{display:block;padding:.3rem 0 .3rem 1rem;margin-left:-1px;border-left:1px solid transparent;color:var(--soft);text-decoration:none}
nav a:hover,nav a:focus-visible{color:var(--ink);border-left-color:var(--ink)}
.keys{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));margin:2rem 0 0;background:var(--card);border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
.keys div{padding:1rem 1.125rem;box-shadow:0 0 0 .5px var(--line)}
.keys dt{font-size:.8125rem;color:var(--soft)}
.keys dd{margin:0}
.keys .value{font:600 1.5rem/1.35 ${SERIF};font-variant-numeric:lining-nums tabular-nums;overflow-wrap:anywhere}
.keys .note{font-size:.8125rem;line-height:1.4;color:var(--soft);min-height:1.1rem}
.cautions{margin:1.5rem 0 0;padding:.875rem 1.125rem;background:var(--note);border-left:3px solid var(--noteEdge);border-radius:0 .375rem .375rem 0;max-width:56rem}
.cautions p{margin:0 0 .25rem;font-weight:600}
.cautions ul{margin:0;padding-left:1.125rem}
.beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,25rem),1fr));gap:1rem 2.5rem;align-items:start}
.beside>*{min-width:0}
.beside>figure:has(.many){grid-column:1/-1}
figure{margin:0 0 2rem;min-width:0}
figcaption{font-size:.9375rem;line-height:1.45;margin-bottom:.75rem;max-width:44rem}
figure>svg,.many svg{display:block;max-width:100%;height:auto;overflow:visible}
svg text{white-space:pre;font-family:${SANS};font-variant-numeric:tabular-nums}
.many{display:grid;grid-template-columns:repeat(auto-fill,minmax(12.5rem,1fr));gap:1.5rem}
.many>div{min-width:0}
.many p{overflow-wrap:anywhere;font-size:.875rem;line-height:1.35;margin:0 0 .35rem}
.scroll{overflow-x:auto;max-width:100%}
.scroll>svg{display:block}
.instead{margin:0 0 1.5rem;padding:1.125rem 1.25rem;border:1px dashed var(--edge);border-radius:.5rem}
.instead p{margin:0}
table{border-collapse:collapse;width:100%;margin:0 0 1.5rem;font-size:.9375rem;line-height:1.4}
caption{text-align:left;font-weight:600;padding-bottom:.5rem}
th,td{padding:.45rem .9rem .45rem 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:.25rem}
thead th{color:var(--soft);font-weight:500;font-size:.8125rem;border-bottom-color:var(--edge);overflow-wrap:normal}
tbody th{font-weight:500;min-width:5rem}
.number{text-align:right;white-space:nowrap}
.number+:not(.number){padding-left:1.25rem}
.scroll table{min-width:34rem}
.scroll td{overflow-wrap:break-word}
.scroll tbody th{min-width:8rem}
.pairs{margin:0 0 1.5rem;font-size:.9375rem}
.pairs div{display:grid;grid-template-columns:10rem minmax(0,1fr);gap:.75rem;padding:.4rem 0;border-bottom:1px solid var(--line)}
.pairs dt{color:var(--soft)}
.pairs dd{margin:0;overflow-wrap:anywhere}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.5rem 0 0;padding:0;font-size:.875rem}
.legend svg{vertical-align:.15em}
.steps{gap:.25rem;align-items:center}
.steps span{display:inline-block;padding:.1rem .45rem;min-width:3rem;text-align:center;border-radius:.2rem}
.steps li:last-child{margin-left:.5rem;color:var(--soft)}
${steps}
details{margin:.75rem 0 1.5rem}
figure details{margin-bottom:0}
summary{cursor:pointer;color:var(--link);font-size:.9375rem;width:fit-content}
details[open]>summary{margin-bottom:.75rem}
code,pre{font-family:${MONO};font-size:.875em;overflow-wrap:anywhere}
.command{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem;white-space:pre-wrap;margin:0 0 1.75rem;max-height:30rem;overflow:auto}
footer{grid-column:1/-1;border-top:1px solid var(--line);padding-top:1.25rem;font-size:.875rem;color:var(--soft)}
footer p{margin:0}
@media (max-width:60rem){
.page{grid-template-columns:minmax(0,1fr);padding:1.75rem 1.125rem 3rem}
nav{position:static;margin-bottom:2.5rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;border:0}
nav a,nav a:hover{padding:.3rem 0;border:0;text-decoration:underline;color:var(--link)}
.keys{grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr))}
}
@media (max-width:32rem){
.pairs div{grid-template-columns:8rem minmax(0,1fr)}
h2{font-size:1.375rem}
figure>svg{font-size:13px}
.many{grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}
.many svg{font-size:14px}
}
@media print{
@page{margin:15mm}
html{font-size:13px}
body{background:none}
.page{display:block;padding:0;max-width:none}
nav,.skip{display:none}
header{margin-bottom:1.25rem;padding-bottom:1.25rem}
.keys,.instead,.command{border-color:var(--edge)}
.keys{grid-template-columns:repeat(6,1fr)}
.keys div,.cautions,.steps span{print-color-adjust:exact;-webkit-print-color-adjust:exact}
figure,tr,.instead,.keys,.cautions,.many>div,.pairs div{break-inside:avoid}
h2,caption,figcaption,thead{break-after:avoid}
tbody tr:first-child{break-before:avoid}
main>section{margin-bottom:1.5rem}
main>section+section{padding-top:1.25rem}
.beside{grid-template-columns:1fr 1fr;gap:.5rem 1.5rem}
.scroll{overflow:visible}
.scroll>svg{max-width:100%;height:auto}
.scroll table{min-width:0}
.command{max-height:none;overflow:visible}
details:not([open]){display:none}
a{color:inherit}
}
`.trim();
