// bitgrad bench: WebAssembly and TypeScript on this machine.

import { createEngine, version } from '../../index.js';
import { CASES, type Case } from '../bench/cases.js';
import { compare } from '../bench/measure.js';
import type { Command, CommandContext } from '../command.js';
import { checkWritable, writeWhole } from '../files.js';
import { machine } from '../machine.js';
import { file, number } from '../options.js';
import { barText } from '../plot.js';
import { tableText } from '../table.js';
import { cut, durationText } from '../text.js';

interface Row {
  readonly name: string;
  readonly dtype: string;
  readonly wasmMs: number;
  readonly tsMs: number;
  readonly ratio: number;
  readonly wasmGflops?: number;
  readonly sameBits: boolean;
  readonly samples: number;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => Buffer.from(buffer, byteOffset, byteLength);

async function measure(each: Case, ms: number, signal: AbortSignal): Promise<Row> {
  const engines = (['wasm', 'ts'] as const).map((backend) => createEngine({ backend, threads: 1 }));
  const [wasm, ts] = engines.map((engine) => each.prepare(engine));
  const { medians, samples } = await compare([() => wasm.call(), () => ts.call()], ms, signal);
  const [wasmMs, tsMs] = medians;
  const sameBits = bytesOf(wasm.result()).equals(bytesOf(ts.result()));
  for (const engine of engines) engine.dispose();
  const gflops = each.multiplyAdds && { wasmGflops: (2 * each.multiplyAdds) / (wasmMs * 1e6) };
  return { name: each.name, dtype: each.dtype, wasmMs, tsMs, ratio: tsMs / wasmMs, ...gflops, sameBits, samples };
}

const BAR = 20;

function textOf(rows: readonly Row[], { out }: CommandContext): string {
  const most = Math.max(...rows.map(({ ratio }) => ratio));
  const head = [
    { head: 'what' },
    { head: 'type', whole: true },
    { head: 'wasm', right: true, whole: true },
    { head: 'ts', right: true, whole: true },
    { head: 'ratio', right: true, whole: true },
    { head: '' },
  ];
  const bar = Math.max(4, Math.min(BAR, out.width - 62));
  const lines = rows.map(({ name, dtype, wasmMs, tsMs, ratio }) => [
    name,
    dtype,
    durationText(wasmMs / 1000),
    durationText(tsMs / 1000),
    ratio.toFixed(1),
    barText(ratio, most, bar),
  ]);
  const same = rows.every(({ sameBits }) => sameBits);
  const table = tableText(head, lines, out.room, (text) => out.style('dim', text));
  return `${table}\n\n${same ? out.style('green', 'The same bits from both.') : out.style('red', 'DIFFERENT BITS')}`;
}

export const command: Command = {
  arguments: [],
  options: [
    { flags: '--seconds <s>', what: 'for each line of the table', default: 1, read: number({ min: 0, max: 60 }) },
    { flags: '-o, --out <file>', what: 'write the figures there, as JSON', read: file },
  ],
  examples: [
    ['bitgrad bench', 'a table: how long both take, and how much faster WebAssembly is'],
    ['bitgrad bench --out bench.json', 'keeps the figures, too'],
  ],
  async run(_args, options, context) {
    const { out, signal } = context;
    const { seconds, out: path } = options as { seconds: number; out?: string };
    if (path !== undefined) await checkWritable(path);
    const { runtime, platform, cpu, cores } = machine();
    out.line(`bitgrad ${version}, one thread each`);
    out.line(`${cut(`${cpu}, ${cores} cores, ${runtime}`, out.room)}\n`);
    const live = out.live();
    const rows: Row[] = [];
    for (const [i, each] of CASES.entries()) {
      live.update(i / CASES.length, `${each.name} ${each.dtype}`);
      rows.push(await measure(each, 1000 * seconds, signal));
    }
    live.end();
    const value = { version, date: new Date().toISOString(), machine: { runtime, platform, cpu, cores }, rows };
    if (path !== undefined) await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
    out.result(value, textOf(rows, context));
    return rows.every(({ sameBits }) => sameBits) ? 0 : 1;
  },
};
