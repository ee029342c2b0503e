// The threads themselves: how they are started, told of kernels, given jobs, waited for, and ended.

import { nowMs } from '../host/runtime.js';
import type { StartThread, Thread } from '../host/threads.js';
import { PACK_NAMES, type PackName } from '../kernels/pack.js';
import { MOST_THREADS } from '../kernels/team.js';
import type { Session } from '../matrix/marshal.js';
import type { Join } from './join.js';
import { bytesOfTeam, CHUNK_BITS, HEAD, jobOf, MOST_CHUNKS, NUMBERS, WORD } from './protocol.js';

/** How long the first thread sleeps before it looks whether the others are alive. */
const LOOK_MS = 50;
/**
 * After so many looks at which nothing was done no thread is left: a tile, or a part of a call, takes some ms, in TypeScript ten times
 * as long. Not by the clock, for a process that was stopped goes on.
 */
const LOST_LOOKS = { wasm: 17, ts: 100 };
/** One that was ended may go on for a little while. */
const ENDING_MS = 20;

/** How often the first thread looks whether the others are done, before it sleeps until then. */
const SPINS = 8000;

/**
 * Where other programs have the cores, threads are waited for longer than they help: after so many jobs in a row of which the wait
 * was half as long as the work, or longer, the first one works alone for a while, which doubles each time, in milliseconds.
 */
const LATE = 8;
const PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;
/** So many prompt jobs, and it begins anew. */
const PROMPT = 50;

/** What a team is handed: the file is loaded apart, and must not bring a class of its own. */
export interface Means {
  /** Starts a thread. */
  readonly start: StartThread;
  /** How many are to work now; default: all. */
  readonly most?: () => number;
  /** What is thrown. */
  readonly Failure: new (
    message: string,
  ) => Error;
}

/** What ends threads: it knows nothing of the engine, which is collected although they wait. */
class Ending {
  readonly threads: Thread[] = [];
  readonly #words: Int32Array;
  over = false;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  all(): void {
    if (this.over) return;
    this.over = true;
    Atomics.store(this.#words, WORD.stop, 1);
    Atomics.add(this.#words, WORD.go, 1);
    Atomics.notify(this.#words, WORD.go);
    Atomics.store(this.#words, WORD.most, MOST_THREADS);
    Atomics.notify(this.#words, WORD.most);
    for (const thread of this.threads) thread.terminate();
  }
}

const collected = globalThis.FinalizationRegistry && new FinalizationRegistry<Ending>((ending) => ending.all());

export class Crew {
  readonly words: Int32Array;
  readonly numbers: Float64Array;
  readonly #Failure: Means['Failure'];
  readonly #mostNow: Means['most'];
  #most: number;
  readonly #session: Session;
  readonly #end: Ending;
  readonly #told = new Set<PackName>();
  readonly #works: number[] = [];
  #version = 0;
  /** When the job underway was begun; jobs in a row that were waited for, or were not. */
  #begun = 0;
  #late = 0;
  #prompt = 0;
  #pauseMs = PAUSE_MS;
  #pausedUntil = 0;
  /** Who has written the lists that threads have. */
  listsOf: object | undefined;

  constructor(session: Session, count: number, { Failure, start, most }: Means) {
    this.#Failure = Failure;
    this.#mostNow = most;
    this.#most = count;
    const { heap, backend } = session;
    const team = new SharedArrayBuffer(bytesOfTeam(count));
    this.#session = session;
    this.count = count;
    this.words = new Int32Array(team, 0, NUMBERS / 4);
    this.numbers = new Float64Array(team, NUMBERS);
    Atomics.store(this.words, WORD.claim, MOST_CHUNKS - 1);
    Atomics.store(this.words, WORD.most, count);
    this.#end = new Ending(this.words);
    collected?.register(session, this.#end);
    try {
      for (let index = 1; index < count; index++) this.#works[index] = heap.allocate(backend.workBytes);
    } catch (error) {
      this.#free();
      throw error;
    }
    const packs = this.#packs();
    // Not of this, which knows the engine.
    const end = this.#end;
    for (let index = 1; index < count; index++) {
      const join: Join = {
        type: 'join',
        index,
        team,
        memory: session.memory.shared as object,
        work: this.#works[index],
        packs,
      };
      if (end.over) break;
      end.threads.push(start(join, () => end.all()));
    }
  }

  /** Of packs that have been put since, what threads need of them. */
  #packs(): Join['packs'] {
    const { packs, modules } = this.#session.backend;
    const news: Join['packs'] = {};
    for (const name of PACK_NAMES) {
      if (this.#told.has(name) || !packs[name].backend) continue;
      this.#told.add(name);
      news[name] = packs[name].backend === 'ts' ? 'ts' : modules[name];
    }
    return news;
  }

  /** Tells the threads of a pack that was put after they were started. */
  tell(name: PackName): void {
    if (this.#told.has(name)) return;
    const packs = this.#packs();
    for (const thread of this.#end.threads) thread.post({ type: 'packs', packs });
    Atomics.add(this.words, WORD.mail, 1);
    this.#wake();
  }

  /** How many there are to be, with the first one. */
  readonly count: number;

  /** How many there are. */
  get size(): number {
    return this.#end.over ? 1 : 1 + Atomics.load(this.words, WORD.ready);
  }

  /** How many are to share a job that begins now. */
  get hands(): number {
    if (this.#pausedUntil) {
      if (nowMs() < this.#pausedUntil) return 1;
      this.#pausedUntil = 0;
    }
    const most = this.#mostNow?.() ?? this.count;
    if (most !== this.#most) {
      this.#most = most;
      Atomics.store(this.words, WORD.most, most);
      Atomics.notify(this.words, WORD.most);
    }
    return Math.min(most, this.size);
  }

  #judge(waitedSince: number): void {
    const now = nowMs();
    if (now - waitedSince < 0.5 * (waitedSince - this.#begun)) return;
    this.#prompt = 0;
    if (++this.#late < LATE) return;
    this.#late = 0;
    this.#pausedUntil = now + this.#pauseMs;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
  }

  #wasPrompt(): void {
    this.#late = 0;
    if (++this.#prompt < PROMPT) return;
    this.#prompt = 0;
    this.#pauseMs = PAUSE_MS;
  }

  get over(): boolean {
    return this.#end.over;
  }

  /** Scratch memory of a thread. */
  workOf(index: number): number {
    return index === 0 ? this.#session.work : this.#works[index];
  }

  /** A number for a list of calls that is not yet known to anyone. */
  get nextVersion(): number {
    return ++this.#version;
  }

  #wake(): void {
    const { words } = this;
    Atomics.add(words, WORD.go, 1);
    if (Atomics.load(words, WORD.sleeping) > 0) Atomics.notify(words, WORD.go);
  }

  /**
   * Has a job done, whose head and calls are written but for the number of chunks.
   *
   * @param own does a chunk in this thread
   * @param first is done in this thread before its first chunk
   * @returns whether it was: if not a thread is no more, and what it was at may be done by halves
   */
  run(chunks: number, own: (chunk: number) => void, first?: () => void): boolean {
    const { words, numbers } = this;
    this.#begun = nowMs();
    numbers[HEAD.chunks] = chunks;
    Atomics.store(words, WORD.done, 0);
    const base = jobOf(Atomics.load(words, WORD.go) + 1) << CHUNK_BITS;
    Atomics.store(words, WORD.claim, base);
    this.#wake();
    let mine = 0;
    try {
      first?.();
      while (true) {
        const chunk = Atomics.add(words, WORD.claim, 1) - base;
        if (chunk >= chunks) break;
        mine++;
        own(chunk);
      }
    } finally {
      // Nothing of this job is claimed from here on, whatever has happened, nor by who reads the next one's number of chunks too early.
      const claimed = Math.min(chunks, Atomics.exchange(words, WORD.claim, base + MOST_CHUNKS - 1) - base);
      if (!this.#wait(claimed - mine)) {
        this.#end.all();
        for (const until = nowMs() + ENDING_MS; nowMs() < until; );
      }
    }
    const failed = Atomics.load(words, WORD.failed);
    if (failed) {
      this.#end.all();
      throw this.failure(`a kernel has failed in thread ${failed}`);
    }
    return !this.#end.over;
  }

  failure(message: string): Error {
    return new this.#Failure(message);
  }

  /** Whether so many chunks of others were done, or will not be. */
  #wait(chunks: number): boolean {
    const { words } = this;
    for (let i = 0; i < SPINS; i++) {
      if (Atomics.load(words, WORD.done) < chunks) continue;
      this.#wasPrompt();
      return true;
    }
    const waitedSince = nowMs();
    let looks = 0;
    let beats = -1;
    Atomics.store(words, WORD.waiting, 1);
    try {
      for (let done = 0; ; ) {
        done = Atomics.load(words, WORD.done);
        if (done >= chunks) {
          this.#judge(waitedSince);
          return true;
        }
        Atomics.wait(words, WORD.done, done, LOOK_MS);
        const now = words.subarray(WORD.beat).reduce((sum, beat) => (sum + beat) | 0, 0);
        if (now !== beats) [beats, looks] = [now, 0];
        else if (++looks > LOST_LOOKS[this.#session.backend.name]) return false;
      }
    } finally {
      Atomics.store(words, WORD.waiting, 0);
    }
  }

  /** Ends them all, and gives their memory back. */
  dispose(): void {
    this.#end.all();
    collected?.unregister(this.#session);
    this.#free();
  }

  #free(): void {
    for (const work of this.#works.splice(0)) if (work) this.#session.heap.release(work);
  }
}
