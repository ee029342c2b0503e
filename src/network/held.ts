// What is under a network, for hosts.

import { INSPECT } from '../matrix/matrix.js';
import { DISPOSE } from '../matrix/resident.js';

/**
 * What hosts ask of it under names of their own. A class of its own, because such a name keeps a class in a bundle that does not
 * use it: esbuild cannot tell that asking for the name does nothing.
 */
export abstract class Held {
  abstract readonly disposed: boolean;
  abstract summary(): string;
  abstract dispose(): void;

  [INSPECT](): string {
    return this.disposed ? 'Network (disposed)' : this.summary();
  }

  /** `dispose()`, at the end of a block with `using`. */
  [DISPOSE](): void {
    this.dispose();
  }
}
