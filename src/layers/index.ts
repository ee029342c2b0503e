// bitgrad/layers: further layers, activations and losses, and functions as losses. To import it makes them known to every engine; a
// bundle without does not hold them.

import { addMore } from './add-more.js';

addMore();

export { activations, layers, losses } from './add-more.js';
