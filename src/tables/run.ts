// A training as it is told of: kept in the model's file as notes, printed by `inspect`, drawn by the report.

import type { Schema } from './schema.js';

/** One curve for each class: how many are found at the price of how many false alarms. */
export interface Roc {
  readonly label: string;
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  readonly auc: number;
}

/** Rows whose greatest probability lies in a tenth of its range: how sure, and how often right. */
export interface CalibrationBin {
  readonly confidence: number;
  readonly accuracy: number;
  readonly count: number;
}

/** What a model is worth on rows. */
export interface Evaluation {
  readonly rows: number;
  /** accuracy, logLoss, f1Macro, rocAuc, ...; or r2, rootMeanSquaredError, meanAbsoluteError, ... */
  readonly metrics: Readonly<Record<string, number>>;
  /** counts[i][j]: rows of class i that were taken for class j. */
  readonly confusion?: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] };
  readonly classes?: readonly {
    readonly label: string;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
    readonly support: number;
  }[];
  readonly roc?: readonly Roc[];
  readonly calibration?: readonly CalibrationBin[];
  /** Of numbers: up to 2,000 rows, evenly spaced. */
  readonly residuals?: { readonly actual: readonly number[]; readonly predicted: readonly number[] };
}

export interface Histogram {
  readonly layer: string;
  /** One more than there are counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** Element i of a curve is that of epoch (i + 1) * every; the last one is always that of the last epoch. */
export interface RunHistory {
  readonly loss: readonly number[];
  readonly validationLoss?: readonly number[];
  readonly learningRate: readonly number[];
  readonly epochs: number;
  readonly every: number;
  readonly bestEpoch?: number;
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
  readonly schema: Schema;
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
  readonly history: RunHistory;
  /** On the rows that were held out; else on those of training. */
  readonly evaluation: {
    readonly on: 'validation' | 'training';
    readonly rows: number;
    readonly metrics: Readonly<Record<string, number>>;
  };
  readonly version: string;
  readonly contractVersion: number;
}

/** All of it: what the report shows. */
export interface Run {
  readonly notes: RunNotes;
  readonly model: {
    readonly file?: string;
    readonly bytes: number;
    /** Of the file. */
    readonly sha256: string;
    /** Of the parameters' bits. */
    readonly parametersSha256: string;
  };
  readonly evaluation: Evaluation;
  readonly weights: readonly Histogram[];
  /** Mean of |d output / d input| over rows, by column of the file, greatest first. */
  readonly saliency: readonly { readonly column: string; readonly value: number }[];
  readonly machine: {
    readonly runtime: string;
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly simd: boolean;
  };
  readonly ran: { readonly backend: string; readonly threads: number; readonly where: string };
  /** `scan`, `encode`, `train`, `evaluate`. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly date: string;
}
