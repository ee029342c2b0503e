// Node's modes, threads and clusters: all that the package does works in them, with the same bits; where no thread may be
// started, training goes on in this one and says why.

import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HAS_RUNTIMES, INSISTED, NODES, Programs, run, WORTH_A_WORKER } from './programs.js';

let programs: Programs;
let insisted: Awaited<ReturnType<Programs['expected']>>;
let worth: typeof insisted;

beforeAll(async () => {
  programs = new Programs();
  insisted = await programs.expected(INSISTED);
  worth = await programs.expected(WORTH_A_WORKER);
}, 120_000);

afterAll(() => programs.remove());

const FLAGS = ['--frozen-intrinsics', '--disallow-code-generation-from-strings', '--no-addons'];
const RESTRICTED = /^(no worker can be started: )?Access to this API has been restricted/;

const OWN: [string, string] = ["this machine's Node", process.execPath];

describe.each([OWN, ...NODES])('%s', (_, node) => {
  const all = test.skipIf(node !== process.execPath && !HAS_RUNTIMES);
  const program = () => join(programs.folder, 'program.js');

  all.each(FLAGS)('%s', async (flag) => {
    expect(await run([node, flag, program()], INSISTED)).toEqual(insisted);
  });

  /** Of version 20 it has another name. */
  const permission = async () => {
    const old = await run([node, '-e', "console.log(process.version.startsWith('v20.'))"], {});
    return [
      node,
      old ? '--experimental-permission' : '--permission',
      `--allow-fs-read=${realpathSync(programs.folder)}/*`,
    ];
  };

  all('permission to read the package and to start threads', async () => {
    expect(await run([...(await permission()), '--allow-worker', program()], INSISTED)).toEqual(insisted);
  });

  all('permission to read it alone', async () => {
    const reason = expect.stringMatching(RESTRICTED);
    const onMain = ({ ran: { backend }, hash }: typeof worth.ts) => ({ ran: { where: 'main', backend, reason }, hash });
    const command = [...(await permission()), program()];
    expect(await run(command, WORTH_A_WORKER)).toEqual({ wasm: onMain(worth.wasm), ts: onMain(worth.ts) });
    expect(await run(command, INSISTED)).toEqual({
      error: expect.stringMatching(/^WorkerError: no worker can be started/),
      cause: reason,
    });
  });

  all.each(['thread.js', 'cluster.js'])('%s', async (name) => {
    expect(await run([node, join(programs.folder, name)], INSISTED)).toEqual(insisted);
  });
});
