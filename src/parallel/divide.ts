// How a kernel's call is divided: what its line in its table says of its arguments. Each part is a call for some of the rows, or
// elements, that the kernel's first size counts, or of a product's columns.

import { CORE } from '../kernels/core.js';
import { LAYERS } from '../kernels/layers.js';
import { type Operand, parse, type Signature } from '../kernels/signature.js';
import { TRAINING } from '../kernels/training.js';

/** Every kernel's line, whichever pack has it. */
export const LINES: Readonly<Record<string, string>> = { ...CORE, ...LAYERS, ...TRAINING };

/** By what an argument moves from one row to the next: the product of other arguments, times so many bytes; 0: those of an element. */
interface Move {
  readonly by: readonly number[];
  readonly bytes: number;
}

export interface Division {
  /** Which argument is the size that is divided. */
  readonly size: number;
  readonly moves: readonly (Move | undefined)[];
  /** For each argument whether it grows by one. */
  readonly counts: readonly boolean[];
  /** Which argument is scratch memory; -1: none. */
  readonly work: number;
  /** The arguments whose product is what a row costs. */
  readonly others: readonly number[];
  /** Whether it multiplies matrices. */
  readonly isProduct: boolean;
  readonly returns: Signature['returns'];
}

/**
 * undefined: it is not divided, for its outputs are sums over the rows, or lie in another order.
 *
 * @param name of the size that is divided; default: the first one
 */
export function divisionOf(line: string, name = parse(line).sizes[0].name): Division | undefined {
  const { args, sizes, inputs, outputs, returns } = parse(line);
  const place = (of: string) => args.findIndex((arg) => arg.name === of);
  // What is counted lies side by side in a matrix whose rows are so far apart as a size that is at least that.
  const beside = sizes.filter(({ atLeast }) => atLeast === name).map((size) => size.name);
  const has = ({ shape }: Operand) => shape.includes(name) || shape.some((each) => beside.includes(each));
  if (outputs.length === 0 || !outputs.every(has) || returns === 'T') return undefined;
  // Numbers of rows would count from elsewhere.
  if (inputs.some(({ below }) => below === name)) return undefined;
  const moveOf = ({ shape, below, upTo }: Operand): Move | undefined => {
    const bytes = below === undefined && upTo === undefined ? 0 : 4;
    if (shape.includes(name)) return { by: shape.filter((each) => each !== name).map(place), bytes };
    return shape.some((each) => beside.includes(each)) ? { by: [], bytes } : undefined;
  };
  return {
    size: place(name),
    moves: args.map((arg) => (arg.role === 'input' || arg.role === 'output' ? moveOf(arg) : undefined)),
    counts: args.map((arg) => arg.role === 'scalar' && arg.counts === true),
    work: place('work'),
    others: sizes.filter((size) => size.name !== name && size.atLeast === undefined).map((size) => place(size.name)),
    isProduct: sizes.length > 2,
    returns,
  };
}

/** Of each argument of a call, how many bytes (or ones) further it is for the next row; what is at address 0 is not there. */
export function stepsOf(
  { moves, counts }: Division,
  args: ArrayLike<number>,
  bytes: number,
  steps: Float64Array,
): void {
  for (let i = 0; i < moves.length; i++) {
    const move = moves[i];
    let step = counts[i] ? 1 : 0;
    if (move && args[i] !== 0) {
      step = move.bytes || bytes;
      for (let j = 0; j < move.by.length; j++) step *= args[move.by[j]];
    }
    steps[i] = step;
  }
}
