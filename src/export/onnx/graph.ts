// A graph of ONNX's operators while it is made: each operator gives the name of what it makes.

import type { Attribute, Constant, Node, Type, Value } from './protobuf.js';

export type Float = 'float' | 'double';

const bytesOf = (numbers: ArrayLike<number>, type: Float): Uint8Array =>
  new Uint8Array((type === 'double' ? Float64Array : Float32Array).from(numbers as number[]).buffer);

export class Graph {
  readonly nodes: Node[] = [];
  readonly constants: Constant[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  /** What the graph cannot do as the model does, in words. */
  readonly warnings: string[] = [];
  readonly #names: Set<string>;
  readonly #scalars = new Map<string, string>();
  #count = 0;

  /** @param names of inputs: nothing else may be called so */
  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  /** A name that nothing has yet. */
  fresh(wanted: string): string {
    let name = wanted;
    while (this.#names.has(name)) name = `${wanted}_${++this.#count}`;
    this.#names.add(name);
    return name;
  }

  op(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = this.fresh(operator.toLowerCase());
    this.nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  #constant(type: Type, shape: readonly number[], data: Pick<Constant, 'bytes' | 'texts'>): string {
    const name = this.fresh('constant');
    this.constants.push({ name, type, shape, ...data });
    return name;
  }

  floats(type: Float, numbers: ArrayLike<number>, shape: readonly number[] = [numbers.length]): string {
    return this.#constant(type, shape, { bytes: bytesOf(numbers, type) });
  }

  scalar(type: Float, x: number): string {
    const key = `${type} ${x}`;
    const name = this.#scalars.get(key) ?? this.floats(type, [x], []);
    this.#scalars.set(key, name);
    return name;
  }

  /** Without a shape one number. */
  integers(numbers: readonly number[], shape: readonly number[] = [numbers.length]): string {
    return this.#constant('int64', shape, { bytes: new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer) });
  }

  texts(texts: readonly string[], shape: readonly number[] = [texts.length]): string {
    return this.#constant('string', shape, { texts });
  }

  flags(flags: readonly boolean[]): string {
    return this.#constant('bool', [flags.length], { bytes: Uint8Array.from(flags, Number) });
  }

  /** Some columns, rows x columns. */
  columns(x: string, places: readonly number[]): string {
    return this.op('Gather', [x, this.integers(places)], { axis: 1 });
  }

  /** One column without its dimension. */
  column(x: string, place: number): string {
    return this.op('Gather', [x, this.integers([place], [])], { axis: 1 });
  }

  beside(parts: readonly string[]): string {
    return parts.length === 1 ? parts[0] : this.op('Concat', parts, { axis: 1 });
  }
}
