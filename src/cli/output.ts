// What commands print to: people see text and a live line, machines see JSON.

export interface Output {
  /** --json: only `result` prints, one JSON value. */
  readonly json: boolean;
  readonly quiet: boolean;
  /** Standard output is a terminal that takes colours (a TTY, no NO_COLOR, no TERM=dumb). */
  readonly colour: boolean;
  /** Columns of the terminal, 80 where there is none. */
  readonly width: number;
  /** Columns that a line may have: those of the terminal; Infinity where there is none, as nothing is cut in a pipe. */
  readonly room: number;
  /** A line of text to standard output; nothing with --json or --quiet. */
  line(text?: string): void;
  /** A remark to standard error; nothing with --quiet. */
  note(text: string): void;
  /** What the command is for: the text, or with --json the value. It is printed with --quiet, too. */
  result(value: unknown, text: string): void;
  /** A live line on standard error, only if that is a terminal and neither --quiet nor --json. */
  live(): Live;
  style(name: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string): string;
}

export interface Live {
  /**
   * Drawn at most ten times a second, and cut to the terminal's width.
   *
   * @param done 0 to 1 if it is known
   * @param text what stands beside the bar
   * @param picture lines below it, a plot for example; left out where the terminal has no room for them
   */
  update(done: number | undefined, text: string, picture?: () => string): void;
  end(): void;
}

/** What is used of a stream. */
export interface Sink {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}
