// The results as one SVG: of each case and dtype how long every subject took, as bars of logarithmic length.

import * as echarts from 'echarts';
import { type Result, show } from './result.js';
import { percent } from './targets.js';

const COLORS: Record<string, string> = {
  wasm: '#e08a2e',
  'bitgrad wasm': '#e08a2e',
  bitgrad: '#e08a2e',
  ts: '#f0c48a',
  'bitgrad ts': '#f0c48a',
  limit: '#bbbbbb',
  'products alone': '#bbbbbb',
};
const OTHERS = '#2f6db5';
const WIDTH = 1300;
const COLUMN = 640;
/** For the names of the subjects, left of the bars, and for the figures, right of them. */
const [LABELS, FIGURES] = [120, 170];
const BAR = 20;
/** Room for the title of the whole, and for that of each panel. */
const [TOP, TITLE] = [70, 46];

interface Bar {
  subject: string;
  ms: number;
  label: string;
}

interface Panel {
  title: string;
  left: number;
  top: number;
  bars: Bar[];
}

/** The first subject is ours: its share of the limit, and of the others how many times as long they take. */
function barsOf(result: Result): Bar[] {
  const unit = result.unit === 'time' ? '' : ` ${result.unit}`;
  const all = Object.entries(result.ms).filter(([subject]) => subject !== 'limit');
  const bars = all.map(([subject, ms], i) => {
    const share = result.share === undefined ? '' : `, ${percent(result.share)} of the limit`;
    const beside = i === 0 ? share : `, ${(ms / all[0][1]).toPrecision(3)}x`;
    return { subject, ms, label: `${show(result, ms)}${unit}${beside}` };
  });
  return bars.sort((a, b) => a.ms - b.ms);
}

function layOut(results: readonly Result[]): { panels: Panel[]; height: number } {
  const panels: Panel[] = [];
  let top = TOP;
  const nameOf = ({ name, mode }: Result) => [name, mode].filter(Boolean).join(', ');
  for (const name of new Set(results.map(nameOf))) {
    const pair = results.filter((each) => nameOf(each) === name);
    const made = pair.map((result): Panel => {
      const title = [name, result.dtype].filter(Boolean).join(', ');
      return { title, left: result.dtype === 'f32' ? COLUMN : 0, top: top + TITLE, bars: barsOf(result) };
    });
    panels.push(...made);
    top += TITLE + BAR * Math.max(...made.map(({ bars }) => bars.length));
  }
  return { panels, height: top + 20 };
}

export function chart(results: readonly Result[], machine: string): string {
  const { panels, height } = layOut(results.filter(({ ms }) => Object.keys(ms).length > 0));
  const svg = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  svg.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: [
      {
        text: 'bitgrad: medians, and how many times as long others take (one thread each)',
        subtext: machine,
        left: 20,
        top: 8,
      },
      ...panels.map(({ title, left, top }) => {
        return { text: title, left: left + LABELS, top: top - 24, textStyle: { fontSize: 13 } };
      }),
    ],
    grid: panels.map(({ left, top, bars }) => {
      return { left: left + LABELS, top, width: COLUMN - LABELS - FIGURES, height: bars.length * BAR };
    }),
    xAxis: panels.map((_, gridIndex) => ({ gridIndex, type: 'value' as const, min: 0, show: false })),
    yAxis: panels.map(({ bars }, gridIndex) => {
      const data = bars.map(({ subject }) => subject);
      return { gridIndex, type: 'category' as const, data, inverse: true, axisTick: { show: false } };
    }),
    series: panels.map(({ bars }, index) => ({
      type: 'bar' as const,
      xAxisIndex: index,
      yAxisIndex: index,
      data: bars.map(({ subject, ms, label }) => ({
        value: Math.log10((2 * ms) / Math.min(...bars.map(({ ms }) => ms))),
        itemStyle: { color: COLORS[subject] ?? OTHERS },
        label: { show: true, position: 'right' as const, fontSize: 10, formatter: label },
      })),
    })),
  });
  const text = svg.renderToSVGString();
  svg.dispose();
  return text;
}
