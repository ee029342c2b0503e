// Activations as functions over a session: what a layer does with its tile, done with numbers that are handed in.

import { readOptions } from '../checks/read-options.js';
import { readEach } from '../checks/readers.js';
import { refuseValue } from '../checks/values.js';
import type { Dtype } from '../kernels/contract.js';
import { overRows, Passing, type Session } from '../matrix/marshal.js';
import { matrixOver } from '../matrix/matrix.js';
import {
  checkApart,
  checkOutput,
  checkSameShape,
  commonDtype,
  flatOperand,
  newArray,
  type Operand,
  PLACE,
  readOperand,
  type TypedArray,
} from '../matrix/operand.js';
import type { ResidentMatrix } from '../matrix/resident.js';
import type { Activation, Curve, LayerKernels } from './activation.js';
import { ACTIVATIONS } from './activations.js';
import type { ActivationFunctions } from './functions-api.js';
import { lineOf } from './kinds.js';
import { MORE_ACTIVATIONS } from './more-activations.js';

/** A row tile: n elements at `at`, to be replaced there; a and b are rooms of that size, `beside` is where another operand lies. */
interface Tile {
  readonly session: Session;
  readonly dtype: Dtype;
  readonly k: LayerKernels;
  readonly n: number;
  readonly rows: number;
  readonly at: number;
  readonly a: number;
  readonly b: number;
  readonly beside: number;
}

type Step = (curve: Curve, tile: Tile) => void;

const value: Step = ({ forward }, { k, n, rows, at, a }) => forward(k, n, at, at, a, false, rows);

/** From outputs h: d = e f'(z) of the error 1. */
const slopeOfOutput: Step = ({ backward }, { session, dtype, k, n, rows, at, a }) => {
  const from = a / k.bytes;
  session.view(dtype).fill(1, from, from + n);
  backward(k, n, a, at, at, at, rows);
};

/** From inputs z, which training replaces by the slopes. */
const slopeOfInput: Step = ({ forward }, { k, n, rows, at, a, b }) => forward(k, n, at, a, b, true, rows);

/** From outputs, and the error that stands where the result will. */
const passedOn: Step = ({ backward }, { k, n, rows, at, beside }) => backward(k, n, at, beside, 0, at, rows);

/** Softmax's vectors are one row. */
const asRow = (operand: Operand): Operand => (operand.vector ? { ...operand, rows: 1, cols: operand.rows } : operand);

/** Replaces what comes from x, in tiles, on its way to `out`. */
function run(
  session: Session,
  k: LayerKernels,
  dtype: Dtype,
  x: Operand,
  out: Operand,
  beside: Operand | undefined,
  step: (tile: Tile) => void,
): void {
  const resident = session.addressOf(x);
  const to = new Passing(session, out, dtype);
  const rooms = [new Passing(session, out, dtype, -1), new Passing(session, out, dtype, -1)];
  const read = beside && new Passing(session, beside, dtype);
  overRows(session, out.rows, [], [to, ...rooms, ...(read ? [read] : [])], (row, rows) => {
    const n = rows * out.cols;
    if (n === 0) return;
    const at = to.at(row);
    const first = resident / k.bytes + row * out.cols;
    if (resident < 0) session.copyIn(x, dtype, at, row, rows);
    else session.view(dtype).copyWithin(at / k.bytes, first, first + n);
    const [a, b] = rooms.map((room) => room.at(row));
    step({ session, dtype, k, n, rows, at, a, b, beside: read?.read(row, rows) ?? 0 });
    to.done(row, rows);
  });
}

/** A function of its input, or of the output, and its form with an output of the caller's. */
type Pair = readonly [(x: unknown, ...rest: unknown[]) => unknown, (x: unknown, ...rest: unknown[]) => unknown];

/** What makes functions of steps over a session, which is made on first use. */
function makerOver(getSession: () => Session, fallback: Dtype) {
  /** The core's kernels with those of the pack. */
  const both: Partial<Record<Dtype, LayerKernels>> = {};

  function kernelsOf(session: Session, dtype: Dtype, { pack }: Activation): LayerKernels {
    if (!pack) return session[dtype] as LayerKernels;
    both[dtype] ??= { ...session[dtype], ...session.backend.put(pack)[dtype] } as LayerKernels;
    return both[dtype];
  }

  return (name: string, activation: Activation, step: Step): Pair => {
    const { curve, options: readers, last } = activation;
    const known = Object.keys(readers ?? {});
    const rows = last ? asRow : (operand: Operand) => operand;
    const curveOf = (options: unknown): Curve =>
      typeof curve === 'object' ? curve : curve(readEach(readers ?? {}, readOptions(options ?? {}, known, name), ''));

    /** Of softmax's derivative the output is what is read beside, and the error what is replaced. */
    const two = step === passedOn;
    function read(x: unknown, more: unknown): [Operand, Operand?] {
      const first = readOperand(typeof x === 'number' && !last ? [x] : x, two ? 'output' : 'x');
      if (!two) return [first];
      const error = readOperand(more, 'error');
      checkSameShape(first, error);
      return [error, first];
    }

    function compute(own: Curve, dtype: Dtype, x: Operand, out: Operand, beside?: Operand): void {
      const session = getSession();
      const k = kernelsOf(session, dtype, activation);
      run(session, k, dtype, rows(x), rows(out), beside && rows(beside), (tile) => step(own, tile));
    }

    return [
      (x, more) => {
        const own = curveOf(two ? undefined : more);
        const [operand, beside] = read(x, more);
        const { rows, cols, vector } = operand;
        const dtype = commonDtype(beside ? [beside, operand] : [operand], fallback);
        const out = flatOperand('out', rows, cols, dtype, newArray(dtype, rows * cols), vector);
        compute(own, dtype, operand, out, beside);
        if (typeof x === 'number') return (out.flat as TypedArray)[0];
        return vector ? out.flat : matrixOver(out);
      },
      (x, ...given) => {
        const [out, options] = two ? given.slice(1) : given;
        const own = curveOf(options);
        const [operand, beside] = read(x, given[0]);
        const target = readOperand(out, 'out');
        const operands = beside ? [beside, operand] : [operand];
        const dtype = commonDtype([...operands, target], fallback);
        checkOutput(target, dtype, operand.rows, operand.cols, operand.vector);
        checkApart(target, [operand], true);
        if (beside) checkApart(target, [beside], false);
        compute(own, dtype, operand, target, beside);
        return out;
      },
    ];
  };
}

/** What nothing is computed for, what every engine has, and what goes over a whole row. */
const LEFT_OUT = ['identity', 'sigmoid', 'logistic', 'ascending'];

function functionsOver(getSession: () => Session, fallback: Dtype): ActivationFunctions {
  const pair = makerOver(getSession, fallback);
  const all: Record<string, unknown> = Object.create(null);
  const table: Record<string, Activation> = { ...ACTIVATIONS, ...MORE_ACTIVATIONS };
  for (const name of Object.keys(table)) {
    if (LEFT_OUT.includes(name)) continue;
    const activation = lineOf(table, name);
    const derivative = activation.last ? passedOn : activation.apart ? slopeOfInput : slopeOfOutput;
    [all[name], all[`${name}Into`]] = pair(name, activation, value);
    [all[`${name}Derivative`], all[`${name}DerivativeInto`]] = pair(`${name}Derivative`, activation, derivative);
  }
  return all as unknown as ActivationFunctions;
}

/** What of an engine is asked for. */
export interface FunctionsEngine {
  /** What plain numbers become. */
  readonly dtype: Dtype;
  /** A matrix of zeros that lives in the engine. */
  zeros(rows: number, cols: number): ResidentMatrix;
}

/**
 * The activations as functions of an engine.
 *
 * @throws {ValueError} unless it is an engine of this copy of bitgrad
 * @example
 * import { createFunctions } from 'bitgrad/functions';
 * const { relu } = createFunctions(createEngine({ backend: 'ts', dtype: 'f32' }));
 * relu([-1, 2]); // Float32Array [0, 2]
 */
export function createFunctions(engine: FunctionsEngine): ActivationFunctions {
  if (typeof engine?.zeros !== 'function') refuseValue('engine', 'an engine', engine);
  let session: Session | undefined;
  const getSession = () => {
    if (session) return session;
    const probe = engine.zeros(0, 0);
    if (!probe[PLACE]) refuseValue('engine', 'an engine of this copy of bitgrad', engine);
    session = probe[PLACE].session as Session;
    probe.dispose();
    return session;
  };
  return functionsOver(getSession, engine.dtype);
}
