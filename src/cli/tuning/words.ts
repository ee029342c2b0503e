// Options back into the words that were typed for them.

import { type Candidate, type Search, TRAINING_DEFAULTS } from '../../tables/index.js';
import type { CommandOption } from '../command.js';
import { TRAINING_OPTIONS } from '../commands/train.js';
import { DATA_OPTIONS } from '../data-options.js';
import { quoted } from '../run-text.js';

type Values = Readonly<Record<string, unknown>>;

const longOf = ({ flags }: CommandOption): string => /--([\w-]+)/.exec(flags)?.[1] ?? '';

/** The name by which commander hands it over: `--batch-size` is batchSize. */
export const keyOf = (option: CommandOption): string =>
  longOf(option)
    .replace(/^no-/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const isDefault = (value: unknown, option: CommandOption): boolean =>
  JSON.stringify(value) === JSON.stringify(option.default);

/** Of those that are not as they would be anyway. */
function wordsOf(options: readonly CommandOption[], values: Values): string[] {
  return options.flatMap((option) => {
    const value = values[keyOf(option)];
    const isNo = longOf(option).startsWith('no-');
    if (value === undefined || isDefault(value, option)) return [];
    if (typeof value === 'boolean') return value === !isNo ? [`--${longOf(option)}`] : [];
    const text = Array.isArray(value) ? value.join(',') : String(value);
    return Array.isArray(value) && value.length === 0 && option.default === undefined
      ? []
      : [`--${longOf(option)}`, text];
  });
}

/** What is read: the file, the target, and how. */
export function dataWords(path: string, options: Values): string[] {
  const own = TRAINING_OPTIONS.filter((option) => ['target', 'memory'].includes(keyOf(option)));
  return [path, ...wordsOf([...own, ...DATA_OPTIONS], options)];
}

/** What trains a candidate by itself. @param read the words of `dataWords` */
export function trainCommand(read: readonly string[], search: Search, parameters: Candidate): string {
  const values: Values = { ...TRAINING_DEFAULTS, ...search.settings, ...parameters };
  const words = wordsOf(
    TRAINING_OPTIONS.filter((option) => !['target', 'memory', 'threads'].includes(keyOf(option))),
    values,
  );
  return `npx bitgrad@${search.version} train ${[...read, ...words].map(quoted).join(' ')}`;
}
