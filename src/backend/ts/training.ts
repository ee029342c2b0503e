// The training kernels in TypeScript: the readable reference, over any linear memory.

import type { Memory } from '../../kernels/memory.js';
import type { Both } from '../../kernels/table.js';
import type { TRAINING, TrainingKernels } from '../../kernels/training.js';
import { type Format, inBoth } from './format.js';
import { gather } from './gather.js';
import { optimizers } from './optimizers.js';
import { scaling } from './scaling.js';
import { sparse } from './sparse.js';

const kernels = (format: Format): TrainingKernels => ({
  ...optimizers(format),
  ...scaling(format),
  ...gather(format),
  ...sparse(format),
});

export const trainingReference = (memory: Memory): Both<typeof TRAINING> => inBoth(memory, kernels);
