// A subject's process, seen from the benchmark: requests go in and answers come out, a line of JSON each.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compile } from './native.js';
import type { Reply, Request } from './protocol.js';

/** What says to each library how many threads it is to have. */
const environmentOf = (threads: number) => ({
  OMP_NUM_THREADS: `${threads}`,
  OPENBLAS_NUM_THREADS: `${threads}`,
  MKL_NUM_THREADS: `${threads}`,
  BITGRAD_THREADS: `${threads}`,
  BITGRAD_BACKEND: '',
});

export class SubjectProcess {
  readonly #child: ChildProcess;
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  #stderr = '';
  #ended: string | undefined;

  constructor(threads: number, command: string, args: string[]) {
    this.#child = spawn(command, args, { env: { ...process.env, ...environmentOf(threads) }, stdio: 'pipe' });
    const { stdin, stdout, stderr } = this.#child;
    stdin?.on('error', () => {}); // it ended: the event below tells more
    stderr?.on('data', (data) => {
      this.#stderr = (this.#stderr + data).slice(-2000);
    });
    if (stdout) createInterface({ input: stdout }).on('line', (line) => this.#answer(line));
    this.#child.on('error', (error) => this.#end(error.message));
    this.#child.on('close', (code, signal) => {
      const last = this.#stderr.trim().split('\n').pop();
      this.#end(`its process ended with ${signal ?? `exit code ${code}`}${last ? `: ${last}` : ''}`);
    });
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  #answer(line: string): void {
    const waiting = this.#waiting;
    if (!waiting || !line.startsWith('{')) return;
    this.#waiting = undefined;
    waiting.resolve(JSON.parse(line));
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#waiting?.reject(new Error(this.#ended));
    this.#waiting = undefined;
  }

  /** The answer, be it an error. @throws if the process ended, or did not answer in `seconds` and was ended for it */
  request(request: Request, seconds: number): Promise<Reply> {
    if (this.#ended) return Promise.reject(new Error(this.#ended));
    return new Promise<Reply>((resolve, reject) => {
      const late = setTimeout(() => {
        this.#end(`no answer in ${seconds} s`);
        this.#child.kill('SIGKILL');
      }, seconds * 1000);
      const settle =
        <T>(f: (value: T) => void) =>
        (value: T) => {
          clearTimeout(late);
          f(value);
        };
      this.#waiting = { resolve: settle(resolve), reject: settle(reject) };
      this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  }

  dispose(): void {
    this.#end('it was ended');
    this.#child.stdin?.end();
    this.#child.kill();
  }
}

const PYTHONS = ['python3', '/usr/bin/python3'];
const pathOf = (program: string) => fileURLToPath(new URL(program, import.meta.url));

/** The first Python that has the modules: Debian's own beside another that comes first on the path. @throws if none does */
function pythonWith(modules: string): string {
  const python = PYTHONS.find((each) => {
    try {
      execFileSync(each, ['-c', `import ${modules}`], { stdio: 'ignore' });
      return true;
    } catch {
      return false; // the next may do
    }
  });
  if (!python) throw new Error(`neither ${PYTHONS.join(' nor ')} has ${modules}`);
  return python;
}

/** How a subject is started, by the language of its program. @throws if what it needs is missing */
export const LANGUAGES: Record<'node' | 'python' | 'c', (threads: number, ...args: string[]) => SubjectProcess> = {
  /** A module under bench/ and what its load() gets. */
  node: (threads, ...args) =>
    new SubjectProcess(threads, process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      pathOf('worker.ts'),
      ...args,
    ]),
  /** A class of python.py that needs those modules. */
  python: (threads, modules, subject) =>
    new SubjectProcess(threads, pythonWith(modules), [pathOf('python.py'), subject]),
  /** A file of native/, compiled. */
  c: (threads, name) => new SubjectProcess(threads, compile(name), []),
};
