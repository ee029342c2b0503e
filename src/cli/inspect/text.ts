// What `inspect` says to people.

import type { ColumnSchema, RunNotes } from '../../tables/index.js';
import type { Output } from '../output.js';
import { numberText, plot } from '../plot.js';
import { metricsPairs } from '../run-text.js';
import { pairsText, tableText } from '../table.js';
import { bytesText, cut, printable } from '../text.js';
import type { Looked } from './look.js';

/** Of a long list the beginning. */
const MOST = 10;
const listText = (values: readonly unknown[]): string =>
  values.slice(0, MOST).map(String).join(', ') + (values.length > MOST ? `, ... (${values.length})` : '');

function headText(looked: Looked, room: number): string {
  const { kind, inputs, outputs, parameters, dtype, bytes, classes, optimizer, contractVersion, contractHere } = looked;
  return pairsText(
    [
      ['model', kind],
      ['network', `${inputs} to ${outputs}, ${dtype}, ${looked.loss}`],
      ['parameters', parameters],
      ...(classes ? [['classes', listText(classes)] as const] : []),
      ['optimizer', optimizer ? `${optimizer.name} after ${optimizer.steps} steps` : 'its state is not in the file'],
      [
        'contract',
        `${contractVersion}, ${contractVersion === contractHere ? 'as here' : `here it is ${contractHere}`}`,
      ],
      ['file', `${bytesText(bytes)}, checksum ${looked.checksum}`],
      ['file sha256', looked.sha256],
      ['bits sha256', looked.parametersSha256],
    ],
    room,
  );
}

const rangeText = ({ min, max, mean, std }: ColumnSchema): string =>
  min === undefined || max === undefined
    ? ''
    : `${numberText(min)} to ${numberText(max)}${mean === undefined ? '' : `, mean ${numberText(mean)}`}${std === undefined ? '' : `, std ${numberText(std)}`}`;

function columnsText({ schema }: RunNotes, out: Output): string {
  const { columns, target, dropped, sparseColumns } = schema;
  const rows = columns.map((column) => [
    column.name,
    column.kind,
    column.categories ? listText(column.categories) : rangeText(column),
    column.missing || '',
  ]);
  const more = [
    ...(sparseColumns === undefined ? [] : [[`${sparseColumns} sparse columns`, 'number', '']]),
    [
      target.name,
      `target: ${target.kind}`,
      target.classes ? listText(target.classes) : rangeText({ ...target, kind: 'number', missing: 0 }),
    ],
    ...dropped.map(({ name, why }) => [name, 'not used', why]),
  ];
  const head = [
    { head: 'column' },
    { head: 'kind', whole: true },
    { head: 'values' },
    { head: 'missing', right: true },
  ];
  return tableText(head, [...rows, ...more], out.room, (text) => out.style('dim', text));
}

function notesText({ command, data, network, history, evaluation, version }: RunNotes, room: number): string {
  const { files, format, rows, trainRows, validationRows } = data;
  const best = history.bestEpoch === undefined ? '' : `, the best was ${history.bestEpoch}`;
  return pairsText(
    [
      ['command', command],
      ['data', `${files.map(({ name }) => name).join(', ')} (${format}), ${rows} rows`],
      ['rows', `${trainRows} to train on, ${validationRows} held out`],
      ['optimizer', `${network.optimizer}, batches of ${network.batchSize}, seed ${network.seed}`],
      ['epochs', `${history.epochs} (${history.stopReason})${best}`],
      ...metricsPairs(evaluation).map(([name, value]) => [name, `${value} (${evaluation.on})`] as const),
      ['made by', `bitgrad ${version}`],
    ],
    room,
  );
}

const PLOT_HEIGHT = 6;

/** Sections, each with a heading. */
export function inspectText(looked: Looked, out: Output): string {
  const { notes, layers, preprocessing, training } = looked;
  const { room, width } = out;
  const dim = (text: string) => out.style('dim', text);
  const sections: [heading: string, text: string][] = [
    [cut(printable(looked.file), room), headText(looked, room)],
    [
      'Layers',
      tableText(
        [
          { head: 'layer' },
          { head: 'inputs', right: true },
          { head: 'outputs', right: true },
          { head: 'activation' },
          { head: 'parameters', right: true },
        ],
        layers.map(({ kind, inputs, outputs, activation = '', parameters }) => [
          kind,
          inputs,
          outputs,
          activation,
          parameters,
        ]),
        room,
        dim,
      ),
    ],
  ];
  if (preprocessing.length > 0) {
    const rows = preprocessing.map(({ step, columns }) => [step, columns ? listText(columns) : 'all']);
    sections.push(['Before the network', tableText([{ head: 'step' }, { head: 'columns' }], rows, room, dim)]);
  }
  if (notes) sections.push(['Columns', columnsText(notes, out)], ['Training', notesText(notes, room)]);
  const curve = notes?.history.loss ?? training?.loss ?? [];
  const picture = plot(curve, Math.min(width, 72), PLOT_HEIGHT);
  if (!notes && training)
    sections.push(['Training', `${training.epochs} epochs, loss ${numberText(curve[curve.length - 1])} at the end`]);
  if (picture) sections.push([`Loss over ${notes?.history.epochs ?? training?.epochs} epochs`, picture]);
  return sections.map(([heading, text]) => `${out.style('bold', heading)}\n${text}`).join('\n\n');
}
