// Files on a disk as places, which are told by paths.

import { host, shown } from '../host/file-system.js';
import { realTarget, removeLeftovers, whyNotWritable, withFile, writeFileAtomic } from './files.js';
import { acquireLock, type Lock, renewLock } from './lock.js';
import { type Claim, type Place, refusePlace } from './place.js';

/** Where the file really is. @throws {ValueError} saying why no file can be written there */
async function prepare(path: string, option: string): Promise<string> {
  const here = await host();
  const target = await realTarget(path);
  const folder = here.path.dirname(target);
  try {
    await here.fs.readdir(folder);
  } catch (cause) {
    refusePlace(option, shown(path), `the folder ${shown(folder)} cannot be read`, cause);
  }
  const stats = await here.fs.stat(target).catch(() => undefined); // there is none yet
  if (stats && !stats.isFile()) {
    refusePlace(option, shown(path), stats.isDirectory() ? 'that is a folder' : 'that is no file');
  }
  return target;
}

async function claim(given: string, keep: 1 | 2, option: string): Promise<Claim> {
  const locks: Lock[] = [];
  const release = async () => {
    for (const lock of locks.splice(0)) await lock.release();
  };
  try {
    const path = await prepare(given, option);
    locks.push(await acquireLock(path));
    // Where the file before it goes must not be another training's.
    if (keep === 2) locks.push(await acquireLock(`${path}.1`));
    for (const each of keep === 2 ? [path, `${path}.1`] : [path]) await removeLeftovers(each);
    return { where: path, lock: locks[0].token, release };
  } catch (cause) {
    await release();
    const reason = whyNotWritable(cause);
    if (reason === undefined) throw cause;
    return refusePlace(option, shown(given), reason, cause);
  }
}

export const diskPlace = (path: string): Place => ({
  name: shown(path),
  read: (use) => withFile(path, use),
  async write(content, held) {
    if (!held) return writeFileAtomic(path, content);
    const renew = () => renewLock(path, held.lock);
    await renew();
    await writeFileAtomic(path, content, { keep: held.keep, locked: true, beforeRename: renew });
  },
  claim: (keep, option) => claim(path, keep, option),
  generations: async () => [path, `${path}.1`].map(diskPlace),
});
