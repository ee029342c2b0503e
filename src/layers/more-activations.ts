// The table of further activations, which are known where bitgrad/layers is imported: the core has no bytes for them.

import { ascending } from './activations/ascending.js';
import { geluExact } from './activations/geluExact.js';
import { hardSigmoid } from './activations/hardSigmoid.js';
import { mish } from './activations/mish.js';
import { relu6 } from './activations/relu6.js';
import { softsign } from './activations/softsign.js';

export const MORE_ACTIVATIONS = { ascending, geluExact, hardSigmoid, mish, relu6, softsign };

export type MoreActivationName = keyof typeof MORE_ACTIVATIONS;
