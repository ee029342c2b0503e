// Texts as terminals take them: of one line, of a width, and without what would steer them.

import stringWidth from 'string-width';

/** Control characters, of files or of users, would move the cursor or worse: they are spelled out. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (each) => {
    const code = each.charCodeAt(0);
    return each === '\n' || each === '\t' ? ' ' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Columns that it takes, of which a Chinese character has two. */
export const widthOf = (text: string): number => stringWidth(text);

/** No wider than that: the rest is an ellipsis. @param text without colours */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let left = '';
  for (const each of text) {
    if (widthOf(left + each) > width - 1) break;
    left += each;
  }
  return width < 1 ? '' : `${left}…`;
}

/** 1.5 KB, 12 MB: three digits. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toPrecision(value < 10 ? 2 : 3)} ${units[power]}`;
}

/** 0.8 s, 12 s, 3 min 20 s, 2 h 5 min. */
export function secondsText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  return s < 3600
    ? `${Math.floor(s / 60)} min ${s % 60} s`
    : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** 12 µs, 3.4 ms, 1.2 s: two or three digits. */
export function durationText(seconds: number): string {
  const [value, unit] = seconds < 1e-3 ? [seconds * 1e6, 'µs'] : seconds < 1 ? [seconds * 1e3, 'ms'] : [seconds, 's'];
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ${unit}`;
}

/** Lines no wider than that, broken between words. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && widthOf(indent + longer) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines.map((line) => indent + line).join('\n');
}
