// The results as one SVG: of each case and dtype how long every subject took, as bars of logarithmic length.

import * as echarts from 'echarts';
import type { Dtype } from '../entries.js';
import { showTime } from './format.js';
import { LIMIT, type PeerResult, PRODUCTS } from './run.js';

const DTYPES: Dtype[] = ['f64', 'f32'];
const COLORS: Record<string, string> = { 'bitgrad wasm': '#e08a2e', 'bitgrad ts': '#f0c48a', [PRODUCTS]: '#bbbbbb' };
const OTHERS = '#2f6db5';
const WIDTH = 1300;
const COLUMN = 640;
/** For the names of the subjects, left of the bars, and for the figures, right of them. */
const [LABELS, FIGURES] = [120, 150];
const BAR = 20;
/** Room for the title of the whole, and for that of each panel. */
const [TOP, TITLE] = [70, 46];

interface Panel {
  title: string;
  left: number;
  top: number;
  bars: { subject: string; ms: number }[];
}

function layOut(results: readonly PeerResult[]): { panels: Panel[]; height: number } {
  const panels: Panel[] = [];
  let top = TOP;
  for (const name of new Set(results.map((each) => each.name))) {
    const pair = results.filter((each) => each.name === name);
    const made = pair.map(({ dtype, ms }): Panel => {
      const bars = Object.entries(ms).map(([subject, ms]) => ({ subject, ms }));
      return {
        title: `${name}, ${dtype}`,
        left: DTYPES.indexOf(dtype) * COLUMN,
        top: top + TITLE,
        bars: bars.filter(({ subject }) => subject !== LIMIT).sort((a, b) => a.ms - b.ms),
      };
    });
    panels.push(...made);
    top += TITLE + BAR * Math.max(...made.map(({ bars }) => bars.length));
  }
  return { panels, height: top + 20 };
}

function labelOf({ bars }: Panel, { subject, ms }: Panel['bars'][number]): string {
  const own = bars.find((bar) => bar.subject === 'bitgrad wasm');
  return own && own.subject !== subject ? `${showTime(ms)}, ${(ms / own.ms).toPrecision(3)}x` : showTime(ms);
}

export function peerChart(results: readonly PeerResult[], machine: string): string {
  const { panels, height } = layOut(results);
  const svg = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  svg.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: [
      {
        text: 'bitgrad and its peers: median time, and how many times that of bitgrad in WebAssembly (one thread each)',
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
    series: panels.map((panel, index) => ({
      type: 'bar' as const,
      xAxisIndex: index,
      yAxisIndex: index,
      data: panel.bars.map((bar) => ({
        value: Math.log10((2 * bar.ms) / Math.min(...panel.bars.map(({ ms }) => ms))),
        itemStyle: { color: COLORS[bar.subject] ?? OTHERS },
        label: { show: true, position: 'right' as const, fontSize: 10, formatter: labelOf(panel, bar) },
      })),
    })),
  });
  const text = svg.renderToSVGString();
  svg.dispose();
  return text;
}
