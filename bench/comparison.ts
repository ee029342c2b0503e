// A case whose subjects run in this process, in turns with the 128-bit limit where products are concerned.

import { type Effort, measure, type Subject } from './measure.js';
import type { Peaks } from './peak.js';
import type { About, Result } from './result.js';
import type { Case, Context } from './set.js';

export interface Comparison extends About {
  subjects(effort: Effort): Subject[];
}

export function compare({ subjects, ...about }: Comparison, effort: Effort, peaks: () => Peaks): Result {
  const { dtype, flops } = about;
  const peak = flops && dtype ? peaks()[dtype] : undefined;
  const ms = measure([...subjects(effort), ...(peak ? [peak.subject] : [])], effort);
  const share = peak && flops && ms.wasm ? flops / ms.wasm / (peak.flops / ms.limit) : undefined;
  return { ...about, ms, share };
}

export const caseOf = (comparison: Comparison, { effort, peaks }: Context): Case => ({
  ...comparison,
  run: () => compare(comparison, effort, peaks),
});
