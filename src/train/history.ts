// What a training reports, and what it leaves behind.

/** After a batch. */
export interface BatchReport {
  /** From 1. */
  readonly epoch: number;
  /** From 1. */
  readonly batch: number;
  /** Batches in an epoch, where that is known. */
  readonly batches: number | undefined;
  readonly loss: number;
  readonly learningRate: number;
}

/** After an epoch. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** The mean over the epoch's batches, each as it was met, with penalties. */
  readonly loss: number;
  /** Without penalties, after the epoch. */
  readonly validationLoss?: number;
  /** Those asked for, and `validation...` of each. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Of the last batch. */
  readonly learningRate: number;
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly seconds: number;
  /** Estimated seconds to the last epoch. */
  readonly etaSeconds: number;
}

/** `functionCalls`: lbfgs used up its evaluations; `converged`: it found nothing to improve. */
export type StopReason = 'epochs' | 'earlyStopping' | 'callback' | 'learningRate' | 'functionCalls' | 'converged';

/** Every curve of a training, an element for each epoch. */
export interface History {
  readonly loss: number[];
  readonly validationLoss: number[];
  readonly metrics: Record<string, number[]>;
  readonly learningRate: number[];
  readonly seconds: number[];
  /** Epochs done. */
  epochs: number;
  /** Why it ended. */
  stopReason: StopReason;
  /** The best epoch, from 1, of the curve that was watched; 0 if none was. */
  bestEpoch: number;
  /** That curve there. */
  best: number;
}

export function newHistory(): History {
  return {
    loss: [],
    validationLoss: [],
    metrics: {},
    learningRate: [],
    seconds: [],
    epochs: 0,
    stopReason: 'epochs',
    bestEpoch: 0,
    best: Number.NaN,
  };
}

export function record(history: History, report: EpochReport): void {
  history.loss.push(report.loss);
  if (report.validationLoss !== undefined) history.validationLoss.push(report.validationLoss);
  for (const [name, value] of Object.entries(report.metrics)) {
    history.metrics[name] ??= [];
    history.metrics[name].push(value);
  }
  history.learningRate.push(report.learningRate);
  history.seconds.push(report.seconds);
  history.epochs = report.epoch;
}
