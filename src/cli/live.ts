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
  // Node learns of another size by a signal, which waits while a program computes: asked before each drawing, lines do not come too long.
  const measure = () => (stream as { _refreshSize?(): void })._refreshSize?.();
  /** What was last said; made when it is drawn. */
  let make = (): readonly string[] => [];
  let drawn: readonly string[] = [];
  let last = -Infinity;
  let bars: MultiBar | undefined;

  /** Of a terminal that became narrower a line may be several, and the cursor stands below them. @returns whether it did */
  const moveUp = (): boolean => {
    const more = drawn.reduce((sum, line) => sum + Math.max(0, Math.ceil(widthOf(line) / (width() + 1)) - 1), 0);
    if (more > 0) moveCursor(out, 0, -more);
    return more > 0;
  };

  /** A bar of cli-progress is a line here. It draws ten times a second by its clock, if that has its turn. */
  function open(): MultiBar {
    let count = 0;
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
      measure();
      if (moveUp()) opened.once('redraw-pre', () => clearScreenDown(out));
      drawn = make().map((line) => cut(line, width()));
      while (count < drawn.length) opened.create(1, 0, { index: count++ });
      last = performance.now();
    });
    // The first one starts the clock: only once, so that stop() ends it.
    opened.create(1, 0, { index: count++ });
    return opened;
  }

  function hide() {
    if (!bars) return;
    measure();
    moveUp();
    bars.stop();
    bars = undefined;
    drawn = [];
    last = -Infinity;
  }

  return {
    update(done, text, picture) {
      let lines: readonly string[] | undefined;
      make = () => {
        if (lines) return lines;
        const below = picture?.().split('\n') ?? [];
        lines = [lineOf(done, text, width()), ...(below.length + 2 > (stream.rows || 24) ? [] : below)];
        return lines;
      };
      if (performance.now() - last < 1000 / PER_SECOND) return;
      bars ??= open();
      bars.update();
    },
    hide,
    end() {
      make = () => [];
      hide();
    },
  };
}
