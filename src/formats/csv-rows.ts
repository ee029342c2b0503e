// Lines to rows of cells. Lines without a quote are split where the delimiters are; rows with quotes are csv-parse's.
//
// csv-parse reads every byte by itself: 23 MB/s of numbers in 20 columns and 17 of quoted texts, whatever its options (records as
// arrays, raw callbacks, no casts, large buffers; Node 20, one core). So it is 78 MB/s and 23, columns made. Of others csv-parser gave
// 24 and 12, papaparse 62 and 16, without columns; udsv 112 and 46, but it has no line numbers and takes malformed rows for good ones.

import { parse } from 'csv-parse/sync';
import { LONGEST_ROW } from './lines.js';

export interface RowSink {
  /** @param line on which the row begins */
  row(cells: string[], line: number): void;
  /** A row that cannot be read. */
  bad(line: number, message: string): void;
}

/** A row whose quotes are balanced, of a line or several. */
interface Quoted {
  readonly text: string;
  readonly line: number;
}

/** Lines that were taken for parts of a row which is none: they are read again. */
interface Again {
  readonly lines: readonly string[];
  readonly line: number;
}

const isOdd = (line: string): boolean => {
  let odd = false;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) odd = !odd;
  return odd;
};

const and = ({ lines, line }: Again, next: string): Again => ({ lines: [...lines, next], line });

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line);

const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed: close it, or double quotes that belong to the text',
  INVALID_OPENING_QUOTE: 'a quote in the midst of a cell: quote the whole cell, and double the quote',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote: double quotes that belong to the text',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'something follows a closing quote: double quotes that belong to the text',
};

export class RowReader {
  /** Lines of a row in which a quote is open. */
  private open: string[] = [];
  private openLine = 0;
  private openSize = 0;
  private quoted: Quoted[] = [];
  /** Something is wrong among the lines that are read: rows are parsed one by one. */
  private careful = false;
  private readonly opensQuote: RegExp;
  private readonly options;

  constructor(
    private readonly delimiter: string,
    private readonly newline: '\n' | '\r',
    private readonly sink: RowSink,
  ) {
    this.opensQuote = new RegExp(`(^|${delimiter.replace(/[^\w\s]/g, '\\$&')})"`);
    const delimiters = newline === '\n' ? ['\r\n', '\n'] : ['\r'];
    this.options = { delimiter, relax_column_count: true, record_delimiter: delimiters };
  }

  read(lines: readonly string[], first: number): void {
    this.careful = false;
    // What is to be read again comes before what follows.
    const stack = [{ lines, line: first, at: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      let again: Again | undefined;
      if (top.at < top.lines.length) {
        again = this.take(top.lines[top.at], top.line + top.at);
        top.at++;
      } else {
        stack.pop();
        if (stack.length === 0) again = this.flush();
      }
      if (again) stack.push({ ...again, at: 0 });
    }
  }

  /** What is open now will not be closed. */
  end(): void {
    while (this.open.length > 0) {
      const { lines, line } = this.giveUp(REASONS.CSV_QUOTE_NOT_CLOSED);
      this.read(lines, line);
    }
  }

  /** @returns lines to be read again, this one among them if it was not taken */
  private take(line: string, number: number): Again | undefined {
    if (this.open.length > 0) return this.goOn(line);
    if (!line.includes('"')) return this.takePlain(line, number);
    if (!isOdd(line)) return this.close(line, number);
    if (this.opensQuote.test(line)) {
      this.open = [line];
      this.openLine = number;
      this.openSize = line.length;
      return undefined;
    }
    const again = this.flush();
    if (again) return and(again, line);
    this.sink.bad(number, REASONS.INVALID_OPENING_QUOTE);
    return undefined;
  }

  private takePlain(line: string, number: number): Again | undefined {
    const again = this.quoted.length > 0 ? this.flush() : undefined;
    if (again) return and(again, line);
    const text = withoutReturn(line);
    if (text.length > 0) this.sink.row(text.split(this.delimiter), number);
    return undefined;
  }

  private goOn(line: string): Again | undefined {
    this.openSize += line.length + 1;
    if (this.openSize > LONGEST_ROW) {
      const limit = 'a row of more than 16 MiB, the limit: is a quote opened here and never closed?';
      return and(this.flush() ?? this.giveUp(limit), line);
    }
    this.open.push(line);
    if (!isOdd(line)) return undefined;
    const text = this.open.join(this.newline);
    this.open = [];
    return this.close(text, this.openLine);
  }

  private close(text: string, line: number): Again | undefined {
    this.quoted.push({ text: withoutReturn(text), line });
    return this.careful ? this.flush() : undefined;
  }

  /** The row that is open is none. */
  private giveUp(message: string): Again {
    const [, ...lines] = this.open;
    this.open = [];
    this.sink.bad(this.openLine, message);
    return { lines, line: this.openLine + 1 };
  }

  private flush(): Again | undefined {
    const { quoted } = this;
    if (quoted.length === 0) return undefined;
    this.quoted = [];
    const rows = this.careful ? undefined : this.parse(quoted.map(({ text }) => text).join(this.newline));
    if (Array.isArray(rows) && rows.length === quoted.length) {
      for (const [i, row] of rows.entries()) this.sink.row(row, quoted[i].line);
      return undefined;
    }
    this.careful = true;
    return this.oneByOne(quoted);
  }

  /** Of a row of several lines that is none, the first is left out. */
  private oneByOne(quoted: readonly Quoted[]): Again | undefined {
    for (const [i, { text, line }] of quoted.entries()) {
      const rows = this.parse(text);
      if (Array.isArray(rows) && rows.length === 1) {
        this.sink.row(rows[0], line);
        continue;
      }
      this.sink.bad(line, typeof rows === 'string' ? rows : REASONS.CSV_INVALID_CLOSING_QUOTE);
      const [, ...rest] = text.split(this.newline);
      if (rest.length === 0) continue;
      const later = quoted.slice(i + 1).flatMap((each) => each.text.split(this.newline));
      const lines = [...rest, ...later, ...this.open];
      this.open = [];
      return { lines, line: line + 1 };
    }
    return undefined;
  }

  /** Rows, or what is wrong. */
  private parse(text: string): string[][] | string {
    try {
      return parse(text, this.options) as string[][];
    } catch (cause) {
      return REASONS[(cause as { code: string }).code] ?? (cause as Error).message;
    }
  }
}
