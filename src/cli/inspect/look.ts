// What a model's file holds, as plain data.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { engine } from '../../index.js';
import { Pipeline, type Saveable, TransformedTargetRegressor } from '../../model/index.js';
import { type AnyNetwork, learnerOf, networkOf, type OpenedModel } from '../models.js';
import { readNotes } from './notes.js';

export interface LayerRow {
  readonly kind: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation?: string;
  readonly parameters: number;
}

export interface Step {
  readonly step: string;
  /** Names or places of the columns that it takes; all, if there are none. */
  readonly columns?: readonly (string | number)[];
}

const sizeOf = (matrix?: { readonly rows: number; readonly cols: number }) => (matrix ? matrix.rows * matrix.cols : 0);

function layersOf(net: AnyNetwork): LayerRow[] {
  let width = net.inputs;
  return net.options.layers.map((layer, i) => {
    const { kind = 'dense', units, activation } = layer as { kind?: string; units?: number; activation?: string };
    const inputs = width;
    if (kind === 'dense') width = units ?? width;
    if (kind === 'embedding') width += (units ?? 1) - 1;
    // Its running moments are parameters without gradients.
    const moments = kind === 'batchNorm' ? 2 * width : 0;
    const parameters = sizeOf(net.weights[i]) + sizeOf(net.biases[i]) + moments;
    return { kind, inputs, outputs: width, ...(activation !== undefined && { activation }), parameters };
  });
}

interface StepJSON {
  readonly kind: string;
  readonly fitted?: readonly { readonly chain: readonly StepJSON[]; readonly columns: readonly (string | number)[] }[];
}

const namesOf = (steps: readonly StepJSON[]): string => steps.map(({ kind }) => kind).join(', ');

function stepsOf(model: Saveable): Step[] {
  if (!(model instanceof Pipeline)) return [];
  return model.transformers.flatMap((step) => {
    const { kind, fitted } = (step as unknown as { toJSON(): StepJSON }).toJSON();
    return fitted
      ? fitted.map(({ chain, columns }) => ({ step: namesOf(chain) || 'as they are', columns }))
      : [{ step: kind }];
  });
}

function kindOf(model: Saveable): string {
  const learner = learnerOf(model);
  const inner =
    learner instanceof TransformedTargetRegressor
      ? `${learner.regressor.constructor.name}, transformed target`
      : undefined;
  const name = inner ?? ('network' in learner ? learner.constructor.name : 'Network');
  return model instanceof Pipeline ? `Pipeline of ${name}` : name;
}

/** Curves of an estimator, which its file has without notes, too. */
function trainingOf(model: Saveable) {
  const learner = learnerOf(model);
  const { lossCurve, nIter, validationLoss } = (
    learner instanceof TransformedTargetRegressor ? learner.regressor : learner
  ) as { lossCurve?: readonly number[]; nIter?: number; validationLoss?: readonly number[] };
  if (!lossCurve || nIter === undefined) return undefined;
  return {
    epochs: nIter,
    loss: Array.from(lossCurve),
    ...(validationLoss && { validationLoss: Array.from(validationLoss) }),
  };
}

const LENGTH_BYTES = 8;

/** The JSON at the beginning of a safetensors file: it has been read and checked before. */
async function headerOf(file: string, bytes: Uint8Array | undefined): Promise<Record<string, unknown>> {
  const lengthIn = (head: Uint8Array) => Number(new DataView(head.buffer, head.byteOffset).getBigUint64(0, true));
  const parse = (text: Uint8Array) => JSON.parse(new TextDecoder().decode(text));
  if (bytes) return parse(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + lengthIn(bytes)));
  const handle = await open(file);
  try {
    const head = await handle.read(Buffer.alloc(LENGTH_BYTES), 0, LENGTH_BYTES, 0);
    const text = Buffer.alloc(lengthIn(head.buffer));
    await handle.read(text, 0, text.length, LENGTH_BYTES);
    return parse(text);
  } finally {
    await handle.close();
  }
}

/** What the optimizer knows, if the file has that. */
async function optimizerOf(file: string, bytes: Uint8Array | undefined) {
  const { __metadata__: metadata } = (await headerOf(file, bytes)) as { __metadata__?: { model?: string } };
  const { parameters, state } = JSON.parse(metadata?.model ?? '{}');
  if (!state?.optimizer) return undefined;
  const solver = parameters?.solver;
  return { name: String(solver?.name ?? solver ?? 'unknown'), steps: Number(state.optimizer.steps ?? 0) };
}

async function hashFile(file: string, bytes: Uint8Array | undefined): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  if (bytes) return { size: bytes.length, sha256: hash.update(bytes).digest('hex') };
  let size = 0;
  for await (const chunk of createReadStream(file)) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

/** SHA-256 of a network's parameters, bit by bit. */
export const hashParameters = (net: AnyNetwork): string => createHash('sha256').update(net.parameters).digest('hex');

export async function look(file: string, { model, name, bytes }: OpenedModel) {
  const net = networkOf(model);
  const { classes } = learnerOf(model) as { classes?: readonly unknown[] };
  const { contractVersion, checksum, warnings, notes: given } = model.loadInfo;
  const notes = readNotes(given);
  const { size, sha256 } = await hashFile(file, bytes);
  return {
    file: name,
    bytes: size,
    sha256,
    parametersSha256: hashParameters(net),
    kind: kindOf(model),
    inputs: net.inputs,
    outputs: net.outputs,
    dtype: net.dtype,
    loss: String(net.options.loss),
    parameters: net.parameters.length,
    ...(classes && { classes }),
    layers: layersOf(net),
    preprocessing: stepsOf(model),
    training: trainingOf(model),
    /** null: the file has no state of one. */
    optimizer: (await optimizerOf(file, bytes)) ?? null,
    contractVersion,
    contractHere: engine.info().contractVersion,
    checksum,
    warnings: given !== undefined && !notes ? [...warnings, 'the notes are not of a form that is known'] : warnings,
    notes,
  };
}

export type Looked = Awaited<ReturnType<typeof look>>;
