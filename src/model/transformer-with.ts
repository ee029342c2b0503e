// A copy of a transformer that was not fitted, with other options, given by their names or paths.

import { describe } from '../checks/describe.js';
import { ValueError } from '../checks/errors.js';
import { refuseValue } from '../checks/values.js';
import { ColumnTransformer } from '../data/column-transformer.js';
import { cloneTransformer, type Transformer } from '../data/transformer.js';

/**
 * Parameters of an estimator by their names; of what it holds by their paths: of a pipeline `'estimator.alpha'`,
 * `'transformers.0.withMean'`, or a whole step, `'transformers.0'`; of a ColumnTransformer `'<part>.withMean'`, or `'<part>.0.strategy'`
 * of several one after the other; of a TransformedTargetRegressor `'regressor.alpha'`, `'transformer.withMean'`.
 */
export type Parameters = Record<string, unknown>;

/** Parameters that have a name of their own, and by what holds them those that are a path within it. */
export function within(
  parameters: Parameters,
  holders: readonly string[],
): { own: Parameters; nested: ReadonlyMap<string, Parameters> } {
  const own: Parameters = Object.create(null); // a name may be __proto__
  const longestFirst = [...holders].sort((a, b) => b.length - a.length);
  const nested = new Map<string, Parameters>();
  for (const [path, value] of Object.entries(parameters)) {
    const holder = longestFirst.find((name) => path.startsWith(`${name}.`));
    if (holder === undefined) own[path] = value;
    else nested.set(holder, { ...nested.get(holder), [path.slice(holder.length + 1)]: value });
  }
  return { own, nested };
}

const isTransformer = (value: unknown): value is Transformer => typeof Object(value).transform === 'function';

function chainWith(chain: readonly Transformer[], parameters: Parameters, at: string): Transformer[] {
  const { own, nested } = within(
    parameters,
    chain.map((_, i) => String(i)),
  );
  const unknown = Object.keys(own).find((name) => !chain[Number(name)]);
  if (unknown !== undefined) {
    throw new ValueError(
      `"${at}.${unknown}" is no parameter: ${at} has ${chain.length} transformers, write ${at}.0.<name>`,
    );
  }
  return chain.map((each, i) => {
    const step = Object.hasOwn(own, i) ? own[i] : each;
    if (!isTransformer(step)) return refuseValue(`${at}.${i}`, 'a transformer', step);
    return transformerWith(step, nested.get(String(i)) ?? {}, `${at}.${i}`);
  });
}

function stepWith(step: unknown, parameters: Parameters, at: string): unknown {
  if (Array.isArray(step)) return chainWith(step, parameters, at);
  if (isTransformer(step)) return transformerWith(step, parameters, at);
  throw new ValueError(`"${at}.${Object.keys(parameters)[0]}" is no parameter: ${at} is ${describe(step)}`);
}

function columnsWith(columns: ColumnTransformer, parameters: Parameters, at: string): ColumnTransformer {
  const { remainder, header, verboseFeatureNamesOut, sparseThreshold, transformers } = columns;
  const options = { remainder, header, verboseFeatureNamesOut, sparseThreshold };
  const names = transformers.map(([name]) => name);
  const { own, nested } = within(parameters, names);
  const unknown = Object.keys(own).find((name) => !names.includes(name) && !Object.hasOwn(options, name));
  if (unknown !== undefined) {
    throw new ValueError(
      `"${at}.${unknown}" is no parameter of a ColumnTransformer: it has ${Object.keys(options).join(', ')}, and its parts ` +
        names.join(', '),
    );
  }
  const parts = transformers.map(([name, step, of]) => {
    const given = Object.hasOwn(own, name) ? own[name] : step;
    const ofStep = nested.get(name);
    return [name, ofStep ? stepWith(given, ofStep, `${at}.${name}`) : given, of] as never;
  });
  const others = Object.entries(own).filter(([name]) => !names.includes(name));
  return new ColumnTransformer(parts, { ...options, ...Object.fromEntries(others) });
}

/** @param at its path, for messages @throws {ValueError} naming the parameter that it does not have, or whose value is none */
export function transformerWith(step: Transformer, parameters: Parameters, at: string): Transformer {
  if (Object.keys(parameters).length === 0) return cloneTransformer(step);
  if (step instanceof ColumnTransformer) return columnsWith(step, parameters, at);
  const own = cloneTransformer(step) as Transformer & { setParams?(parameters: Parameters): unknown };
  if (typeof own.setParams === 'function') {
    own.setParams(parameters);
    return own;
  }
  // Its fields are its options; the symbol among them says that it cannot be cloned.
  const fields = Object.entries(own).filter(([, value]) => typeof value !== 'symbol');
  const unknown = Object.keys(parameters).find((name) => !fields.some(([field]) => field === name));
  if (unknown !== undefined) {
    const names = fields.map(([name]) => name).join(', ') || 'none';
    throw new ValueError(`"${at}.${unknown}" is no parameter of ${describe(step)}: it has ${names}`);
  }
  const Kind = own.constructor as new (options: object) => Transformer;
  return new Kind({ ...Object.fromEntries(fields), ...parameters });
}
