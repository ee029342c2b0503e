// Output to a terminal, a pipe or a file.

import { type LiveLines, openLive } from './live.js';
import type { Live, Output, Sink } from './output.js';

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;
const WIDTH = 80;

/** As Node has it: FORCE_COLOR comes before NO_COLOR, either is off when it is empty. */
export function takesColour(stream: Sink, env: Streams['env']): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = env;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return Boolean(stream.isTTY) && !NO_COLOR && TERM !== 'dumb';
}

/** Lines that move want a terminal that knows how to. */
const takesLive = (stream: Sink, env: Streams['env']) => Boolean(stream.isTTY) && env.TERM !== 'dumb';

/** Arrays of numbers are arrays; what JSON has no name for is null. */
const plain = (_key: string, value: unknown) =>
  ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;

const SILENT: Live = { update() {}, end() {} };

export interface TerminalOutput extends Output {
  /** Ends what is live: before a message of an error, and at the end. */
  close(): void;
}

export function createOutput(
  { stdout, stderr, env }: Streams,
  { json, quiet }: { json: boolean; quiet: boolean },
): TerminalOutput {
  const colour = !json && takesColour(stdout, env);
  let live: LiveLines | undefined;
  const write = (stream: Sink, text: string) => {
    live?.hide();
    stream.write(`${text}\n`);
  };
  return {
    json,
    quiet,
    colour,
    get width() {
      return (stdout.isTTY && stdout.columns) || WIDTH;
    },
    get room() {
      return (stdout.isTTY && stdout.columns) || Infinity;
    },
    line(text = '') {
      if (!json && !quiet) write(stdout, text);
    },
    note(text) {
      if (!quiet) write(stderr, text);
    },
    result(value, text) {
      write(stdout, json ? JSON.stringify(value, plain) : text);
    },
    live() {
      live?.end();
      live = undefined;
      if (json || quiet || !takesLive(stderr, env)) return SILENT;
      live = openLive(stderr);
      return live;
    },
    style(name, text) {
      const [on, off] = STYLES[name];
      return colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
    },
    close() {
      live?.end();
      live = undefined;
    },
  };
}
