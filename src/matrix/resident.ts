/// <reference lib="esnext.disposable" preserve="true" />
// Matrices that live in an engine's linear memory.

import { DisposedError } from '../checks/errors.js';
import { refuseCloning } from '../checks/uncloneable.js';
import { Block } from '../memory/block.js';
import type { Session } from './marshal.js';
import { Matrix } from './matrix.js';
import { type ArrayOf, checkSize, type Dtype, PLACE, type Place, type TypedArray } from './operand.js';

/** `Symbol.dispose`, or what stands for it on hosts without. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');

/** What to do instead of structuredClone and postMessage of what lies in linear memory. */
export const RESIDENT_ADVICE =
  'what lies in linear memory is not cloned: send Matrix.from(matrix), parameters.slice() or toJSON()';

/** What changes of a matrix, which is frozen: its private fields are so too where Babel makes properties of them, as for React Native. */
interface Views {
  /** The elements as a part of `base`, memory as it was. */
  elements: TypedArray;
  base: TypedArray;
  /** What `data` handed out. */
  view?: TypedArray | undefined;
}

/** A part of a block that belongs to another. */
interface Part {
  readonly block: Block;
  readonly offset: number;
}

/**
 * A matrix in an engine's linear memory: that engine's calls use it where it lies and copy nothing.
 *
 * `data` is a view of linear memory, and so is every part of it that subarray() makes: it stays attached however much is
 * allocated, and its memory is no one else's as long as you keep it, after dispose() too.
 * The weights, biases and gradients of a network are views of memory that belongs to it: dispose() leaves them alone, and
 * they go with the network.
 */
export class ResidentMatrix<D extends Dtype = Dtype> extends Matrix<D> {
  readonly #session: Session;
  readonly #block: Block;
  readonly #owner: boolean;
  readonly [PLACE]: Place;
  readonly #views: Views;

  /** Zeros. Use `engine.zeros` or `engine.matrix`. `part`: instead, what a block of another's holds from `offset` on. */
  constructor(session: Session, rows: number, cols: number, dtype: D, part?: Part) {
    const size = checkSize(rows, 'rows') * checkSize(cols, 'cols');
    const block = part?.block ?? new Block(session.heap, size * session[dtype].bytes);
    const address = block.address + (part?.offset ?? 0);
    const base = session.view(dtype);
    const elements = session.elementsAt(address, dtype, size);
    if (!part) elements.fill(0);
    super(rows, cols, elements as ArrayOf<D>);
    refuseCloning(this, RESIDENT_ADVICE);
    this.#session = session;
    this.#block = block;
    this.#owner = !part;
    this.#views = { elements, base };
    this[PLACE] = {
      session,
      address,
      dtype,
      rows,
      cols,
      owner: this,
      elements: () => this.elements(),
      check: () => this.#check(),
    };
    Object.freeze(this);
  }

  #check(): void {
    if (this.#block.disposed) throw new DisposedError(`this ${this.rows}x${this.cols} matrix was disposed`);
  }

  protected override elements(): TypedArray {
    this.#check();
    const views = this.#views;
    const base = this.#session.view(this.dtype);
    if (base !== views.base) {
      views.base = base;
      views.elements = this.#session.elementsAt(this[PLACE].address, this.dtype, this.rows * this.cols);
    }
    return views.elements;
  }

  /** The same view every time. @throws {DisposedError} after dispose() @internal */
  // @ts-expect-error: it is a field of the class above, as the declarations say of this one too.
  override get data(): ArrayOf<D> {
    this.#check();
    const views = this.#views;
    views.view ??= this.#session.lend(this.#block, this[PLACE].address, this.dtype, this.rows * this.cols);
    return views.view as ArrayOf<D>;
  }

  /** What the constructor above assigns is there already. @internal */
  override set data(_: ArrayOf<D>) {}

  /** Whether it was disposed: then it has no numbers any more. */
  get disposed(): boolean {
    return this.#block.disposed;
  }

  /** For who uses it where it lies for longer than a call: dispose() is refused until unhold(). @internal */
  hold(): void {
    this.#block.hold();
  }

  /** @internal */
  unhold(): void {
    this.#block.unhold();
  }

  /** Gives its memory back; harmless when repeated. @throws {ValueError} while a training uses it */
  dispose(): void {
    if (!this.#owner) return;
    this.#block.dispose();
    this.#views.view = undefined;
  }

  /** `dispose()`, at the end of a block with `using`. */
  [DISPOSE](): void {
    this.dispose();
  }

  override toString(): string {
    return this.disposed ? `Matrix ${this.rows}x${this.cols} ${this.dtype} (disposed)` : super.toString();
  }
}
