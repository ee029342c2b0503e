// What a training reports, and what it leaves behind.

import type { Session } from '../../matrix/marshal.js';
import type { TypedArray } from '../../matrix/operand.js';
import { appendCurve } from './curve.js';
import type { MetricName } from './metrics.js';

/** After a batch. */
export interface BatchReport {
  /** From 1. */
  readonly epoch: number;
  /** From 1. */
  readonly batch: number;
  /** Batches in an epoch, where that is known. */
  readonly batches: number | undefined;
  /** Of the batch, with penalties. */
  readonly loss: number;
  /** Of the batch's step. */
  readonly learningRate: number;
}

/** After an epoch. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** How many there are at most. */
  readonly epochs: number;
  /** The mean over the epoch's batches, each as it was met, with penalties. */
  readonly loss: number;
  /** Without penalties, after the epoch. */
  readonly validationLoss?: number;
  /** Those asked for, and `validation...` of each. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Of the last batch. */
  readonly learningRate: number;
  /** Rows that were trained on. */
  readonly rows: number;
  /** In this epoch. */
  readonly rowsPerSecond: number;
  /** Of this epoch. */
  readonly seconds: number;
  /** Estimated seconds to the last epoch. */
  readonly etaSeconds: number;
}

/** `functionCalls`: the optimizer used up its evaluations; `converged`: it found nothing to improve. */
export type StopReason = 'epochs' | 'earlyStopping' | 'callback' | 'learningRate' | 'functionCalls' | 'converged';

/** Where a training ran. */
export interface Ran {
  /** In a worker, or in the thread that asked. */
  readonly where: 'worker' | 'main';
  /** Which kernels ran. */
  readonly backend: 'wasm' | 'ts';
  /** How many threads worked at the end, if more than one did. */
  readonly threads?: number;
  /** Why it was not a worker, or not WebAssembly, if nobody asked for that. */
  readonly reason?: string;
}

/** What is said of threads. */
export function threadsIn({ threads }: Session): Pick<Ran, 'threads'> {
  return threads && threads.size > 1 ? { threads: threads.size } : {};
}

/**
 * Every curve of a training, an element for each epoch. Beyond 16,384 epochs, only every 2nd, 4th, ... has one: element i is
 * that of epoch (i + 1) * every, the last one always that of the last epoch.
 */
export interface Curves<Metric extends string = string> {
  /** The mean over the epoch's batches, with penalties. */
  readonly loss: number[];
  /** Without penalties, after the epoch; empty without validation. */
  readonly validationLoss: number[];
  /** Of each metric its curve, by its name. */
  readonly metrics: Record<Metric, number[]>;
  /** Of the epoch's last batch. */
  readonly learningRate: number[];
  /** Of each epoch. */
  readonly seconds: number[];
  /** Of all epochs together. */
  totalSeconds: number;
  /** How many epochs an element stands for: 1 up to 16,384 of them. */
  every: number;
  /** Epochs done. */
  epochs: number;
  /** Why it ended. */
  stopReason: StopReason;
  /** The best epoch, from 1, of the curve that was watched; 0 if none was. */
  bestEpoch: number;
  /** That curve there. */
  best: number;
}

/**
 * What a training leaves: its curves, where it ran, and averages of the parameters.
 *
 * @typeParam Metric the names of the metrics that it has
 */
export interface History<Metric extends string = string> extends Curves<Metric> {
  /** Where it ran. */
  readonly ran: Ran;
  /** The averages of the parameters at the end, in the order of `net.parameters`, if any were kept. */
  readonly averaged?: TypedArray;
}

/** What is left of a training that ran there. */
export function historyOf(
  history: Curves,
  average: { count: number; values: TypedArray } | undefined,
  ran: Ran,
): History {
  return { ...history, ran, ...(average && average.count > 0 && { averaged: average.values }) };
}

/** The names under which metrics that were asked for are found; any name, where it is not known which they were. */
export type MeasuredOf<Metric extends MetricName> = [MetricName] extends [Metric] ? string : Metric;
/** Of the validation set alone. */
export type ValidationOf<Metric extends MetricName> = [MetricName] extends [Metric]
  ? string
  : `validation${Capitalize<Metric>}`;
/** Both, where there is a validation set. */
export type ValidatedOf<Metric extends MetricName> = MeasuredOf<Metric> | ValidationOf<Metric>;

export function newCurves(): Curves {
  return {
    loss: [],
    validationLoss: [],
    metrics: {},
    learningRate: [],
    seconds: [],
    totalSeconds: 0,
    every: 1,
    epochs: 0,
    stopReason: 'epochs',
    bestEpoch: 0,
    best: Number.NaN,
  };
}

export function recordEpoch(curves: Curves, report: EpochReport): void {
  const { epoch } = report;
  curves.every = appendCurve(curves.loss, report.loss, epoch);
  if (report.validationLoss !== undefined) appendCurve(curves.validationLoss, report.validationLoss, epoch);
  for (const [name, value] of Object.entries(report.metrics)) {
    if (!Object.hasOwn(curves.metrics, name)) curves.metrics[name] = [];
    appendCurve(curves.metrics[name], value, epoch);
  }
  appendCurve(curves.learningRate, report.learningRate, epoch);
  appendCurve(curves.seconds, report.seconds, epoch);
  curves.totalSeconds += report.seconds;
  curves.epochs = epoch;
}
