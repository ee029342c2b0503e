// An engine of more threads than there need be, to know how long it would take: what they would do is done by one, part by part, and
// timed; then the parts are dealt out as threads claim them, to who is free first. So what is not divided, parts of unequal size,
// what each part does once more (a product packs its other matrix), and merging are those of the real code.

import { EMBEDDED } from '../../src/backend/wasm/bytes/core.js';
import { createWasmBackend } from '../../src/backend/wasm/index.js';
import { createBasics, type Engine, networkClass } from '../../src/engine.js';
import { Session } from '../../src/matrix/marshal.js';
import type { NetworkOptions } from '../../src/network/plan.js';
import type { Crew } from '../../src/parallel/crew.js';
import { LIST_NUMBERS, LISTS } from '../../src/parallel/protocol.js';
import { ThreadTeam } from '../../src/parallel/team.js';
import { median } from '../measure.js';

/** In milliseconds. */
interface Prediction {
  ms: number;
  /** By one thread. */
  one: number;
  /** Of both what the first thread does alone. */
  alone: number;
  jobs: number;
}

/** As src/parallel/crew.ts has it, for who divides. */
export class SimulatedCrew {
  readonly words = new Int32Array(256);
  readonly numbers: Float64Array;
  readonly size: number;
  readonly hands: number;
  readonly #session: Session;
  readonly #lanes: number[];
  #version = 0;
  /** Of each job of a run, and each of its parts, what it took in each run; part 0 is what the first thread does before its own. */
  #jobs: number[][][] = [];
  #job = 0;
  #within = 0;
  #alone: number[] = [];

  constructor(session: Session, size: number) {
    this.#session = session;
    this.size = size;
    this.hands = size;
    this.numbers = new Float64Array(LISTS + size * LIST_NUMBERS);
    this.#lanes = new Array(size).fill(0);
  }

  /** Who has written the lists that threads have. */
  listsOf: object | undefined;

  get count(): number {
    return this.size;
  }

  get nextVersion(): number {
    return ++this.#version;
  }

  workOf(): number {
    return this.#session.work;
  }

  tell(): void {}

  dispose(): void {}

  run(chunks: number, own: (chunk: number) => void, first?: () => void): boolean {
    const start = performance.now();
    this.#jobs[this.#job] ??= [];
    const parts = this.#jobs[this.#job++];
    const time = (part: number, work?: () => void) => {
      parts[part] ??= [];
      const from = performance.now();
      work?.();
      parts[part].push(performance.now() - from);
    };
    time(0, first);
    for (let chunk = 0; chunk < chunks; chunk++) time(1 + chunk, () => own(chunk));
    this.#within += performance.now() - start;
    return true;
  }

  /** Before the first of some runs. */
  forget(): void {
    this.#jobs = [];
    this.#alone = [];
    this.begin();
  }

  /** Before each run. */
  begin(): void {
    this.#job = 0;
    this.#within = 0;
  }

  /** After each run. @param ms that it took */
  end(ms: number): void {
    this.#alone.push(ms - this.#within);
  }

  /**
   * What a run would take by the medians of each part over those since `forget`.
   *
   * @param joinMs of two threads: each further one that has a part costs as much, for the same words go from core to core
   */
  predict(joinMs: number): Prediction {
    const alone = median(this.#alone);
    const lanes = this.#lanes;
    let ms = alone;
    let one = alone;
    for (const [first, ...parts] of this.#jobs) {
      lanes.fill(0);
      lanes[0] = median(first);
      one += lanes[0];
      for (const part of parts.map(median)) {
        lanes[lanes.indexOf(Math.min(...lanes))] += part;
        one += part;
      }
      ms += Math.max(...lanes) + joinMs * (Math.min(this.size, parts.length) - 1);
    }
    return { ms, one, alone, jobs: this.#jobs.length };
  }
}

export function simulatedEngine(threads: number): { engine: Engine; crew: SimulatedCrew } {
  const options = { embedded: EMBEDDED, modules: {}, reason: 'asked for', fallback: false, shared: true };
  let team: ThreadTeam | undefined;
  const session: Session = new Session(createWasmBackend(options), undefined, {
    count: threads,
    size: threads,
    reason: 'simulated',
    share: () => team,
    dispose() {},
  });
  const crew = new SimulatedCrew(session, threads);
  team = new ThreadTeam(session, crew as unknown as Crew);
  const Network = networkClass(
    () => session,
    'f64',
    () => import('../../src/train/train.js'),
  );
  const network = ((given: NetworkOptions) => new Network(given)) as Engine['network'];
  return {
    engine: Object.assign(
      createBasics(() => session, 'f64'),
      { Network, network },
    ),
    crew,
  };
}
