// A model as one module of JavaScript: the pieces of src/portable/ that it needs, what it learnt as literals, and its parameters.

import { info } from '../../index.js';
import { ExportError } from '../errors.js';
import type { PlannedLayer } from '../network.js';
import type { ModelPlan } from '../plan.js';
import type { Step } from '../steps.js';
import { literal } from './literals.js';
import { ACTIVATIONS, LAYERS, PIECES, ROOTS } from './pieces.js';
import { spell } from './weights.js';

/** Gathers what is used, and gives it the names that it has in the pieces. */
class Used {
  readonly #pieces = new Set<number>();
  /** A root's name, as it is called in the module. */
  readonly of = (root: string): string => {
    const { local, pieces } = ROOTS[root];
    for (const piece of pieces) this.#pieces.add(piece);
    return local;
  };

  call(root: string, ...parameters: string[]): string {
    return `${this.of(root)}(${parameters.join(',')})`;
  }

  get text(): string {
    return [...this.#pieces]
      .sort((a, b) => a - b)
      .map((i) => PIECES[i])
      .join('\n');
  }
}

function stepText(step: Step, used: Used): string {
  const { form, ...parameters } = step;
  if (step.form === 'columns') {
    const parts = step.parts.map(
      ({ columns, steps }) => `[${literal(columns)},[${steps.map((each) => stepText(each, used)).join(',')}]]`,
    );
    return used.call(form, `[${parts.join(',')}]`);
  }
  // In the order in which their interfaces have them, which is that of the functions.
  return used.call(form, ...Object.values(parameters).map(literal));
}

function layerText(layer: PlannedLayer, used: Used): string {
  const { kind, inputs, outputs } = layer;
  const call = (...parameters: unknown[]) => used.call(kind, ...parameters.map(literal));
  switch (kind) {
    case 'dense': {
      const { weights, biases, activation, options } = layer;
      const line = Object.hasOwn(ACTIVATIONS, activation) ? ACTIVATIONS[activation] : undefined;
      if (!line) throw new ExportError(`the activation ${activation} cannot be exported as JavaScript`);
      const numbers = [inputs, outputs, weights, biases].map(literal);
      return used.call(kind, ...numbers, used.of(line.root), String(line.apart), literal(options));
    }
    case 'batchNorm':
      return call(outputs, layer.epsilon, layer.weights, layer.biases, layer.means, layer.variances);
    case 'layerNorm':
      return call(outputs, layer.epsilon, layer.weights, layer.biases);
    case 'embedding':
      return call(inputs, layer.column, layer.categories, layer.units, layer.weights);
    case 'scale':
      return call(outputs, layer.weights);
    case 'same':
      return call(outputs);
    case 'add':
      return call(outputs, layer.skip);
  }
}

function networkText({ network }: ModelPlan, used: Used): string {
  const { dtype, inputs, layers, parameters } = network;
  const kernels = layers.flatMap((layer) => [
    ...LAYERS[layer.kind],
    ...(layer.kind === 'dense' ? (ACTIVATIONS[layer.activation]?.kernels ?? []) : []),
  ]);
  const each = layers.map((layer) => layerText(layer, used));
  const made = [...new Set(kernels)].map((kernel) =>
    used.of(Object.hasOwn(ROOTS, `${kernel}_${dtype}`) ? `${kernel}_${dtype}` : kernel),
  );
  const { reader, text } = spell(parameters);
  const read = used.call(reader, text);
  return used.call('network', String(inputs), `[${each.join(',')}]`, `[${made.join(',')}]`, `()=>${read}`);
}

function headText({ head, network }: ModelPlan, outputs: string, used: Used): string {
  if (head.kind === 'multilabel') return used.call('multilabel', outputs);
  if (head.kind !== 'regression') return used.call(head.kind, outputs, 'classes');
  const { undo, alike, vector } = head;
  return used.call(
    'regression',
    outputs,
    String(network.outputs),
    undo ? stepText(undo, used) : 'null',
    String(alike),
    String(vector),
  );
}

/** @throws {ExportError} naming what JavaScript has no place for */
export function javascriptOf(plan: ModelPlan): string {
  const { columns, head, steps, kinds } = plan;
  const used = new Used();
  const looked = kinds.flatMap((kind, j) => (kind ? [j] : []));
  const reader = used.of(steps.length > 0 ? 'table' : 'numbers');
  const read = `rows=>${reader}(rows,columns,${literal(looked)})`;
  const transformers = `[${steps.map((step) => stepText(step, used)).join(',')}]`;
  const outputs = used.call('outputsOf', read, transformers, networkText(plan, used));
  const model = headText(plan, outputs, used);
  const classes = head.kind === 'regression' ? undefined : head.classes;
  return [
    `// A model of bitgrad ${plan.version}, exported: it needs nothing else, and predicts the bits that the model predicts (numeric contract ${info().contractVersion}).`,
    `export const columns=${literal(columns)};`,
    ...(classes ? [`export const classes=${literal(classes)};`] : []),
    used.text,
    `const model=${model};`,
    'export function predict(rows){return model.predict(rows)}',
    ...(classes ? ['export function predictProba(rows){return model.predictProba(rows)}'] : []),
    '',
  ].join('\n');
}
