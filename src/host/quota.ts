// How much of the machine's processors a container lets a process have: hosts tell how many there are (Node 20 does not ask).

import { builtin, isNode } from './runtime.js';

type Read = (path: string) => string;

/** A group and those that it is in: of /a/b that, /a, and the root, where a container sees its own group. */
function upwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, i) => `/${names.slice(0, names.length - i).join('/')}`).concat('');
}

/** The numbers of files of Linux's control groups: how much time, and of how much; undefined where there is no limit. */
function limitOf(read: () => string): number | undefined {
  try {
    const [time, period] = read().split(/\s+/).map(Number);
    return time > 0 && period > 0 ? time / period : undefined;
  } catch {
    return undefined;
  }
}

/** @param read what stands in a file; it may throw @returns processors, not always whole ones; Infinity without a limit @internal */
export function quotaBy(read: Read): number {
  let groups: string;
  try {
    groups = read('/proc/self/cgroup');
  } catch {
    return Infinity;
  }
  const limits = groups.split('\n').flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === '') return upwards(path).map((at) => limitOf(() => read(`/sys/fs/cgroup${at}/cpu.max`)));
    if (!controllers.split(',').includes('cpu')) return [];
    return upwards(path).map((at) => {
      const file = (name: string) => read(`/sys/fs/cgroup/cpu${at}/cpu.cfs_${name}_us`).trim();
      return limitOf(() => `${file('quota')} ${file('period')}`);
    });
  });
  return limits.reduce<number>((least, limit) => Math.min(least, limit ?? Infinity), Infinity);
}

let known: number | undefined;

/** How many processors' time this process may have. Of Linux, in Node and Bun: Deno would ask whether it may read. */
export function quota(): number {
  if (known !== undefined) return known;
  known = Infinity;
  const fs =
    isNode() && !('Deno' in globalThis) ? builtin<{ readFileSync(path: string, as: 'utf8'): string }>('fs') : undefined;
  if (fs) known = quotaBy((path) => fs.readFileSync(path, 'utf8'));
  return known;
}
