// What the model of scaling takes from elsewhere: machines that are not this one.

/**
 * GB/s of machines with so many cores, about four fifths of what their memory has by name: two channels of DDR5-4800 (77 GB/s), two
 * of DDR5-6400 (102), eight of DDR5-4800 (307). Up to two threads what was measured here counts.
 */
const MEMORY: readonly (readonly [cores: number, gigabytes: number])[] = [
  [8, 60],
  [16, 80],
  [64, 250],
];

/** The numbers of threads that the model is asked for. */
export const MODELLED = [2, ...MEMORY.map(([cores]) => cores)];

export function bandwidthAt(threads: number, [one, two]: readonly [one: number, two: number]): number {
  if (threads < 2) return one;
  return MEMORY.find(([cores]) => cores === threads)?.[1] ?? two;
}
