// The core's kernels in TypeScript: the readable reference, over any linear memory.

import type { CORE, CoreKernels } from '../../kernels/core.js';
import type { Memory } from '../../kernels/memory.js';
import type { Both } from '../../kernels/table.js';
import { dense, products } from './dense.js';
import { coreActivations, elementwise } from './elementwise.js';
import { exponentials, exponentialsF32, powersOfTwo } from './exp.js';
import { type Format, inBoth, type View } from './format.js';
import { type Product, product, productF32 } from './gemm.js';
import { logarithms, logarithmsF32 } from './log.js';
import { losses } from './losses.js';
import { sums } from './reduce.js';
import { rows } from './rows.js';

function kernels(format: Format): CoreKernels {
  const single = format.shift === 2;
  const powers = powersOfTwo();
  const multiply = (single ? productF32 : product) as Product<View>;
  return {
    ...(single ? exponentialsF32 : exponentials)(format, powers),
    ...(single ? logarithmsF32 : logarithms)(format),
    ...elementwise(format),
    ...coreActivations(format),
    ...losses(format),
    ...rows(format),
    ...sums(format),
    ...products(format, multiply),
    ...dense(format, multiply),
  };
}

export const coreReference = (memory: Memory): Both<typeof CORE> => inBoth(memory, kernels);
