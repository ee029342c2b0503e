// ONNX's messages as bytes: fields by their numbers in onnx.proto (ONNX 1.16), as far as models of this package have them.

import { PbfWriter } from 'pbf';

export type Attribute = number | readonly number[];

export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** TensorProto.DataType. */
export const TYPES = { float: 1, int64: 7, string: 8, bool: 9, double: 11 } as const;
export type Type = keyof typeof TYPES;

export interface Constant {
  readonly name: string;
  readonly type: Type;
  readonly shape: readonly number[];
  /** Little-endian. */
  readonly bytes?: Uint8Array;
  /** Of strings. */
  readonly texts?: readonly string[];
}

/** The first dimension is that of rows. */
export interface Value {
  readonly name: string;
  readonly type: Type;
  /** Columns; undefined of one value a row without a dimension. */
  readonly cols: number | undefined;
  readonly what: string;
}

export interface Model {
  readonly producer: string;
  readonly version: string;
  readonly opset: number;
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** AttributeProto: INT is 2, FLOAT 1, INTS 7. All that are whole are integers here. */
function writeAttribute([name, value]: readonly [string, Attribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') pbf.writeVarintField(3, value);
  else for (const each of value) pbf.writeVarintField(8, each);
  pbf.writeVarintField(20, typeof value === 'number' ? 2 : 7);
}

function writeNode({ operator, inputs, output, attributes }: Node, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, `make_${output}`);
  pbf.writeStringField(4, operator);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

const utf8 = new TextEncoder();

function writeConstant({ name, type, shape, bytes, texts = [] }: Constant, pbf: PbfWriter): void {
  for (const size of shape) pbf.writeVarintField(1, size);
  pbf.writeVarintField(2, TYPES[type]);
  for (const text of texts) pbf.writeBytesField(6, utf8.encode(text));
  pbf.writeStringField(8, name);
  if (bytes) pbf.writeBytesField(9, bytes);
}

function writeDimension(size: number | string, pbf: PbfWriter): void {
  if (typeof size === 'number') pbf.writeVarintField(1, size);
  else pbf.writeStringField(2, size);
}

function writeShape(shape: readonly (number | string)[], pbf: PbfWriter): void {
  for (const size of shape) pbf.writeMessage(1, writeDimension, size);
}

function writeTensorType({ type, cols }: Value, pbf: PbfWriter): void {
  pbf.writeVarintField(1, TYPES[type]);
  pbf.writeMessage(2, writeShape, cols === undefined ? ['rows'] : ['rows', cols]);
}

function writeType(value: Value, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, value);
}

function writeValue(value: Value, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(2, writeType, value);
  pbf.writeStringField(3, value.what);
}

function writeGraph({ name, nodes, constants, inputs, outputs }: Model, pbf: PbfWriter): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, name);
  for (const constant of constants) pbf.writeMessage(5, writeConstant, constant);
  for (const input of inputs) pbf.writeMessage(11, writeValue, input);
  for (const output of outputs) pbf.writeMessage(12, writeValue, output);
}

function writeOpset(opset: number, pbf: PbfWriter): void {
  pbf.writeStringField(1, '');
  pbf.writeVarintField(2, opset);
}

/** The version of the form that came with opset 19. */
const IR_VERSION = 9;

export function bytesOfModel(model: Model): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, model.producer);
  pbf.writeStringField(3, model.version);
  pbf.writeMessage(7, writeGraph, model);
  pbf.writeMessage(8, writeOpset, model.opset);
  return pbf.finish();
}
