// The live line, and what is drawn below it: cli-progress keeps the place, draws bars, and clears all of it.

import { clearScreenDown, moveCursor } from 'node:readline';
import { Format, MultiBar } from 'cli-progress';
import type { Live, Sink } from './output.js';
import { cut, widthOf } from './text.js';

const PER_SECOND = 10;
const MAX_BAR = 24;

export interface LiveLines extends Live {
  /** Cleared, until it is drawn again: something else is printed. */
  hide(): void;
}

/** The bar, if it is known how much is done, and the text. @param width columns that it may take */
export function lineOf(done: number | undefined, text: string, width: number): string {
  if (done === undefined) return cut(text, width);
  const barsize = Math.min(MAX_BAR, Math.floor(width / 4));
  const part = Math.min(Math.max(done, 0), 1);
  const characters = { barCompleteString: '█'.repeat(barsize), barIncompleteString: '░'.repeat(barsize), barGlue: '' };
  const bar = Format.BarFormat(part, { barsize, ...characters });
  return cut(`${bar} ${`${Math.floor(100 * part)}`.padStart(3)} % ${text}`, width);
}

/** @param stream a terminal */
export function openLive(stream: Sink): LiveLines {
  const out = stream as NodeJS.WriteStream;
  // The last column stays free: behind it some terminals wrap at once.
  const width = () => (stream.columns || 80) - 1;
  let lines: readonly string[] = [];
  let drawn: readonly string[] = [];
  let last = -Infinity;
  let bars: MultiBar | undefined;
  let count = 0;

  /** Of a terminal that became narrower a line may be several, and the cursor stands below them. @returns whether it did */
  const moveUp = (): boolean => {
    const more = drawn.reduce((sum, line) => sum + Math.max(0, Math.ceil(widthOf(line) / (width() + 1)) - 1), 0);
    if (more > 0) moveCursor(out, 0, -more);
    return more > 0;
  };

  function open(): MultiBar {
    count = 0;
    const opened = new MultiBar({
      stream: out,
      fps: PER_SECOND,
      // Turned off, wrapping would stay off if the process is killed; and no line is as wide as that.
      linewrap: true,
      clearOnComplete: true,
      forceRedraw: true,
      format: (_options: unknown, _parameters: unknown, { index }: { index: number }) => drawn[index] ?? '',
    });
    opened.on('update-pre', () => {
      if (moveUp()) opened.once('redraw-pre', () => clearScreenDown(out));
      drawn = lines.map((line) => cut(line, width()));
      last = performance.now();
    });
    return opened;
  }

  function hide() {
    if (!bars) return;
    moveUp();
    bars.stop();
    bars = undefined;
    drawn = [];
    last = -Infinity;
  }

  return {
    update(done, text, picture) {
      const now = performance.now();
      if (now - last < 1000 / PER_SECOND) return;
      const below = picture?.().split('\n') ?? [];
      lines = [lineOf(done, text, width()), ...(below.length + 2 > (stream.rows || 24) ? [] : below)];
      bars ??= open();
      while (count < lines.length) bars.create(1, 0, { index: count++ });
      bars.update();
    },
    hide,
    end: hide,
  };
}
