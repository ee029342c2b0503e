// The training kernels in TypeScript, once for both dtypes: the readable reference, over any linear memory.

import { type Format, named, rounding } from '../../backend/ts/format.js';
import type { Memory } from '../../kernels/kernels.js';
import type { TrainingKernelSet, TrainingKernels } from '../kernels.js';

function optimizers({ view, shift, f }: Format): TrainingKernelSet {
  return {
    momentum(n, rate, momentum, g, v, p) {
      const x = view();
      const [g0, v0, p0] = [g >>> shift, v >>> shift, p >>> shift];
      const [r, a] = [f(rate), f(momentum)];
      for (let i = 0; i < n; i++) {
        x[v0 + i] = f(a * x[v0 + i]) - f(r * x[g0 + i]);
        x[p0 + i] += x[v0 + i];
      }
    },
    nesterov(n, rate, momentum, g, v, p) {
      const x = view();
      const [g0, v0, p0] = [g >>> shift, v >>> shift, p >>> shift];
      const [r, a] = [f(rate), f(momentum)];
      for (let i = 0; i < n; i++) {
        const scaled = f(r * x[g0 + i]);
        x[v0 + i] = f(a * x[v0 + i]) - scaled;
        x[p0 + i] += f(f(a * x[v0 + i]) - scaled);
      }
    },
    adagrad(n, rate, epsilon, g, s, p) {
      const x = view();
      const [g0, s0, p0] = [g >>> shift, s >>> shift, p >>> shift];
      const [r, e] = [f(rate), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[s0 + i] += f(gradient * gradient);
        x[p0 + i] -= f(f(r * gradient) / f(f(Math.sqrt(x[s0 + i])) + e));
      }
    },
    rmsprop(n, rate, rho, epsilon, g, v, p) {
      const x = view();
      const [g0, v0, p0] = [g >>> shift, v >>> shift, p >>> shift];
      const [r, b, c, e] = [f(rate), f(rho), f(1 - rho), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[v0 + i] = f(b * x[v0 + i]) + f(c * f(gradient * gradient));
        x[p0 + i] -= f(f(r * gradient) / f(f(Math.sqrt(x[v0 + i])) + e));
      }
    },
    rmsprop_momentum(n, rate, rho, momentum, epsilon, g, v, b, p) {
      const x = view();
      const [g0, v0, b0, p0] = [g >>> shift, v >>> shift, b >>> shift, p >>> shift];
      const [r, a, keep, c, e] = [f(rate), f(momentum), f(rho), f(1 - rho), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[v0 + i] = f(keep * x[v0 + i]) + f(c * f(gradient * gradient));
        x[b0 + i] = f(a * x[b0 + i]) + f(gradient / f(f(Math.sqrt(x[v0 + i])) + e));
        x[p0 + i] -= f(r * x[b0 + i]);
      }
    },
    adam(n, rate, beta1, beta2, epsilon, g, m, v, p) {
      const x = view();
      const [g0, m0, v0, p0] = [g >>> shift, m >>> shift, v >>> shift, p >>> shift];
      const [r, a, b, ca, cb, e] = [f(rate), f(beta1), f(beta2), f(1 - beta1), f(1 - beta2), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[m0 + i] = f(a * x[m0 + i]) + f(ca * gradient);
        x[v0 + i] = f(b * x[v0 + i]) + f(cb * f(gradient * gradient));
        x[p0 + i] -= f(f(r * x[m0 + i]) / f(f(Math.sqrt(x[v0 + i])) + e));
      }
    },
    adamw(n, rate, beta1, beta2, epsilon, root, keep, g, m, v, p) {
      const x = view();
      const [g0, m0, v0, p0] = [g >>> shift, m >>> shift, v >>> shift, p >>> shift];
      const [r, a, b, ca, cb, e] = [f(rate), f(beta1), f(beta2), f(1 - beta1), f(1 - beta2), f(epsilon)];
      const [c, k] = [f(root), f(keep)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[m0 + i] = f(a * x[m0 + i]) + f(ca * gradient);
        x[v0 + i] = f(b * x[v0 + i]) + f(cb * f(gradient * gradient));
        const size = f(f(f(Math.sqrt(x[v0 + i])) / c) + e);
        x[p0 + i] = f(k * x[p0 + i]) - f(r * f(x[m0 + i] / size));
      }
    },
    nadam(n, current, next, beta1, beta2, epsilon, root, g, m, v, p) {
      const x = view();
      const [g0, m0, v0, p0] = [g >>> shift, m >>> shift, v >>> shift, p >>> shift];
      const [r, k, a, b, ca, cb] = [f(current), f(next), f(beta1), f(beta2), f(1 - beta1), f(1 - beta2)];
      const [e, c] = [f(epsilon), f(root)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[m0 + i] = f(a * x[m0 + i]) + f(ca * gradient);
        x[v0 + i] = f(b * x[v0 + i]) + f(cb * f(gradient * gradient));
        const size = f(f(f(Math.sqrt(x[v0 + i])) / c) + e);
        x[p0 + i] -= f(f(f(r * gradient) + f(k * x[m0 + i])) / size);
      }
    },
    lion(n, rate, beta1, beta2, keep, g, m, p) {
      const x = view();
      const [g0, m0, p0] = [g >>> shift, m >>> shift, p >>> shift];
      const [r, a, b, ca, cb, k] = [f(rate), f(beta1), f(beta2), f(1 - beta1), f(1 - beta2), f(keep)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        const mixed = f(a * x[m0 + i]) + f(ca * gradient);
        x[m0 + i] = f(b * x[m0 + i]) + f(cb * gradient);
        x[p0 + i] = f(k * x[p0 + i]) - f(r * Math.sign(mixed));
      }
    },
    clip(n, limit, g) {
      const x = view();
      const g0 = g >>> shift;
      const high = f(limit);
      for (let i = 0; i < n; i++) {
        const value = x[g0 + i];
        x[g0 + i] = value > high ? high : value < -high ? -high : value;
      }
    },
    finite(n, x) {
      const values = view();
      const x0 = x >>> shift;
      for (let i = 0; i < n; i++) if (!Number.isFinite(values[x0 + i])) return 0;
      return 1;
    },
  };
}

export function createTrainingKernels(memory: Memory): TrainingKernels {
  const f64: Format<Float64Array> = { view: () => memory.f64, shift: 3, f: rounding(false) };
  const f32: Format<Float32Array> = { view: () => memory.f32, shift: 2, f: rounding(true) };
  let words = new Int32Array(memory.f64.buffer);
  return {
    ...named(optimizers(f64), 'f64'),
    ...named(optimizers(f32), 'f32'),
    gather(rows, bytes, indices, x, y) {
      // As integers: a number that is moved may be changed, if it is NaN.
      if (words.buffer !== memory.f64.buffer) words = new Int32Array(memory.f64.buffer);
      const cols = bytes >>> 2;
      const [i0, x0, y0] = [indices >>> 2, x >>> 2, y >>> 2];
      for (let i = 0; i < rows; i++) {
        const from = x0 + words[i0 + i] * cols;
        for (let j = 0; j < cols; j++) words[y0 + i * cols + j] = words[from + j];
      }
    },
  };
}
