// NAdam: Adam with Nesterov's momentum (Dozat 2016), as PyTorch has it.

import { expOf, powersOfTwo } from '../../backend/ts/exp.js';
import { fromZero, positive } from '../../checks/readers.js';
import { MOMENTS, type Moments } from './adam.js';
import { decayed, roomToDecay } from './decay.js';
import type { PlanOf, Stepping } from './optimizer.js';

/** Options of nadam (Dozat 2016). */
export interface NadamOptions extends Moments {
  /** learningRate default 0.002. */
  name: 'nadam';
  /** How fast the momentum of step t, beta1 (1 - 0.5 * 0.96^(t momentumDecay)), grows to beta1; default 0.004. */
  momentumDecay?: number;
}

/** ln 0.96. */
const LOG = -0.040821994520255166;

let powersOf2: Float64Array | undefined;
/** Of the last step asked for, and the one after it: whose they are, and the first of them. */
let momenta: Float64Array | undefined;
let planOfMomenta: PlanOf<NadamOptions> | undefined;
let first = 0;

/**
 * The momenta of step t and the next, in an array that the next call writes again: V8 allocates for numbers that a function
 * takes or returns, so that only one is computed for each step of a training. Engines' Math.pow differ, our exp is the same
 * everywhere, and it needs nothing but t: a product, as the powers of beta are, would be one more number in every kept state.
 */
function momentaOf(t: number, plan: PlanOf<NadamOptions>): Float64Array {
  const { beta1, momentumDecay } = plan;
  powersOf2 ??= powersOfTwo();
  momenta ??= new Float64Array(2);
  if (planOfMomenta === plan && first === t - 1) momenta[0] = momenta[1];
  else momenta[0] = beta1 * (1 - 0.5 * expOf(t * momentumDecay * LOG, powersOf2));
  momenta[1] = beta1 * (1 - 0.5 * expOf((t + 1) * momentumDecay * LOG, powersOf2));
  planOfMomenta = plan;
  first = t;
  return momenta;
}

export const nadam: Stepping<NadamOptions> = {
  whole: false,
  options: { learningRate: positive(0.002), ...MOMENTS, momentumDecay: fromZero(0.004) },
  slots: () => 2,
  room: roomToDecay,
  step(at, plan) {
    const { kernels, rate, steps, powers, slots, parameters: p, stretches } = at;
    const { beta1, beta2, epsilon } = plan;
    const both = momentaOf(steps, plan);
    const momentum = both[0];
    const following = both[1];
    powers[0] *= momentum;
    powers[1] *= beta2;
    const current = (rate * (1 - momentum)) / (1 - powers[0]);
    const next = (rate * following) / (1 - powers[0] * following);
    const root = Math.sqrt(1 - powers[1]);
    const [m, v] = [slots[0], slots[1]];
    for (let i = 0; i < stretches.length; i++) {
      const { n, at: from } = stretches[i];
      const g = decayed(at, stretches[i], plan);
      kernels.nadam(n, current, next, beta1, beta2, epsilon, root, g, m + from, v + from, p + from);
    }
  },
};
