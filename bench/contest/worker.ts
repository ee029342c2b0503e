// One subject in a process of its own: reads requests from stdin and answers on stdout, a line of JSON each. What
// libraries print goes to stderr. bench/peers/python_peers.py answers the same requests.

import { createInterface } from 'node:readline';
import type { Effort } from '../measure.js';
import type { Prepared, Subject } from './subject.js';
import { loaders } from './subjects/index.js';
import type { Task, Variant } from './task.js';
import { type Timer, timerOf } from './timing.js';

export type Request =
  | { op: 'load' }
  | { op: 'prepare'; task: Task }
  | { op: 'warmUp'; effort: Effort }
  | { op: 'sample' };

/** Every answer's fields; which ones are there depends on the request. */
export interface Reply {
  version: string;
  callMs: number;
  ms: number;
  note?: string;
  variant?: Variant;
  caveat?: string;
  loss?: number;
  /** Float64Array, little-endian, in base64. */
  values: string;
  error?: string;
  /** The error is that the library does not do such a thing. */
  cannot?: boolean;
}

console.log = console.info = console.debug = console.error;

const [, , name] = process.argv;
let subject: Subject;
let prepared: Prepared;
let timer: Timer;

async function answer(request: Request): Promise<object> {
  switch (request.op) {
    case 'load':
      subject = await loaders[name]();
      return { version: subject.version };
    case 'prepare': {
      prepared = await subject.prepare(request.task);
      const { loss, values } = await prepared.result();
      const { buffer } = Float64Array.from(values);
      const { note, variant, caveat } = prepared;
      return { note, variant, caveat, loss, values: Buffer.from(buffer).toString('base64') };
    }
    case 'warmUp':
      timer = await timerOf(prepared, request.effort);
      return { callMs: timer.callMs };
    case 'sample':
      return { ms: await timer.sample() };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply: object;
  try {
    reply = await answer(JSON.parse(line));
  } catch (error) {
    const { name, message } = error as Error;
    reply = { error: message || name, cannot: name === 'CannotDo' };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);
