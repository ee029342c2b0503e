// A training as it is told of: kept in the model's file as notes, printed by `inspect`, drawn by the report.

import type { Schema } from './schema.js';

/** One curve for each class: how many are found at the price of how many false alarms. */
export interface Roc {
  /** The class. */
  readonly label: string;
  /** Of each threshold, the part of other classes' rows that are taken for the class. */
  readonly falsePositiveRate: readonly number[];
  /** Of each threshold, the part of the class's rows that are. */
  readonly truePositiveRate: readonly number[];
  /** The area under the curve. */
  readonly auc: number;
}

/** Rows whose greatest probability lies in a tenth of its range: how sure, and how often right. */
export interface CalibrationBin {
  /** The mean of the greatest probability. */
  readonly confidence: number;
  /** The part of the rows that are right. */
  readonly accuracy: number;
  /** How many rows. */
  readonly count: number;
}

/** What a model is worth on rows. */
export interface Evaluation {
  /** How many it was measured on. */
  readonly rows: number;
  /** accuracy, logLoss, f1Macro, rocAuc, ...; or r2, rootMeanSquaredError, meanAbsoluteError, ... */
  readonly metrics: Readonly<Record<string, number>>;
  /** counts[i][j]: rows of class i that were taken for class j. */
  readonly confusion?: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] };
  /** Of classes: precision, recall, f1 and rows of each. */
  readonly classes?: readonly {
    readonly label: string;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
  /** Of classes: the curve of the second of two; of more, one for each of the most frequent. */
  readonly roc?: readonly Roc[];
  /** Of classes: how far probabilities can be trusted. */
  readonly calibration?: readonly CalibrationBin[];
  /** Of numbers: up to 2,000 rows, evenly spaced. */
  readonly residuals?: { readonly actual: readonly number[]; readonly predicted: readonly number[] };
}

/** How a layer's weights are spread. */
export interface Histogram {
  /** `layer 1`, `layer 2`, ... */
  readonly layer: string;
  /** One more than there are counts. */
  readonly edges: readonly number[];
  /** How many weights lie between two edges. */
  readonly counts: readonly number[];
}

/** Element i of a curve is that of epoch (i + 1) * every; the last one is always that of the last epoch. */
export interface RunHistory {
  /** With penalties. */
  readonly loss: readonly number[];
  /** Without penalties, if rows were held out. */
  readonly validationLoss?: readonly number[];
  /** Of the epoch's last batch. */
  readonly learningRate: readonly number[];
  /** Epochs done. */
  readonly epochs: number;
  /** How many epochs an element stands for. */
  readonly every: number;
  /** From 1; none if none was looked for. */
  readonly bestEpoch?: number;
  /** Why it ended. */
  readonly stopReason: string;
}

/**
 * Small enough for a model's file: what it came from, and what it is worth. Nothing of when and where it ran: the same training makes the same
 * file.
 */
export interface RunNotes {
  /** Version of these notes. */
  readonly notes: 1;
  /** What repeats the run, word for word. */
  readonly command: string;
  /** What it was trained on. */
  readonly data: {
    readonly files: readonly { readonly name: string; readonly bytes?: number; readonly sha256?: string }[];
    readonly format: string;
    readonly rows: number;
    readonly trainRows: number;
    readonly validationRows: number;
    readonly skippedRows: number;
    /** Rows left out as they had gaps. */
    readonly droppedRows: number;
    /** Whether the rows went through a file on disk, as they do not fit into memory. */
    readonly streamed: boolean;
  };
  /** What it knows of the columns. */
  readonly schema: Schema;
  /** What was trained, and how. */
  readonly network: {
    readonly inputs: number;
    readonly layers: readonly { readonly units: number; readonly activation: string }[];
    readonly loss: string;
    readonly parameters: number;
    readonly dtype: 'f32' | 'f64';
    readonly optimizer: string;
    readonly batchSize: number;
    readonly seed: number;
  };
  /** How it went. */
  readonly history: RunHistory;
  /** On the rows that were held out; else on those of training. */
  readonly evaluation: {
    readonly on: 'validation' | 'training';
    readonly rows: number;
    readonly metrics: Readonly<Record<string, number>>;
  };
  /** Of the package. */
  readonly version: string;
  /** Of the numeric contract. */
  readonly contractVersion: number;
}

/** All of it: what the report shows. */
export interface Run {
  /** What is kept in the model's file. */
  readonly notes: RunNotes;
  /** The file, if there is one, and its hashes. */
  readonly model: {
    readonly file?: string;
    readonly bytes: number;
    /** Of the file. */
    readonly sha256: string;
    /** Of the parameters' bits. */
    readonly parametersSha256: string;
  };
  /** On the rows that were held out; else on those of training. */
  readonly evaluation: Evaluation;
  /** Of each layer. */
  readonly weights: readonly Histogram[];
  /** Mean of |d output / d input| over rows, by column of the file, greatest first. */
  readonly saliency: readonly { readonly column: string; readonly value: number }[];
  /** The machine that it ran on. */
  readonly machine: {
    readonly runtime: string;
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly simd: boolean;
  };
  /** Which kernels ran, on how many threads, in a worker or not. */
  readonly ran: { readonly backend: string; readonly threads: number; readonly where: string };
  /** `scan`, `encode`, `train`, `evaluate`. */
  readonly seconds: Readonly<Record<string, number>>;
  /** In ISO 8601, when it ended. */
  readonly date: string;
}
