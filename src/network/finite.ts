// Whether results are finite, and what was not to begin with.

import { NonFiniteError } from '../checks/errors.js';
import { BLOCK, type Dtype } from '../kernels/contract.js';
import type { Session } from '../matrix/marshal.js';
import { nonFiniteAt, type TypedArray } from '../matrix/operand.js';
import type { Rows } from '../matrix/rows.js';
import type { Plan } from './plan.js';

/** Whether all of `n` numbers at an address are finite: the sum of their squares then is, unless it overflows. */
export function allFinite(session: Session, dtype: Dtype, address: number, n: number): boolean {
  const k = session[dtype];
  for (let i = 0; i < n; i += BLOCK) {
    const count = Math.min(BLOCK, n - i);
    const at = address + i * k.bytes;
    if (!Number.isFinite(k.dot(count, at, at)) && !session.elementsAt(at, dtype, count).every(Number.isFinite))
      return false;
  }
  return true;
}

/** The weights of all layers come first: what decays. */
function firstNonFinite({ layers }: Plan, all: TypedArray): string | undefined {
  for (const first of [true, false]) {
    for (const [layer, { parameters }] of layers.entries()) {
      for (const { name, cols, size, offset, decays } of parameters) {
        if (decays !== first) continue;
        const data = all.subarray(offset, offset + size);
        const at = nonFiniteAt(data);
        if (at >= 0) return `${name} of layer ${layer} hold ${data[at]} at [${Math.floor(at / cols)}, ${at % cols}]`;
      }
    }
  }
  return undefined;
}

/** @throws {NonFiniteError} that names the first of all parameters or of the rows that is not finite, if one is */
export function refuseNonFinite(what: string, plan: Plan, all: TypedArray, given: readonly Rows[]): never {
  let reason = firstNonFinite(plan, all);
  for (const rows of given) reason ??= rows.findNonFinite();
  throw new NonFiniteError(`${what} is not finite: ${reason ?? 'what it came from is: numbers grew too large'}`);
}
