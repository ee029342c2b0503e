// identity: z.

import type { Activation } from '../activation.js';

export const identity: Activation = { curve: { forward() {}, backward() {} } };
