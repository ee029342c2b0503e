// Tables of the tests of searches.

import { csv } from './memory-table.js';

/** 60 rows of two numbers, two kinds that one of them tells apart, not wholly. */
export const flowers = () =>
  csv(
    `a,b,kind\n${Array.from({ length: 60 }, (_, i) => `${(i * 7) % 60},${(i * 13) % 11},${(i * 7) % 60 < 30 + (((i * 5) % 9) - 4) ? 'iris' : 'rose'}`).join('\n')}`,
  );

/** 100 rows, y is 20 times x. */
export const numbers = () => csv(`x,y\n${Array.from({ length: 100 }, (_, i) => `${i},${i * 20}`).join('\n')}`);
