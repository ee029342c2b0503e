// The set of the calls that users make.

import { caseOf } from '../comparison.js';
import type { Context, OpenSet } from '../set.js';
import { families } from './families.js';
import { findNumpy, others } from './others.js';
import { targets } from './targets.js';

export async function open(context: Context): Promise<OpenSet> {
  const numpy = findNumpy();
  return {
    title: 'Calls: wasm against ts',
    cases: [...families, ...others(numpy?.python)].map((each) => caseOf(each, context)),
    targets,
    versions: () => ({
      NumPy: numpy ? `${numpy.version}, one thread` : 'neither python3 nor /usr/bin/python3 has it',
    }),
  };
}
