// scikit-learn in a process of its own, on one thread.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('sklearn_peer.py', import.meta.url));
/** The first of these that has scikit-learn: Debian's own beside another that comes first on the path. */
const PYTHONS = ['python3', '/usr/bin/python3'];

export interface Answer {
  seconds: number;
  accuracy: number;
}

export class Sklearn {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  version = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> })[
      Symbol.asyncIterator
    ]();
  }

  /** undefined where no Python has it. */
  static async start(): Promise<Sklearn | undefined> {
    const threads = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
    for (const python of PYTHONS) {
      const child = spawn(python, [PROGRAM], {
        stdio: ['pipe', 'pipe', 'ignore'],
        env: { ...process.env, ...threads },
      });
      child.on('error', () => {});
      const sklearn = new Sklearn(child);
      const { value, done } = await sklearn.#lines.next();
      if (done) continue;
      sklearn.version = JSON.parse(value).version;
      return sklearn;
    }
    return undefined;
  }

  async run(task: object): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(task)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('scikit-learn ended');
    return JSON.parse(value);
  }

  stop(): void {
    this.#child.kill();
  }
}
