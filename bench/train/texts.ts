// Texts from end to end, in a program that does nothing else: once as sparse rows, once with their zeros.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Result, Row } from '../result.js';

const PROGRAM = fileURLToPath(new URL('spam.mjs', import.meta.url));

/** So many that dense rows fit, too. */
const COLUMNS = 2 ** 13;
/** Where they do not: 6 GB of them. */
const MANY = 2 ** 18;

interface Learnt {
  readonly mails: number;
  readonly density: number;
  /** Seconds: texts to rows, training, texts of the test to labels. */
  readonly read: number;
  readonly fitted: number;
  readonly tested: number;
  readonly accuracy: number;
  readonly loss: number;
  readonly peakBytes: number;
}

function learn(nFeatures: number, epochs: number, dense: boolean): Learnt {
  const args = [PROGRAM, JSON.stringify({ nFeatures, epochs, dense })];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${PROGRAM}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

/** How long training takes; what is right, and the memory of the whole program. */
export function trainTexts(name: string, epochs: number): Result {
  const [sparse, dense] = [learn(COLUMNS, epochs, false), learn(COLUMNS, epochs, true)];
  if (sparse.loss !== dense.loss || sparse.accuracy !== dense.accuracy) {
    throw new Error(`the loss of sparse rows is ${sparse.loss}, that of dense ones ${dense.loss}`);
  }
  const row = (subject: string, { read, fitted, tested, accuracy, density, peakBytes }: Learnt): Row => ({
    subject,
    ms: 1000 * fitted,
    note:
      `${(100 * accuracy).toFixed(1)} % right, density ${(100 * density).toFixed(2)} %, ${(peakBytes / 1e6).toFixed(0)} MB; ` +
      `${read.toFixed(2)} s to read and hash, ${tested.toFixed(2)} s to test`,
  });
  const rows = [row('sparse', sparse), row('dense', dense)];
  if (epochs > 1) rows.push(row(`sparse, ${MANY} columns`, learn(MANY, epochs, false)));
  const ms = Object.fromEntries(rows.map(({ subject, ms }) => [subject, ms as number]));
  const { accuracy, peakBytes } = sparse;
  const figures = { accuracy, memory: dense.peakBytes / peakBytes };
  return { name, dtype: 'f32', mode: '', unit: 'time', amount: 1, ms, rows, figures };
}
