// bitgrad info: what runs here, and why.

import { freemem, totalmem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { createEngineAsync, type Engine } from '../../index.js';
import { optimizer } from '../../train/index.js';
import type { Command } from '../command.js';
import { machine } from '../machine.js';
import { pairsText } from '../table.js';
import { bytesText } from '../text.js';
import '../../layers/index.js';

/** Threads start when there was work enough: so much, some 100 ms of it, and so long they may take. */
const [SIZE, TIMES, MOST_MS] = [512, 4, 300];

/** What is only made when it is asked for is asked for: packs, and threads. */
async function wake(engine: Engine): Promise<void> {
  const net = engine.network({ inputs: 1, layers: [{ kind: 'layerNorm' }, 1] });
  optimizer('sgd', net).step(net.gradients([[1]], [1]));
  net.dispose();
  const ones = engine.zeros(SIZE, SIZE, { dtype: 'f32' });
  ones.data.fill(1);
  for (let i = 0; i < TIMES; i++) engine.matmul(ones, ones);
  ones.dispose();
  const until = performance.now() + (machine().cores > 1 ? MOST_MS : 0);
  while (engine.info().threads === 1 && performance.now() < until) await wait(10);
}

async function look() {
  const engine = await createEngineAsync();
  const { memoryBytes, ...first } = engine.info();
  await wake(engine);
  const { packs, threads, threadsReason } = engine.info();
  engine.dispose();
  return {
    ...first,
    packs,
    threads,
    threadsReason,
    ...machine(),
    v8: process.versions.v8,
    memoryBytes,
    freeBytes: freemem(),
    totalBytes: totalmem(),
  };
}

export const command: Command = {
  arguments: [],
  options: [],
  examples: [
    ['bitgrad info', 'what runs here, to be pasted into a report of a fault'],
    ['bitgrad info --json', 'the same for programs'],
  ],
  async run(_args, _options, { out }) {
    const all = await look();
    const packs = Object.entries(all.packs).map(
      ([name, { backend, reason }]) => [`${name} pack`, `${backend ?? 'none'}: ${reason}`] as const,
    );
    const text = pairsText(
      [
        ['bitgrad', `${all.version}, numeric contract ${all.contractVersion}`],
        ['runtime', `${all.runtime}, V8 ${all.v8}`],
        ['platform', all.platform],
        ['cpu', all.cpu],
        ['cores', all.cores],
        ['backend', `${all.backend}: ${all.backendReason}`],
        ['simd', all.simd ? 'yes' : 'no'],
        ...packs,
        ['kernels', all.wasmHash ?? 'in TypeScript'],
        ['compiler', all.compiler ?? 'none'],
        ['threads', `${all.threads}: ${all.threadsReason}`],
        ['memory', `${bytesText(all.freeBytes)} free of ${bytesText(all.totalBytes)}`],
        ['engine', `${bytesText(all.memoryBytes)} at first, ${bytesText(all.memoryLimitBytes)} at most`],
      ],
      out.room,
    );
    out.result(all, text);
    return 0;
  },
};
