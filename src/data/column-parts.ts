// The parts of a ColumnTransformer: as they are given, and as JSON.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { isInteger, refuseValue } from '../checks/values.js';
import { type Check, checkForm, flag, integer, list, number, oneOf, optional, record, text } from '../files/schema.js';
import { namesForm } from './fitted.js';
import { readJSON } from './fitted-json.js';
import type { Transformer } from './transformer.js';
import { CHAIN_TRANSFORMERS, isKnown, type KnownTransformer, transformerFromJSON } from './transformers.js';

type Step = Transformer | readonly Transformer[] | 'drop' | 'passthrough';
type Column = number | string;

/** A name, what is done, and the columns to which it is done: places from 0, or names. */
export type ColumnPart = readonly [name: string, transformer: Step, columns: Column | readonly Column[]];

/** A part that was checked. @internal */
export interface Part {
  readonly index: number;
  readonly name: string;
  readonly step: Step;
  readonly columns: readonly Column[];
}

/** A part that was fitted. */
export interface FittedPart {
  readonly name: string;
  readonly chain: readonly Transformer[];
  /** The places of its columns among those fitted. */
  readonly columns: readonly number[];
  /** Of the columns that come of it. */
  readonly names: () => readonly string[];
}

type StepJSON = { kind: string } | { kind: string }[] | 'drop' | 'passthrough';

/** What {@link ColumnTransformer} is as plain JSON. */
export interface ColumnTransformerJSON {
  /** Tells it from what other classes write. */
  kind: 'ColumnTransformer';
  remainder: 'drop' | 'passthrough';
  header: string[] | null;
  verboseFeatureNamesOut: boolean;
  /** If it is not 0.3. */
  sparseThreshold?: number;
  /** As they were given, not fitted. */
  transformers: { name: string; transformer: StepJSON; columns: Column[] }[];
  /** Before fit there is none of these. */
  fitted?: { name: string; chain: { kind: string }[]; columns: number[] }[];
  nFeaturesIn?: number;
  featureNamesIn?: string[];
  /** If it gives a SparseMatrix. */
  sparse?: boolean;
}

function checkStep(step: unknown, at: string): void {
  if (step === 'drop' || step === 'passthrough') return;
  const chain: unknown[] = Array.isArray(step) ? step : [step];
  const wanted = 'a transformer, an array of them, "passthrough" or "drop"';
  if (chain.length === 0) refuseValue('transformers', wanted, step, at);
  for (const each of chain) {
    const missing = ['fit', 'transform'].find((method) => typeof Object(each)[method] !== 'function');
    if (!missing) continue;
    throw new ValueError(`"transformers"${at} must be ${wanted}: ${describe(each)} has no method ${missing}`);
  }
}

/** @throws {ValueError} naming the part that is none @internal */
export function readParts(value: unknown): Part[] {
  if (!Array.isArray(value) || value.length === 0) {
    return refuseValue('transformers', 'an array of parts, [name, transformer, columns]', value);
  }
  const parts = value.map((part: unknown, index): Part => {
    const at = `[${index}]`;
    if (!Array.isArray(part) || part.length !== 3) {
      return refuseValue('transformers', 'a part, [name, transformer, columns]', part, at);
    }
    const [name, step, given] = part;
    if (typeof name !== 'string' || name === '' || name.includes('__') || name === 'remainder') {
      refuseValue('transformers', 'a name without "__", and not "remainder"', name, `${at}[0]`);
    }
    checkStep(step, `${at}[1]`);
    const columns: unknown[] = Array.isArray(given) ? [...given] : [given];
    const wrong = columns.findIndex((column) => typeof column !== 'string' && !isInteger(column, 0));
    if (wrong >= 0) refuseValue('transformers', 'a column: its place from 0, or its name', columns[wrong], `${at}[2]`);
    return { index, name, step: Array.isArray(step) ? [...step] : step, columns: columns as Column[] };
  });
  const names = parts.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new ValueError(`"transformers" has two parts of the name ${describe(twice)}`);
  return parts;
}

/** @throws {ValueError} unless they are different names @internal */
export function readHeader(value: unknown): readonly string[] {
  const different = Array.isArray(value) && value.length > 0 && new Set(value).size === value.length;
  if (different && value.every((name) => typeof name === 'string')) return [...value];
  return refuseValue('header', 'an array of different names', value);
}

/** What columns are called: by their names, or x and their places. @internal */
export const inputNames = (columns: readonly number[], names: readonly string[] | undefined): string[] =>
  columns.map((j) => names?.[j] ?? `x${j}`);

/** What a chain calls the columns that it makes of these. @throws {ShapeError} if it does not fit them @internal */
export const chainNames = (chain: readonly Transformer[], inputs: readonly string[]): readonly string[] =>
  chain.reduce<readonly string[]>((names, step) => step.getFeatureNamesOut?.(names) ?? names, inputs);

function stepJSON(step: Transformer, where: string): { kind: string } {
  if (isKnown(step, CHAIN_TRANSFORMERS)) return (step as KnownTransformer).toJSON();
  throw new ValueError(
    `${where} has ${describe(step)}: ${Object.keys(CHAIN_TRANSFORMERS).join(', ')} can be written, keep others yourself`,
  );
}

/** The parts as JSON. @throws {ValueError} naming a transformer that has none @internal */
export function columnsJSON(parts: readonly Part[], fitted: readonly FittedPart[] | undefined) {
  const whole = (step: Step, where: string): StepJSON => {
    if (typeof step === 'string') return step;
    return Array.isArray(step) ? step.map((each) => stepJSON(each, where)) : stepJSON(step as Transformer, where);
  };
  return {
    transformers: parts.map(({ name, step, columns, index }) => ({
      name,
      transformer: whole(step, `"transformers"[${index}]`),
      columns: [...columns],
    })),
    ...(fitted && {
      fitted: fitted.map(({ name, chain, columns }) => ({
        name,
        chain: chain.map((step) => stepJSON(step, `the part ${name}`)),
        columns: [...columns],
      })),
    }),
  };
}

const any: Check<unknown> = (value) => value;
const columnForm: Check<Column> = (value, path) => (typeof value === 'string' ? value : integer(0)(value, path));

/** What toJSON wrote. @throws {ValueError} naming what is wrong with it @internal */
export function readColumnsJSON(json: unknown) {
  const source = readJSON<ColumnTransformerJSON>(json, 'ColumnTransformer');
  const cols = Number(source.nFeaturesIn ?? 0);
  const form = record({
    kind: text,
    remainder: oneOf('drop', 'passthrough'),
    header: (value: unknown, path: string) => (value === null ? undefined : list(text)(value, path)),
    verboseFeatureNamesOut: flag,
    sparseThreshold: optional(number),
    transformers: list(record({ name: text, transformer: any, columns: list(columnForm) })),
    fitted: optional(list(record({ name: text, chain: list(any), columns: list(integer(0, cols - 1)) }))),
    nFeaturesIn: optional(integer(1)),
    featureNamesIn: namesForm(cols),
    sparse: optional(flag),
  });
  const read = checkForm(form, source, 'json', ValueError);
  const { remainder, header, verboseFeatureNamesOut, sparseThreshold, sparse = false, transformers, fitted } = read;
  const names = read.featureNamesIn;
  const revive = (step: unknown, path: string) => transformerFromJSON(step, CHAIN_TRANSFORMERS, path);
  const parts = transformers.map(({ name, transformer, columns }, i): ColumnPart => {
    const path = `json.transformers[${i}].transformer`;
    const step = Array.isArray(transformer)
      ? transformer.map((each, k) => revive(each, `${path}[${k}]`))
      : typeof transformer === 'string'
        ? (transformer as 'drop')
        : revive(transformer, path);
    return [name, step, columns];
  });
  const options = {
    remainder,
    header,
    verboseFeatureNamesOut,
    ...(sparseThreshold !== undefined && { sparseThreshold }),
  };
  if (!fitted) return { parts, options, learnt: undefined };
  const learnt = fitted.map(({ name, chain, columns }, i): FittedPart => {
    const steps = chain.map((step, k) => revive(step, `json.fitted[${i}].chain[${k}]`));
    const namesOf = () => chainNames(steps, inputNames(columns, names));
    namesOf(); // so that steps that do not fit are refused here
    return { name, chain: steps, columns, names: namesOf };
  });
  return { parts, options, learnt: { parts: learnt, sparse, source: { cols, names } } };
}
