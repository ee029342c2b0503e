// What the machine's processors do by themselves, as a thread of work.mjs or of who imports it.

import { isMainThread, workerData } from 'node:worker_threads';

/** Bytes that are copied in all. */
export const COPY_BYTES = 64 << 20;

/** Some 20 ms of arithmetic in registers. */
function busy() {
  let x = 1;
  for (let i = 0; i < 2e7; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
}

/** @type {Float64Array[]} */
let buffers = [];

/** A part of the copy, from memory of this thread's own to more of it. @param {number} threads how many copy */
function copy(threads) {
  const count = COPY_BYTES / 8 / threads;
  if (buffers[0]?.length !== count) buffers = [0, 1].map((value) => new Float64Array(count).fill(value));
  buffers[1].set(buffers[0]);
}

export const WORKS = [busy, copy];

/** Words of what the threads share. */
export const WORD = { go: 0, work: 1, threads: 2, done: 3 };

if (!isMainThread && workerData?.words) {
  const { words, index } = workerData;
  for (let seen = 0; ; seen++) {
    Atomics.wait(words, WORD.go, seen);
    if (index >= words[WORD.threads]) continue;
    WORKS[words[WORD.work]](words[WORD.threads]);
    Atomics.add(words, WORD.done, 1);
    Atomics.notify(words, WORD.done);
  }
}
