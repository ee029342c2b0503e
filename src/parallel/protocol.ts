// What the threads of a team read and write of what they share: a few words, and the calls that are to be made.
//
// A job is a list of calls and a number of chunks, which threads claim one by one until none is left. Its number stands in the
// same word as the next chunk, so that nobody who was late claims a chunk of another job: whoever has claimed one has read that
// job's calls, which stay until all chunks are done.

import { MOST_THREADS } from '../kernels/team.js';

/** Words, as 32-bit integers. */
export const WORD = {
  /** Grows when there is something to do: what sleeping threads wait for. */
  go: 0,
  /** A job's number << CHUNK_BITS, and the next of its chunks. */
  claim: 1,
  /** Chunks of the job that other threads have done. */
  done: 2,
  /** Threads that are there. */
  ready: 3,
  sleeping: 4,
  /** 1: the threads are to end. */
  stop: 5,
  /** Messages that were posted. */
  mail: 6,
  /** 0 if a kernel has returned so. */
  flag: 7,
  /** 1 + the number of a thread in which a call has thrown. */
  failed: 8,
  /** 1 while the first thread sleeps until chunks are done. */
  waiting: 9,
  /** 1 if a kernel of a list has found something wrong, and returned what. */
  wrong: 10,
  /** How many threads are to work, the first one among them: the others wait until it grows. */
  most: 11,
  /** From here on, for each thread: grows as it works. */
  beat: 16,
} as const;

export const CHUNK_BITS = 10;
export const MOST_CHUNKS = 1 << CHUNK_BITS;
/** A job's number, which fits beside a chunk's. */
export const jobOf = (go: number): number => go & (0x7fffffff >> CHUNK_BITS);

/** Where numbers (64-bit) begin, in bytes. */
export const NUMBERS = 1024;

/** The job's head, in numbers. */
export const HEAD = {
  /** Which kind of job, of JOB. */
  kind: 0,
  chunks: 1,
  /** Rows, tiles or blocks: in all, and of a chunk. */
  total: 2,
  each: 3,
  /** Of a list of calls: which one it is, so that who has read it need not do so again. */
  version: 4,
  /** Of sums: where the chunks' go, the elements of one, the bytes of an element, the kernel that adds two. */
  sums: 5,
  count: 6,
  bytes: 7,
  add: 8,
  /** From here on, for each thread: where its list begins, and the address of its stack of partial sums. */
  lists: 16,
  stacks: 16 + MOST_THREADS,
} as const;

export const JOB = {
  /** One call, divided. */
  call: 0,
  /** A list of calls for each tile. */
  tiles: 1,
  /** The same, of which each chunk's gradients are summed. */
  sums: 2,
  /** A number for each block of two vectors. */
  blocks: 3,
} as const;

export const MOST_ARGS = 16;

/** Where the call of JOB.call and JOB.blocks stands: the kernel's number first, then as CALLED has it, arguments, and their steps. */
export const CALL = HEAD.stacks + MOST_THREADS;
export const CALLED = {
  /** How many arguments. */
  count: 1,
  /** Which of them is the size that is divided, and which is scratch memory, or -1. */
  size: 2,
  work: 3,
  /** Whether what it returns is a flag. */
  flag: 4,
} as const;
export const ARGS = CALL + 8;
export const STEPS = ARGS + MOST_ARGS;

/** Where results of JOB.blocks begin. */
export const RESULTS = STEPS + MOST_ARGS;
/** Where lists begin. */
export const LISTS = RESULTS + MOST_CHUNKS;
/** Numbers of a list: calls of up to MOST_ARGS arguments each. */
export const LIST_NUMBERS = 16384;

/** Bytes of what a team of so many threads shares beside memory. */
export const bytesOfTeam = (threads: number): number => NUMBERS + 8 * (LISTS + threads * LIST_NUMBERS);
