// A thread of a team: waits for jobs, claims chunks of them, and makes their calls. It knows kernels and addresses, nothing else.

import { type AnyKernel, apply, NUMBERED } from './kernels.js';
import { ARGS, CALL, CALLED, CHUNK_BITS, HEAD, JOB, jobOf, MOST_ARGS, RESULTS, STEPS, WORD } from './protocol.js';

/**
 * How often a thread looks for the next job before it sleeps: for some 2 ms. One that was asleep may be woken on the core of who wakes it,
 * where it waits until the kernel moves one of them, 10 ms and more.
 */
const SPINS = 200_000;

/** A call of a list. */
interface Call {
  readonly kernel: AnyKernel;
  readonly count: number;
  /** Whether all arguments are sizes and addresses, integers of 32 bits: numbers of 64 would be allocated for the call (a third of the time). */
  readonly whole: boolean;
  readonly tells: boolean;
}

/** Calls of kernels, one after the other, over addresses that move from tile to tile. */
class List {
  #calls: Call[] = [];
  /** Of each argument what it is for tile 0, by how much it moves, and whether it follows where sums go. */
  #args = new Float64Array(0);
  /** The same modulo 2^32, which is what addresses are. */
  #wholes = new Int32Array(0);
  readonly #now = new Float64Array(MOST_ARGS);
  readonly #nowWhole = new Int32Array(MOST_ARGS);

  /** @returns whether it can be read: what is being written is not */
  read(numbers: Float64Array, at: number, kernelOf: (number: number) => AnyKernel | undefined): boolean {
    const made: Call[] = [];
    const calls = numbers[at];
    let from = at + 1;
    for (let i = 0; i < calls; i++) {
      const kernel = kernelOf(numbers[from]);
      const count = numbers[from + 1];
      if (!kernel || !(count >= 0 && count <= MOST_ARGS)) return false;
      const { scalars, tells } = NUMBERED[numbers[from]];
      made.push({ kernel, count, whole: !scalars, tells });
      from += 2 + 3 * count;
    }
    this.#calls = made;
    this.#args = numbers.slice(at + 1, from);
    this.#wholes = Int32Array.from(this.#args, (x) => x | 0);
    return true;
  }

  /** The calls for a tile. @param to where its sums go @returns whether none has found something wrong */
  run(tile: number, to: number): boolean {
    const args = this.#args;
    const wholes = this.#wholes;
    const now = this.#now;
    const nowWhole = this.#nowWhole;
    const calls = this.#calls;
    const toWhole = to | 0;
    let good = true;
    let from = 0;
    for (let i = 0; i < calls.length; i++) {
      const { kernel, count, whole, tells } = calls[i];
      let returned: number | undefined;
      from += 2;
      if (whole) {
        for (let j = 0; j < count; j++, from += 3) {
          nowWhole[j] = wholes[from] + Math.imul(tile, wholes[from + 1]) + Math.imul(toWhole, wholes[from + 2]);
        }
        returned = apply(kernel, count, nowWhole);
      } else {
        for (let j = 0; j < count; j++, from += 3) now[j] = args[from] + tile * args[from + 1] + to * args[from + 2];
        returned = apply(kernel, count, now);
      }
      if (tells && returned !== 0) good = false;
    }
    return good;
  }
}

export interface Surroundings {
  /** What the team shares. */
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  /** Which thread this is, from 1 on. */
  readonly index: number;
  /** Address of its scratch memory. */
  readonly work: number;
  kernelOf(number: number): AnyKernel | undefined;
  /** Before the calls of a job: memory may have grown. */
  look(): void;
}

export class Member {
  readonly #at: Surroundings;
  readonly #list = new List();
  #version = -1;
  readonly #args = new Float64Array(MOST_ARGS);
  #seen = 0;
  #mail = 0;

  constructor(at: Surroundings) {
    this.#at = at;
    this.#seen = Atomics.load(at.words, WORD.go);
    Atomics.add(at.words, WORD.ready, 1);
  }

  /** Works until it is told to stop (false), or that a message has come (true). */
  serve(): boolean {
    const { words } = this.#at;
    while (true) {
      if (Atomics.load(words, WORD.stop)) return false;
      if (Atomics.load(words, WORD.mail) !== this.#mail) {
        this.#mail++;
        return true;
      }
      this.#wait();
      this.#job();
    }
  }

  #wait(): void {
    const { words, index } = this.#at;
    // Others have its core.
    for (let most = 0; ; ) {
      most = Atomics.load(words, WORD.most);
      if (index < most) break;
      Atomics.wait(words, WORD.most, most);
    }
    const seen = this.#seen;
    for (let i = 0; i < SPINS; i++) {
      if (Atomics.load(words, WORD.go) !== seen) break;
    }
    if (Atomics.load(words, WORD.go) === seen) {
      Atomics.add(words, WORD.sleeping, 1);
      Atomics.wait(words, WORD.go, seen);
      Atomics.sub(words, WORD.sleeping, 1);
    }
    this.#seen = Atomics.load(words, WORD.go);
  }

  /** Claims a chunk of a job; -1 if none is left, or that job is over. */
  #claim(job: number, chunks: number): number {
    const { words } = this.#at;
    while (true) {
      const word = Atomics.load(words, WORD.claim);
      const chunk = word & ((1 << CHUNK_BITS) - 1);
      if (word >> CHUNK_BITS !== job || chunk >= chunks) return -1;
      if (Atomics.compareExchange(words, WORD.claim, word, word + 1) === word) return chunk;
    }
  }

  #job(): void {
    const { words, numbers, index, kernelOf } = this.#at;
    const job = jobOf(this.#seen);
    // What is read here may be half of the next job; then nothing can be claimed of this one.
    const kind = numbers[HEAD.kind];
    const chunks = numbers[HEAD.chunks];
    const version = numbers[HEAD.version];
    const listed = kind === JOB.tiles || kind === JOB.sums;
    let good = listed || kernelOf(numbers[CALL]) !== undefined;
    if (listed && version !== this.#version) good = this.#list.read(numbers, numbers[HEAD.lists + index], kernelOf);
    let chunk = good ? this.#claim(job, chunks) : -1;
    if (listed) this.#version = chunk < 0 ? -1 : version;
    if (chunk < 0) return;
    this.#at.look();
    for (; chunk >= 0; chunk = this.#claim(job, chunks)) {
      try {
        this.#chunk(kind, chunk);
      } catch {
        Atomics.store(words, WORD.failed, 1 + index);
      }
      this.#beat();
      Atomics.add(words, WORD.done, 1);
      if (Atomics.load(words, WORD.waiting)) Atomics.notify(words, WORD.done);
    }
  }

  /** Says that it is alive. */
  #beat(): void {
    Atomics.add(this.#at.words, WORD.beat + this.#at.index, 1);
  }

  #chunk(kind: number, chunk: number): void {
    const { numbers } = this.#at;
    const each = numbers[HEAD.each];
    const from = chunk * each;
    const end = Math.min(from + each, numbers[HEAD.total]);
    if (kind === JOB.call) this.#call(from, end - from);
    else if (kind === JOB.blocks) this.#blocks(from, end);
    else if (kind === JOB.sums) this.#sums(chunk, from, end);
    else {
      for (let tile = from; tile < end; tile++) {
        this.#tile(tile, 0);
      }
    }
  }

  #tile(tile: number, to: number): void {
    if (!this.#list.run(tile, to)) Atomics.store(this.#at.words, WORD.wrong, 1);
    this.#beat();
  }

  #call(from: number, count: number): void {
    const { words, numbers, work, kernelOf } = this.#at;
    const args = this.#args;
    const n = numbers[CALL + CALLED.count];
    for (let i = 0; i < n; i++) args[i] = numbers[ARGS + i] + from * numbers[STEPS + i];
    args[numbers[CALL + CALLED.size]] = count;
    if (numbers[CALL + CALLED.work] >= 0) args[numbers[CALL + CALLED.work]] = work;
    const returned = apply(kernelOf(numbers[CALL]) as AnyKernel, n, args);
    if (numbers[CALL + CALLED.flag] && !returned) Atomics.store(words, WORD.flag, 0);
  }

  /** As SumTree.addBlocks has them. */
  #blocks(from: number, end: number): void {
    const { numbers, kernelOf } = this.#at;
    const kernel = kernelOf(numbers[CALL]) as AnyKernel;
    const [n, x, y, step, block] = numbers.subarray(ARGS, ARGS + 5);
    for (let i = from; i < end; i++) {
      numbers[RESULTS + i] = kernel(Math.min(block, n - i * block), x + i * step, y + i * step) as number;
    }
  }

  /** The sum of a whole chunk, by the canonical tree: as Tiles has it, but that the partial sums of a chunk stand one after the other. */
  #sums(chunk: number, from: number, end: number): void {
    const { numbers, index, kernelOf } = this.#at;
    const add = kernelOf(numbers[HEAD.add]) as AnyKernel;
    const count = numbers[HEAD.count];
    const step = count * numbers[HEAD.bytes];
    const to = numbers[HEAD.sums] + chunk * step;
    // Partial sum 0 is the chunk's own, the others stand on this thread's stack.
    const stack = numbers[HEAD.stacks + index] - step;
    for (let tile = from; tile < end; tile++) {
      let depth = 0;
      for (let rest = tile - from; rest > 0; rest &= rest - 1) depth++;
      this.#tile(tile, depth === 0 ? to : stack + depth * step);
      for (let carry = tile - from + 1; carry % 2 === 0; carry /= 2, depth--) {
        add(count, 1, stack + depth * step, depth === 1 ? to : stack + (depth - 1) * step);
      }
    }
  }
}
