// A model as ONNX: one graph from named columns to labels, probabilities or numbers.

import type { ModelPlan } from '../plan.js';
import { type Float, Graph } from './graph.js';
import { networkOf } from './layers.js';
import { type Operators, operatorsOf } from './operators.js';
import { bytesOfModel } from './protobuf.js';
import { applyStep, type Block, multiplyAdd, numbersOf, type Part, subtractDivide } from './steps.js';

/** The first in which texts can be compared. */
const OPSET = 19;

/** An input for each column that is looked at; of numbers that are all taken alike one of all. */
function inputsOf({ columns, kinds, steps, network }: ModelPlan, graph: Graph, type: Float): Block {
  if (steps[0]?.form !== 'columns' && kinds.every((kind) => kind?.kind !== 'string')) {
    const name = 'X';
    const what = `rows x ${columns.length}: ${columns.join(', ')}`;
    graph.inputs.push({
      name,
      type: steps.length === 0 && network.dtype === 'f32' ? 'float' : type,
      cols: columns.length,
      what,
    });
    return { parts: [{ name, cols: columns.length, text: false }], labels: columns };
  }
  const parts = columns.map((column, j): Part => {
    const text = kinds[j]?.kind === 'string';
    const name = column === '' ? graph.fresh('column') : column;
    const what = { number: 'a number', boolean: '1 or 0', string: 'a text' }[kinds[j]?.kind ?? 'number'];
    if (kinds[j]) graph.inputs.push({ name, type: text ? 'string' : type, cols: 1, what });
    if (kinds[j] && column === '') graph.warnings.push(`the column without a name is the input "${name}"`);
    return { name, cols: 1, text };
  });
  const left = columns.filter((_, j) => !kinds[j]);
  if (left.length > 0) graph.warnings.push(`the model makes nothing of ${left.join(', ')}, which are no inputs`);
  return { parts, labels: columns };
}

function labelOf(
  { head, network }: ModelPlan,
  o: Operators,
  outputs: string,
): { label: string; probabilities: string } {
  const { graph } = o;
  const certain = (p: string) => o.cast(graph.op('Greater', [p, graph.scalar(o.type, 0.5)]), 'int64');
  if (head.kind === 'multilabel' || head.kind === 'regression')
    return { label: certain(outputs), probabilities: outputs };
  const binary = network.outputs === 1 && head.kind === 'binary';
  const place = binary ? certain(graph.column(outputs, 0)) : graph.op('ArgMax', [outputs], { axis: 1, keepdims: 0 });
  const { classes } = head;
  const names =
    typeof classes[0] === 'string'
      ? graph.texts(classes as readonly string[])
      : typeof classes[0] === 'boolean'
        ? graph.flags(classes as readonly boolean[])
        : graph.integers(classes as readonly number[]);
  return {
    label: graph.op('Gather', [names, place], { axis: 0 }),
    probabilities: binary ? graph.beside([o.subtract(1, outputs), outputs]) : outputs,
  };
}

/** @throws {ExportError} naming what ONNX has no place for */
export function onnxOf(plan: ModelPlan): { bytes: Uint8Array; warnings: string[] } {
  const { head, network, steps, target } = plan;
  const graph = new Graph(['X', '', ...plan.columns]);
  // As the model has it: rows in f64, and a network in its dtype.
  const before = operatorsOf(graph, 'double');
  const type: Float = network.dtype === 'f32' ? 'float' : 'double';
  const o = operatorsOf(graph, type);
  const block = steps.reduce((from, step) => applyStep(before, from, step), inputsOf(plan, graph, 'double'));
  const rows = numbersOf(before, block);
  const x = type === 'float' && steps.length > 0 ? o.cast(rows, 'float') : rows;
  const outputs = networkOf(network, o, x);
  const cols = network.outputs;
  /** What a graph hands out has a name of its own. */
  const out = (
    wanted: string,
    from: string,
    kind: (typeof graph.outputs)[number]['type'],
    width: number | undefined,
    what: string,
  ) => {
    const name = graph.fresh(wanted);
    graph.nodes.push({ operator: 'Identity', inputs: [from], output: name, attributes: {} });
    graph.outputs.push({ name, type: kind, cols: width, what });
  };
  const of = target === undefined ? '' : ` of ${target}`;
  if (head.kind === 'regression') {
    const { undo } = head;
    const back =
      undo?.form === 'multiplyAdd'
        ? multiplyAdd(o, outputs, undo)
        : undo?.form === 'subtractDivide'
          ? subtractDivide(o, outputs, undo)
          : outputs;
    out('variable', back, type, cols, `what is predicted${of}`);
  } else {
    const { label, probabilities } = labelOf(plan, o, outputs);
    const { kind, classes } = head;
    const several = kind === 'multilabel';
    const names = { string: 'string', boolean: 'bool', number: 'int64' } as const;
    const labelType = several ? 'int64' : names[typeof classes[0] as keyof typeof names];
    out('label', label, labelType, several ? cols : undefined, several ? '0 or 1 for each label' : `the class${of}`);
    out('probabilities', probabilities, type, classes.length, `of ${classes.slice(0, 20).join(', ')}`);
  }
  const { nodes, constants, inputs, outputs: results, warnings } = graph;
  const name = target === undefined || target === '' ? 'model' : target;
  const bytes = bytesOfModel({
    producer: 'bitgrad',
    version: plan.version,
    opset: OPSET,
    name,
    nodes,
    constants,
    inputs,
    outputs: results,
  });
  return { bytes, warnings };
}
