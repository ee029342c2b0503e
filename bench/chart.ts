// The results as one SVG: how many times as fast WebAssembly is, and how near the products come to the limit.

import type { Dtype } from 'bitgrad';
import * as echarts from 'echarts';
import type { Result } from './case.js';

const DTYPES: Dtype[] = ['f64', 'f32'];
const COLORS = { f64: '#2f6db5', f32: '#e08a2e' };
const WIDTH = 1400;
/** For the names of the cases, left of the bars. */
const LABELS = 320;
const ROW = 34;
/** Room for the title above the bars and the axis below them. */
const [TOP, BOTTOM] = [90, 50];

interface Panel {
  title: string;
  results: Result[];
  value(result: Result): number;
  /** What an axis and a label show. */
  show(value: number): string;
  /** A line to compare with. */
  mark: number;
}

const rowOf = ({ name, mode }: Result) => (mode === 'copying' ? `${name}, copying` : name);

function panelOf({ title, results, value, show, mark }: Panel, index: number, left: number, width: number) {
  const rows = [...new Set(results.map(rowOf))];
  const values = (dtype: Dtype) =>
    rows.map((row) => {
      const result = results.find((each) => each.dtype === dtype && rowOf(each) === row);
      return result ? value(result) : null;
    });
  return {
    title: { text: title, left: left + LABELS, top: 60, textStyle: { fontSize: 14 } },
    grid: { left: left + LABELS, width, top: TOP, height: rows.length * ROW },
    xAxis: { gridIndex: index, type: 'value' as const, axisLabel: { formatter: show } },
    yAxis: { gridIndex: index, type: 'category' as const, data: rows, inverse: true },
    series: DTYPES.map((dtype) => ({
      name: dtype,
      type: 'bar' as const,
      xAxisIndex: index,
      yAxisIndex: index,
      data: values(dtype),
      itemStyle: { color: COLORS[dtype] },
      barGap: '0%',
      label: {
        show: true,
        position: 'right' as const,
        fontSize: 10,
        formatter: ({ value: x }: { value: unknown }) => (typeof x === 'number' ? show(x) : ''),
      },
      markLine: { silent: true, symbol: 'none', label: { show: false }, data: [{ xAxis: mark }] },
    })),
    height: rows.length * ROW,
  };
}

export function chart(results: readonly Result[], machine: string): string {
  const speed = panelOf(
    {
      title: 'How many times as fast as TypeScript',
      results: results.filter(
        ({ ms }) => ms.wasm && ms.ts && Object.keys(ms).every((name) => name in { wasm: 1, ts: 1, limit: 1 }),
      ),
      value: ({ ms }) => ms.ts / ms.wasm,
      show: (x) => `${x < 9.95 ? x.toFixed(1) : x.toFixed(0)}x`,
      mark: 1,
    },
    0,
    0,
    420,
  );
  const share = panelOf(
    {
      title: "Share of the core's 128-bit limit",
      results: results.filter(({ share }) => share !== undefined),
      value: ({ share = 0 }) => share,
      show: (x) => `${(100 * x).toFixed(0)} %`,
      mark: 1,
    },
    1,
    740,
    270,
  );
  const panels = [speed, share];
  const height = TOP + BOTTOM + Math.max(...panels.map((panel) => panel.height));
  const svg = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  svg.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: [
      { text: 'bitgrad: WebAssembly against TypeScript', subtext: machine, left: 20, top: 8 },
      ...panels.map((p) => p.title),
    ],
    legend: { data: DTYPES, right: '3%', top: 8 },
    grid: panels.map((panel) => panel.grid),
    xAxis: panels.map((panel) => panel.xAxis),
    yAxis: panels.map((panel) => panel.yAxis),
    series: panels.flatMap((panel) => panel.series),
  });
  const text = svg.renderToSVGString();
  svg.dispose();
  return text;
}
