// What a report consists of, in this order.

import type { Run } from '../tables/index.js';
import type { Section } from './parts.js';
import { dataSection } from './sections/data.js';
import { inputs } from './sections/inputs.js';
import { network } from './sections/network.js';
import { repeat } from './sections/repeat.js';
import { results } from './sections/results.js';
import { training } from './sections/training.js';

export const SECTIONS: readonly ((run: Run) => Section)[] = [results, training, inputs, network, dataSection, repeat];
