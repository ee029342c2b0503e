// The program of a subject that runs on Node: `worker.ts MODULE ARGUMENTS`, the module under bench/. What libraries print
// goes to stderr.

import { createInterface } from 'node:readline';
import { type Timer, timerOf } from '../measure.js';
import type { Prepared, Request, Subject } from './protocol.js';

console.log = console.info = console.debug = console.error;

const [, , module, ...args] = process.argv;
let subject: Subject<object>;
let prepared: Prepared;
let timer: Timer<number | Promise<number>>;

async function answer(request: Request): Promise<object> {
  switch (request.op) {
    case 'load':
      subject = await (await import(new URL(`../${module}`, import.meta.url).href)).load(...args);
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
