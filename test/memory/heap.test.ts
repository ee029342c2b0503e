// The heap over a memory that is only counted: ranges never overlap, are aligned, join when freed and are used again.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OutOfMemoryError } from '../../src/checks/errors.js';
import { SLACK } from '../../src/kernels/contract.js';
import type { Memory } from '../../src/kernels/memory.js';
import { Heap } from '../../src/memory/heap.js';

const PAGE = 65536;

class FakeMemory implements Memory {
  readonly f64 = new Float64Array();
  readonly f32 = new Float32Array();
  readonly base: number;
  readonly limit: number;
  byteLength = PAGE;
  growths = 0;

  constructor(base = 1000, limit = Infinity) {
    this.base = base;
    this.limit = limit;
  }

  grow(bytes: number): void {
    if (bytes > this.limit) throw new OutOfMemoryError(`${bytes}`);
    this.growths++;
    this.byteLength = Math.ceil(bytes / PAGE) * PAGE;
  }
}

/** Allocate so many bytes, or free the n-th of what is alive. */
const steps = fc.array(
  fc.oneof(fc.record({ bytes: fc.nat(5000) }), fc.record({ bytes: fc.nat(200_000) }), fc.record({ free: fc.nat() })),
  { maxLength: 120 },
);

test('ranges are aligned, apart, inside memory; all freed, the heap is as new', () => {
  const property = fc.property(steps, fc.nat(5000), (plan, base) => {
    const memory = new FakeMemory(base);
    const heap = new Heap(memory);
    const first = Math.ceil(base / 64) * 64;
    const alive: { start: number; end: number }[] = [];
    for (const step of plan) {
      if ('bytes' in step) {
        const start = heap.allocate(step.bytes);
        const end = start + Math.max(1, step.bytes); // an empty range has an address of its own too
        expect(start % 64).toBe(0);
        expect(start).toBeGreaterThanOrEqual(first);
        expect(end + SLACK).toBeLessThanOrEqual(memory.byteLength);
        for (const other of alive) expect(start < other.end && other.start < end).toBe(false);
        alive.push({ start, end });
      } else if (alive.length > 0) {
        heap.release(alive.splice(step.free % alive.length, 1)[0].start);
      }
    }
    for (const { start } of alive) heap.release(start);
    // Were a hole left anywhere, this would not fit below the old end, less what kernels may load behind it.
    const before = memory.byteLength;
    expect(heap.allocate(before - first - SLACK)).toBe(first);
    expect(memory.byteLength).toBe(before);
  });
  fc.assert(property, { numRuns: 300 });
});

describe('freed ranges', () => {
  test.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])('join in whatever order they are freed: %i, %i, %i', (...order) => {
    const heap = new Heap(new FakeMemory());
    const ranges = [heap.allocate(100), heap.allocate(100), heap.allocate(100)];
    const fence = heap.allocate(64);
    for (const i of order) heap.release(ranges[i]);
    expect(heap.allocate(3 * 128)).toBe(ranges[0]);
    expect(heap.allocate(64)).toBe(fence + 64);
  });

  test('are used first fit', () => {
    const heap = new Heap(new FakeMemory());
    const [large, , small] = [heap.allocate(640), heap.allocate(64), heap.allocate(64), heap.allocate(64)];
    heap.release(large);
    heap.release(small);
    expect(heap.allocate(64)).toBe(large);
    expect(heap.allocate(576)).toBe(large + 64);
    expect(heap.allocate(64)).toBe(small);
  });
});

test('memory grows by a quarter more than needed, so many small ranges grow it seldom', () => {
  const memory = new FakeMemory();
  const heap = new Heap(memory);
  for (let i = 0; i < 100_000; i++) heap.allocate(64);
  // From 64 KiB to 6.4 MB by at least a quarter and a whole page each time: log(98) / log(1.25) = 21.
  expect(memory.growths).toBeLessThanOrEqual(21);
  expect(memory.byteLength).toBeLessThan(1.25 * (6_400_000 + 1000) + PAGE);
});

test('where a quarter more is refused, just enough is asked for; where that is refused, nothing has changed', () => {
  const memory = new FakeMemory(64, 9 * PAGE);
  const heap = new Heap(memory);
  heap.allocate(7.5 * PAGE);
  expect(memory.byteLength).toBe(8 * PAGE);
  const last = heap.allocate(PAGE);
  expect(memory.byteLength).toBe(9 * PAGE);
  expect(() => heap.allocate(PAGE)).toThrow(OutOfMemoryError);
  expect(memory.byteLength).toBe(9 * PAGE);
  expect(heap.allocate(0.4 * PAGE)).toBe(last + PAGE);
});

test('the limit is just under 4 GiB whatever the memory would grant', () => {
  const memory = new FakeMemory(64);
  const heap = new Heap(memory);
  const message =
    '4294967296 more bytes do not fit: linear memory ends at 4294901760 bytes (just under 4 GiB), 64 of them in use';
  expect(() => heap.allocate(2 ** 32)).toThrow(message);
  expect(() => heap.allocate(1e300)).toThrow(OutOfMemoryError);
  expect(memory.growths).toBe(0);
  expect(heap.allocate(65535 * PAGE - 64 - SLACK)).toBe(64);
  expect(() => heap.allocate(1)).toThrow(OutOfMemoryError);
});
