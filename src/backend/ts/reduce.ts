// Sums over one block in 16 lanes (contract rule 4).

import type { View } from './format.js';

const { fround } = Math;

/** Combines lane l with l + 8, then l + 4, l + 2, l + 1. */
function combine(lanes: View): number {
  for (let width = 8; width > 0; width >>= 1) {
    for (let l = 0; l < width; l++) lanes[l] += lanes[l + width]; // a Float32Array rounds as it stores
  }
  return lanes[0];
}

export function asum(v: View, lanes: View, n: number, x: number): number {
  lanes.fill(0);
  for (let i = 0; i < n; i++) lanes[i & 15] += Math.abs(v[x + i]);
  return combine(lanes);
}

export function dot(v: Float64Array, lanes: Float64Array, n: number, x: number, y: number): number {
  lanes.fill(0);
  for (let i = 0; i < n; i++) lanes[i & 15] += v[x + i] * v[y + i];
  return combine(lanes);
}

export function squaredError(v: Float64Array, lanes: Float64Array, n: number, x: number, y: number): number {
  lanes.fill(0);
  for (let i = 0; i < n; i++) {
    const d = v[x + i] - v[y + i];
    lanes[i & 15] += d * d;
  }
  return combine(lanes);
}

export function dotF32(v: Float32Array, lanes: Float32Array, n: number, x: number, y: number): number {
  lanes.fill(0);
  for (let i = 0; i < n; i++) lanes[i & 15] += fround(v[x + i] * v[y + i]);
  return combine(lanes);
}

export function squaredErrorF32(v: Float32Array, lanes: Float32Array, n: number, x: number, y: number): number {
  lanes.fill(0);
  for (let i = 0; i < n; i++) {
    const d = fround(v[x + i] - v[y + i]);
    lanes[i & 15] += fround(d * d);
  }
  return combine(lanes);
}
