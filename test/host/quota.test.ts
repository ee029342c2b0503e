import { expect, test } from 'vitest';
import { quotaBy } from '../../src/host/quota.js';

const of = (files: Record<string, string>) =>
  quotaBy((path) => {
    if (path in files) return files[path];
    throw new Error(`no file ${path}`);
  });

test.each([
  ['no control groups', {}, Infinity],
  ['no limit', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, Infinity],
  ['a container of version 2', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '150000 100000\n' }, 1.5],
  [
    'a group within one that has less',
    {
      '/proc/self/cgroup': '0::/a.slice/b\n',
      '/sys/fs/cgroup/a.slice/b/cpu.max': '400000 100000\n',
      '/sys/fs/cgroup/a.slice/cpu.max': '200000 100000\n',
    },
    2,
  ],
  [
    'a container of version 1, which sees its group as the root, and its path on the machine',
    {
      '/proc/self/cgroup': '4:memory:/docker/1\n3:cpu,cpuacct:/docker/1\n0::/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    0.5,
  ],
  [
    'version 1 without a limit',
    {
      '/proc/self/cgroup': '3:cpu:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
    Infinity,
  ],
  ['what is none', { '/proc/self/cgroup': '0::/\nx\n', '/sys/fs/cgroup/cpu.max': 'a b c\n' }, Infinity],
])('%s', (_, files, expected) => {
  expect(of(files)).toBe(expected);
});
