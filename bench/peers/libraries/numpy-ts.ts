// numpy-ts, on one thread.

import { packageVersion } from '../packages.js';

/** @typeParam Np the part that is used: it need not be installed to check types */
export async function loadNumpyTs<Np>(): Promise<{ np: Np; version: string }> {
  const name = 'numpy-ts';
  return { np: await import(name), version: `${packageVersion(name)}, one thread` };
}
