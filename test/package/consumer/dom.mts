// Compiled like consumer.mts, where the library for the web is: what browsers have for files is what bitgrad takes.

import { network } from 'bitgrad';
import { load, type Saveable, save, toBytes } from 'bitgrad/model';

export async function keep(model: Saveable, handle: FileSystemFileHandle, input: File): Promise<Blob> {
  await save(model, handle);
  await load(handle);
  await load(input);
  const net = network({ inputs: 1, layers: [1] });
  await net.fit([[1]], [2], { checkpoint: { path: handle, keep: 2, resume: true } });
  return new Blob([toBytes(net)]);
}

// @ts-expect-error what was read cannot be written to
save(network({ inputs: 1, layers: [1] }), new Blob([]));
// @ts-expect-error a folder is no file
load(await navigator.storage.getDirectory());
