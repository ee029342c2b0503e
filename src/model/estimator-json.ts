// Estimators as JSON: small models that are to be read, kept in a database or sent to another thread.

import { ValueError } from '../checks/errors.js';
import { decodeNumber, encodeNumber } from '../checks/json-number.js';
import { own, readOptions } from '../checks/read-options.js';
import { refuseValue } from '../checks/values.js';
import { readClasses, readJSON } from '../data/fitted-json.js';
import type { Label } from '../data/labels.js';
import type { Engine } from '../engine.js';
import { PARTS } from '../network/calls.js';
import type { NetworkJSON } from '../network/json.js';
import type { Network } from '../network/network.js';
import { changedParameters, type MLPParameters, writable } from './estimator-options.js';
import { planOf } from './targets.js';
import type { LabelPlan } from './task.js';

/** More parameters than this are no matter for text. */
const LIMIT = 1_000_000;

/** What {@link MLPClassifier} and {@link MLPRegressor} are as plain JSON. */
export interface EstimatorJSON {
  /** Which of the two. */
  kind: 'MLPClassifier' | 'MLPRegressor';
  /** Those that are not the defaults. */
  parameters: Record<string, unknown>;
  /** Of a fitted classifier. */
  labels?: { multilabel: boolean; classes: Label[] };
  /** None before fit. */
  network?: NetworkJSON;
}

/** What reading a model from JSON may be told. */
export interface JSONOptions {
  /** Where the network is to live; default: the engine of `bitgrad`. */
  engine?: Engine;
}

/** @throws {ValueError} of too many parameters */
export function estimatorJSON<P extends MLPParameters>(
  kind: string,
  parameters: Readonly<P>,
  defaults: Readonly<P>,
  net: Network | undefined,
  labels: LabelPlan | undefined,
): EstimatorJSON {
  if (net && net[PARTS].plan.size > LIMIT) {
    throw new ValueError(
      `this ${kind} has ${net[PARTS].plan.size} parameters, too many for JSON (at most ${LIMIT}): ` +
        'use save(model, path) or toBytes(model) of bitgrad/model',
    );
  }
  const changed = Object.entries(changedParameters(writable(parameters) as P, defaults));
  const encode = (value: unknown) => (typeof value === 'number' ? encodeNumber(value) : value);
  return {
    kind: kind as EstimatorJSON['kind'],
    parameters: Object.fromEntries(changed.map(([name, value]) => [name, encode(value)])),
    ...(labels && { labels: { multilabel: labels.kind === 'multilabel', classes: [...labels.classes] } }),
    ...(net && { network: net.toJSON() }),
  };
}

function readJSONLabels(value: unknown): LabelPlan {
  const { multilabel, classes } = Object(value);
  if (typeof multilabel !== 'boolean') refuseValue('json.labels', '{ multilabel, classes }', value);
  const read = readClasses(classes, 'json.labels.classes');
  if (read.length < 2) throw new ValueError('"json.labels.classes" must be two labels or more');
  return planOf(read, multilabel);
}

/** What toJSON wrote, for the constructor and for `restore`. @throws {ValueError} naming what is wrong with it */
export function readEstimatorJSON<P extends MLPParameters>(
  json: unknown,
  kind: EstimatorJSON['kind'],
  defaults: Readonly<P>,
  options: JSONOptions,
) {
  const { engine } = readOptions(options, ['engine'], `${kind}.fromJSON`);
  const source = readJSON<EstimatorJSON>(json, kind);
  const [given, labels, network] = [own(source, 'parameters'), own(source, 'labels'), own(source, 'network')];
  if (typeof given !== 'object' || given === null) {
    return refuseValue('json.parameters', 'an object', given);
  }
  const decoded = Object.entries(given).map(([name, value]) => {
    const numeric = typeof defaults[name as keyof P] === 'number';
    return [name, (numeric ? decodeNumber(value) : undefined) ?? value];
  });
  if (kind === 'MLPClassifier' && (network === undefined) !== (labels === undefined)) {
    throw new ValueError('"json" must have both "network" and "labels", or none of them before fit');
  }
  return {
    parameters: { ...Object.fromEntries(decoded), engine } as Partial<P>,
    labels: labels === undefined ? undefined : readJSONLabels(labels),
    network,
  };
}
