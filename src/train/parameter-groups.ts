// Groups of parameters that are treated alike: which runs of the vector of all parameters they are.

import { ValueError } from '../checks/errors.js';
import { readOptions } from '../checks/read-options.js';
import { checkFlag, checkInteger, checkName, checkNumber, checkPositive, refuseValue } from '../checks/values.js';
import type { Parameter } from '../layers/layer.js';
import type { Plan } from '../network/plan.js';
import type { Stretch } from './optimizers/optimizer.js';
import type { OptimizerPlan } from './optimizers/optimizers.js';

/** Some parameters, and what is theirs. Those of no group are as the optimizer's options say; of several, the first counts. */
export interface ParameterGroup {
  /** Numbers of layers, from 0; default: all. */
  layers?: number | readonly number[];
  /** Which of a layer's parameters; default: all. */
  parameters?: 'weights' | 'biases' | (string & {});
  /** Default the optimizer's. Where that is changed, it changes in the same proportion. */
  learningRate?: number;
  /** Default the optimizer's. With `parameters`, these decay whatever they are; else those that decay anyhow. */
  weightDecay?: number;
  /** Whether they stay as they are; default false. */
  frozen?: boolean;
}

/** Parameters that lie together, and are stepped alike. */
export interface Run {
  /** Elements, and bytes from the first parameter. */
  readonly size: number;
  readonly at: number;
  readonly stretches: readonly Stretch[];
  readonly plan: OptimizerPlan;
}

/** A group that was read: whom it is of, and what they have. */
interface Group {
  has(layer: number, name: string): boolean;
  readonly learningRate: number;
  readonly frozen: boolean;
  readonly weightDecay: number | undefined;
  /** Whether what it names decays, whatever it is. */
  readonly decays: boolean;
}

const OPTIONS = ['layers', 'parameters', 'learningRate', 'weightDecay', 'frozen'];

function readGroup(given: ParameterGroup, where: string, { layers }: Plan, optimizer: OptimizerPlan): Group {
  const { parameters, learningRate, weightDecay, frozen = false, ...rest } = readOptions(given, OPTIONS, where);
  const chosen = rest.layers === undefined ? [...layers.keys()] : [rest.layers].flat();
  for (const layer of chosen) checkInteger(layer, `${where}.layers`, 0, layers.length - 1);
  const names = [...new Set(layers.flatMap((layer) => layer.parameters.map(({ name }) => name)))];
  if (parameters !== undefined) checkName(parameters, names, `${where}.parameters`);
  if (weightDecay !== undefined) {
    checkNumber(weightDecay, `${where}.weightDecay`, 0);
  }
  const named = new Set<unknown>(chosen);
  return {
    has: (layer, name) => named.has(layer) && (parameters === undefined || parameters === name),
    learningRate:
      learningRate === undefined ? optimizer.learningRate : checkPositive(learningRate, `${where}.learningRate`),
    frozen: checkFlag(frozen, `${where}.frozen`),
    weightDecay,
    decays: parameters !== undefined && weightDecay !== undefined,
  };
}

/** @throws {ValueError} unless some parameter is the group's, whatever other group has it */
function checkSome(group: Group, where: string, { layers }: Plan): void {
  const all = layers.flatMap(({ parameters }, i) => parameters.map(({ name }) => [i, name] as const));
  if (all.some(([i, name]) => group.has(i, name))) return;
  const known = layers.map(
    (_, i) => all.flatMap(([layer, name]) => (layer === i ? [name] : [])).join(' and ') || 'nothing',
  );
  throw new ValueError(
    `"${where}" matches no parameter: ${known.map((names, i) => `layer ${i} has ${names}`).join(', ')}`,
  );
}

/** Which parameters a step changes. */
export interface Runs {
  /** All that are stepped; their gaps are frozen. */
  readonly runs: readonly Run[];
  /** Whether a statistic is moved, which is frozen otherwise. */
  readonly moves: (layer: number, name: string) => boolean;
}

/**
 *
 * @param bytes of a number
 * @throws {ValueError} naming the group
 */
export function readRuns(groups: unknown, network: Plan, optimizer: OptimizerPlan, bytes: number): Runs {
  if (!Array.isArray(groups)) refuseValue('groups', 'an array of { layers, parameters, ... }', groups);
  const read = Array.from(groups as ParameterGroup[], (each, i) => readGroup(each, `groups[${i}]`, network, optimizer));
  for (const [i, each] of read.entries()) checkSome(each, `groups[${i}]`, network);
  const rest = readGroup({}, 'groups', network, optimizer);
  const groupOf = (layer: number, name: string) => read.find((each) => each.has(layer, name)) ?? rest;
  const runs: { of: Group; stretches: Stretch[] }[] = [];
  const all = (optimizer as { decayBiases?: boolean }).decayBiases;
  const add = (of: Group, { size, rows, cols, offset, decays }: Parameter) => {
    const stretch = { n: size, at: offset * bytes, decays: decays || of.decays || all === true, rows, cols };
    const last = runs[runs.length - 1];
    if (last?.of === of) last.stretches.push(stretch);
    else runs.push({ of, stretches: [stretch] });
  };
  for (const [i, layer] of network.layers.entries()) {
    for (const parameter of layer.parameters) add(groupOf(i, parameter.name), parameter);
  }
  const stepped = runs
    .filter(({ of }) => !of.frozen)
    .map(({ of: { learningRate, weightDecay }, stretches }) => {
      const [{ at }] = stretches;
      return {
        size: stretches.reduce((sum, { n }) => sum + n, 0),
        at,
        // A run is stepped by addresses of its own.
        stretches: stretches.map((each) => ({ ...each, at: each.at - at })),
        plan: { ...optimizer, learningRate, ...(weightDecay !== undefined && { weightDecay }) } as OptimizerPlan,
      };
    });
  return { runs: stepped, moves: (layer, name) => !groupOf(layer, name).frozen };
}
