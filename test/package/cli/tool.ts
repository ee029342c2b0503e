// The built command line, run as a process: in pipes, and in a terminal of tmux.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../../dist/tool/cli.js', import.meta.url));

export interface Ended {
  /** Exit code, or the name of the signal that ended it. */
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

interface Options {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Called with what was printed so far, both streams, and the process. */
  watch?(text: string, process: ChildProcess): void;
  started?(process: ChildProcess): void;
}

/** What this test runs in is no terminal's business. */
const { NO_COLOR: _1, FORCE_COLOR: _2, BITGRAD_DEBUG: _3, COLUMNS: _4, ...ENV } = process.env;

function run(command: string, words: readonly string[], options: Options = {}): Promise<Ended> {
  const { input, env, cwd, watch, started } = options;
  const start = performance.now();
  const child = spawn(command, words, { cwd, env: { ...ENV, ...env }, stdio: 'pipe' });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part) => {
      text[name] += part;
      watch?.(text.stdout + text.stderr, child);
    });
  }
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  started?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code: code ?? signal, ...text, seconds: (performance.now() - start) / 1000 });
    });
  });
}

export const bitgrad = (words: readonly string[], options?: Options) => run(process.execPath, [CLI, ...words], options);

/** A line of a shell. */
export const shell = (line: string, options?: Options) => run('sh', ['-c', line], options);

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

/** A shell in a terminal of so many columns: what is typed, and what is on the screen. */
export class Screen {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bitgrad-tmux-'));

  constructor(columns: number, rows: number) {
    const env = { ...ENV, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', PS1: '$ ' };
    const shell = ['-x', String(columns), '-y', String(rows), 'sh'];
    // Its own server, configured by nobody, in the environment that is meant.
    execFileSync('tmux', ['-f', '/dev/null', '-S', join(this.#folder, 's'), '-u', 'new-session', '-d', ...shell], {
      env,
    });
  }

  #tmux(...words: string[]): string {
    return execFileSync('tmux', ['-S', join(this.#folder, 's'), ...words], { encoding: 'utf8' });
  }

  /** @param keys as tmux names them: `C-c` */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  type(line: string): void {
    this.#tmux('send-keys', '-l', line);
    this.press('Enter');
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  /** Lines from the first to the last, those scrolled away among them; lines that wrapped are one, marked where they did. */
  lines(): string[] {
    const joined = this.#tmux('capture-pane', '-p', '-J', '-S', '-').trimEnd().split('\n');
    return joined.map((line) => line.trimEnd());
  }

  /** As they stand on the screen. */
  raw(): string[] {
    return this.#tmux('capture-pane', '-p', '-S', '-').trimEnd().split('\n');
  }

  /** From 0. */
  cursor(): number {
    return Number(this.#tmux('display-message', '-p', '#{cursor_x}'));
  }

  /** @throws if a line that has it does not come in time */
  async until(what: RegExp, seconds = 30): Promise<string[]> {
    const end = performance.now() + 1000 * seconds;
    for (;;) {
      const lines = this.lines();
      if (lines.some((line) => what.test(line))) return lines;
      if (performance.now() > end)
        throw new Error(`there was no ${what} within ${seconds} s, but\n${lines.join('\n')}`);
      await wait(50);
    }
  }

  close(): void {
    spawnSync('tmux', ['-S', join(this.#folder, 's'), 'kill-server']);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
