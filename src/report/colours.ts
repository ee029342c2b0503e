// The colours of a report, in light and dark. A test holds texts to a contrast of 4.5 and lines to 3 (WCAG 2.2, 1.4.3 and 1.4.11).

export type Scheme = 'light' | 'dark';

/** Names of CSS variables, without `--`. */
export const COLOURS: Readonly<Record<string, Readonly<Record<Scheme, string>>>> = {
  paper: { light: '#fcfbf9', dark: '#14171c' },
  card: { light: '#ffffff', dark: '#1b1f26' },
  ink: { light: '#1d2129', dark: '#e6e8ec' },
  soft: { light: '#575e6b', dark: '#a3abb9' },
  line: { light: '#e2ded6', dark: '#323842' },
  /** Edges of what can be reached by keys, and of charts. */
  edge: { light: '#858b96', dark: '#757d8b' },
  link: { light: '#1a56a0', dark: '#86b6f2' },
  focus: { light: '#1a56a0', dark: '#ffd166' },
  /** Series: training, held out, a third, a fourth. Dashes tell them apart, too. */
  s1: { light: '#1f63b5', dark: '#6ea8f0' },
  s2: { light: '#b4480f', dark: '#f0965a' },
  s3: { light: '#0b7a6b', dark: '#4cc4b2' },
  s4: { light: '#7a3fa0', dark: '#c39ae6' },
  note: { light: '#f4efe4', dark: '#2a2618' },
  noteEdge: { light: '#a8741a', dark: '#d6a545' },
};

/** Steps of heat maps, from little to much, each with what is written on it. */
export const HEAT: readonly Readonly<Record<Scheme, readonly [fill: string, text: string]>>[] = [
  { light: ['#eaf1fa', '#1d2129'], dark: ['#1c2836', '#e6e8ec'] },
  { light: ['#d3e2f4', '#1d2129'], dark: ['#20364f', '#e6e8ec'] },
  { light: ['#b3cdeb', '#1d2129'], dark: ['#234669', '#f2f4f7'] },
  { light: ['#86b0df', '#11151b'], dark: ['#285886', '#ffffff'] },
  { light: ['#3f76b8', '#ffffff'], dark: ['#5590cd', '#0b0e12'] },
  { light: ['#1f5597', '#ffffff'], dark: ['#7fb2ea', '#0b0e12'] },
  { light: ['#0f3567', '#ffffff'], dark: ['#b7d6f8', '#0b0e12'] },
];

/** Shares up to which a step goes; 0 has none. */
export const HEAT_UP_TO = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1] as const;

/** @param share 0 to 1 @returns the step, or -1 for nothing */
export function heatOf(share: number): number {
  if (!(share > 0)) return -1;
  const step = HEAT_UP_TO.findIndex((most) => share <= most);
  return step < 0 ? HEAT.length - 1 : step;
}

/** `--paper:#fcfbf9;...` */
export function variablesOf(scheme: Scheme): string {
  const named = Object.entries(COLOURS).map(([name, colour]) => `--${name}:${colour[scheme]}`);
  const heat = HEAT.map((step, i) => `--h${i}:${step[scheme][0]};--t${i}:${step[scheme][1]}`);
  return [...named, ...heat].join(';');
}
