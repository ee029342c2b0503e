// A library that trains, in a process of its own: tasks come from stdin, outcomes go to stdout, a line of JSON each. What
// libraries print goes to stderr. python_subject.py answers the same requests.

import { createInterface } from 'node:readline';
import type { Outcome, Task } from './task.js';

export type Request = { op: 'load' } | { op: 'train'; task: Task };

export interface Reply extends Outcome {
  version: string;
  error?: string;
}

export interface Subject {
  version: string;
  /** A training from the start. */
  train(task: Task): Outcome | Promise<Outcome>;
}

const loaders: Record<string, () => Promise<Subject>> = {
  bitgrad: async () => (await import('./subjects/bitgrad.js')).load(),
  'tfjs wasm': async () => (await import('./subjects/tfjs.js')).load(),
  'jax-js': async () => (await import('./subjects/jax.js')).load(),
};

console.log = console.info = console.debug = console.error;

const [, , name] = process.argv;
let subject: Subject;

/** A core that was idle, waiting for the others, is slow at first: a short training is done twice, and the second counts. */
const SHORT_S = 0.5;

async function answer(request: Request): Promise<object> {
  if (request.op === 'load') {
    subject = await loaders[name]();
    return { version: subject.version };
  }
  let outcome = await subject.train(request.task);
  if (outcome.seconds < SHORT_S) outcome = await subject.train(request.task);
  return outcome;
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply: object;
  try {
    reply = await answer(JSON.parse(line));
  } catch (error) {
    reply = { error: (error as Error).message || (error as Error).name };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit(0);
