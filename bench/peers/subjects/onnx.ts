// onnxruntime-web, which runs models and has no gradients: the model is written here, in ONNX's protocol buffers.

import { CannotDo, type Prepared, type Subject } from '../../contest/protocol.js';
import { packageVersion } from '../packages.js';
import { type Data, type Floats, makeData, outputsOf, type Task } from '../task.js';

interface Tensor {
  data: Floats;
}
/** The part of onnxruntime-web that is used here: it need not be installed to check these types. */
interface Ort {
  env: { wasm: { numThreads: number } };
  InferenceSession: {
    create(
      model: Uint8Array,
      options: { executionProviders: string[] },
    ): Promise<{ run(inputs: Record<string, Tensor>): Promise<Record<string, Tensor>> }>;
  };
  Tensor: new (type: string, data: Floats, shape: number[]) => Tensor;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return Uint8Array.from([...bytes, value]);
}
const int = (field: number, value: number) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field: number, value: Uint8Array) =>
  Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
const text = (field: number, value: string) => bytes(field, Buffer.from(value));
const message = (field: number, ...parts: Uint8Array[]) => bytes(field, Buffer.concat(parts));

const typeOf = (values: Floats) => (values instanceof Float32Array ? 1 : 11);

/** The field numbers are those of onnx.proto: NodeProto, TensorProto, ValueInfoProto, GraphProto, ModelProto. */
const node = (operator: string, inputs: string[], output: string) =>
  message(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, operator));
const constant = (name: string, shape: number[], values: Floats) =>
  message(
    5,
    ...shape.map((size) => int(1, size)),
    int(2, typeOf(values)),
    text(8, name),
    bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
function variable(field: number, name: string, shape: number[], type: number): Uint8Array {
  const dimensions = message(2, ...shape.map((size) => message(1, int(1, size))));
  return message(field, text(1, name), message(2, message(1, int(1, type), dimensions)));
}

const OPERATORS = { relu: 'Relu', sigmoid: 'Sigmoid', softmax: 'Softmax' };

function modelOf(task: Task, { X, layers }: Data): Uint8Array {
  const { kind, rows, sizes } = task;
  const type = typeOf(X);
  const parts = [variable(11, 'x', [rows, sizes[0]], type), text(2, 'graph')];
  if (kind === 'sigmoid') parts.push(node('Sigmoid', ['x'], 'out'), variable(12, 'out', [rows, sizes[0]], type));
  for (const [i, { inputs, units, weights, biases }] of layers.entries()) {
    const last = i === layers.length - 1;
    parts.push(
      constant(`W${i}`, [inputs, units], weights),
      constant(`b${i}`, [units], biases),
      node('Gemm', [i ? `h${i}` : 'x', `W${i}`, `b${i}`], `z${i}`),
      node(OPERATORS[last ? task.output : task.hidden], [`z${i}`], last ? 'out' : `h${i + 1}`),
    );
    if (last) parts.push(variable(12, 'out', [rows, units], type));
  }
  const operators = message(8, text(1, ''), int(2, 13)); // the standard operators, version 13
  return Buffer.concat([int(1, 8), message(7, ...parts), operators]);
}

async function prepare(ort: Ort, task: Task): Promise<Prepared> {
  if (task.kind === 'step') throw new CannotDo('it has no gradients');
  const data = makeData(task);
  const session = await ort.InferenceSession.create(modelOf(task, data), { executionProviders: ['wasm'] });
  const type = task.dtype === 'f32' ? 'float32' : 'float64';
  const inputs = { x: new ort.Tensor(type, data.X, [task.rows, task.sizes[0]]) };
  const run = () => session.run(inputs);
  const count = task.rows * (task.kind === 'sigmoid' ? task.sizes[0] : outputsOf(task));
  return { run, asynchronous: true, result: async () => ({ values: (await run()).out.data.subarray(0, count) }) };
}

export async function load(): Promise<Subject<Task>> {
  const name = 'onnxruntime-web';
  const ort: Ort = await import(name);
  ort.env.wasm.numThreads = 1;
  return { version: `${packageVersion(name)}, wasm, one thread`, prepare: (task) => prepare(ort, task) };
}
