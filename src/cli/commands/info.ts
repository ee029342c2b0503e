// bitgrad info: what runs here, and why.

import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { createEngineAsync } from '../../index.js';
import type { Command } from '../command.js';
import { pairsText } from '../table.js';
import { bytesText } from '../text.js';

/** Which runtime, and its version: Deno and Bun have Node's names, too. */
function runtimeOf(): string {
  const { bun, deno, node } = process.versions as Record<string, string | undefined>;
  return bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
}

/** @returns what JSON has; the text is made of that */
async function look() {
  const engine = await createEngineAsync({ threads: 'auto' });
  const first = engine.info();
  const { version, contractVersion, backend, backendReason, simd, memoryBytes, memoryLimitBytes, packs } = first;
  const { wasmHash, compiler, threads, threadsReason } = first;
  engine.dispose();
  return {
    version,
    contractVersion,
    runtime: runtimeOf(),
    v8: process.versions.v8,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    backend,
    backendReason,
    simd,
    packs,
    wasmHash,
    compiler,
    threads,
    threadsReason,
    memory: {
      engineBytes: memoryBytes,
      engineLimitBytes: memoryLimitBytes,
      freeBytes: freemem(),
      totalBytes: totalmem(),
    },
  };
}

export const command: Command = {
  name: 'info',
  what: 'versions, backend and why, packs, SIMD, threads, memory',
  arguments: [],
  options: [],
  examples: [
    ['bitgrad info', 'what runs here; paste it into a bug report'],
    ['bitgrad info --json', 'the same for programs'],
  ],
  async run(_args, _options, { out }) {
    const all = await look();
    const { memory } = all;
    const pairs: [string, string][] = [
      ['bitgrad', `${all.version}, numeric contract ${all.contractVersion}`],
      ['runtime', `${all.runtime}, V8 ${all.v8}`],
      ['platform', all.platform],
      ['cpu', `${all.cpu}, ${all.cores} cores`],
      ['backend', `${all.backend}: ${all.backendReason}`],
      ['simd', all.simd ? 'yes' : 'no'],
      ...Object.entries(all.packs).map(([name, pack]): [string, string] => [
        `pack ${name}`,
        `${pack.backend ?? 'none'}: ${pack.reason}`,
      ]),
      ['kernels', all.wasmHash ? `${all.wasmHash} by ${all.compiler}` : 'none embedded are used'],
      ['threads', `${all.threads}: ${all.threadsReason}`],
      ['memory', `${bytesText(memory.freeBytes)} free of ${bytesText(memory.totalBytes)}`],
      ['engine', `${bytesText(memory.engineBytes)} used, ${bytesText(memory.engineLimitBytes)} at most`],
    ];
    out.result(all, pairsText(pairs, out.room));
    return 0;
  },
};
