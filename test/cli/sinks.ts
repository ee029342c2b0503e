// Streams that keep what is written: a pipe, or a terminal that knows what is on its screen.

import { Writable } from 'node:stream';
import { createOutput, type TerminalOutput } from '../../src/cli/terminal.js';

export class Pipe extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, done: () => void) {
    this.text += chunk.toString('utf8');
    done();
  }
}

export class Terminal extends Pipe {
  readonly isTTY = true;
  columns = 40;
  rows = 24;
  /** As long as nothing wraps or scrolls. */
  screen: string[] = [''];
  #row = 0;
  #column = 0;

  override _write(chunk: Buffer, encoding: string, done: () => void) {
    super._write(chunk, encoding, done);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what steers a terminal
    for (const [part] of chunk.toString('utf8').matchAll(/\u001b\[\d*(?:;\d*)?[A-Za-z]|[\s\S]/gu)) this.#take(part);
  }

  #take(part: string) {
    const count = Number(/\d+/.exec(part)?.[0] ?? 1);
    const line = this.screen[this.#row] ?? '';
    if (part === '\n') [this.#row, this.#column] = [this.#row + 1, 0];
    else if (part === '\r') this.#column = 0;
    else if (/A$/.test(part) && part.length > 1) this.#row -= count;
    else if (/G$/.test(part) && part.length > 1) this.#column = count - 1;
    else if (/K$/.test(part) && part.length > 1) this.screen[this.#row] = line.slice(0, this.#column);
    else if (/J$/.test(part) && part.length > 1) this.screen.splice(this.#row, Infinity, line.slice(0, this.#column));
    else if (part.startsWith('\u001b')) throw new Error(`an unknown sequence ${JSON.stringify(part)}`);
    else {
      if (this.#column >= this.columns) throw new Error(`a line wraps: ${JSON.stringify(line)}`);
      this.screen[this.#row] = line.slice(0, this.#column).padEnd(this.#column) + part + line.slice(this.#column + 1);
      this.#column++;
    }
    while (this.screen.length <= this.#row) this.screen.push('');
  }

  /** Lines with something on them. */
  get shown(): string[] {
    return this.screen.map((line) => line.trimEnd()).filter((line) => line !== '');
  }
}

type Env = Record<string, string | undefined>;

export function pipes(flags: { json?: boolean; quiet?: boolean } = {}, env: Env = {}) {
  const [stdout, stderr] = [new Pipe(), new Pipe()];
  return { stdout, stderr, out: createOutput({ stdout, stderr, env }, { json: false, quiet: false, ...flags }) };
}

/** Both streams are the one terminal. */
export function terminal(
  flags: { json?: boolean; quiet?: boolean } = {},
  env: Env = {},
): { screen: Terminal; out: TerminalOutput } {
  const screen = new Terminal();
  const streams = { stdout: screen, stderr: screen, env };
  return { screen, out: createOutput(streams, { json: false, quiet: false, ...flags }) };
}
