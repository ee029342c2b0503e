// Steps of optimizers and the check of gradients, once for both dtypes.

import type { TrainingKernels } from '../../kernels/training.js';
import type { Format } from './format.js';

export function optimizers({ view, shift, f }: Format) {
  const variance = (v: number, m: number) => {
    const d = f(v - f(m * m));
    return d < 0 ? 0 : d;
  };
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
    rmsprop_centered(n, rate, rho, epsilon, g, v, m, p) {
      const x = view();
      const [g0, v0, m0, p0] = [g >>> shift, v >>> shift, m >>> shift, p >>> shift];
      const [r, b, c, e] = [f(rate), f(rho), f(1 - rho), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[v0 + i] = f(b * x[v0 + i]) + f(c * f(gradient * gradient));
        x[m0 + i] = f(b * x[m0 + i]) + f(c * gradient);
        const size = f(f(Math.sqrt(variance(x[v0 + i], x[m0 + i]))) + e);
        x[p0 + i] -= f(f(r * gradient) / size);
      }
    },
    rmsprop_centered_momentum(n, rate, rho, momentum, epsilon, g, v, b, m, p) {
      const x = view();
      const [g0, v0, b0, m0, p0] = [g >>> shift, v >>> shift, b >>> shift, m >>> shift, p >>> shift];
      const [r, a, keep, c, e] = [f(rate), f(momentum), f(rho), f(1 - rho), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[v0 + i] = f(keep * x[v0 + i]) + f(c * f(gradient * gradient));
        x[m0 + i] = f(keep * x[m0 + i]) + f(c * gradient);
        const size = f(f(Math.sqrt(variance(x[v0 + i], x[m0 + i]))) + e);
        x[b0 + i] = f(a * x[b0 + i]) + f(gradient / size);
        x[p0 + i] -= f(r * x[b0 + i]);
      }
    },
    adadelta(n, rate, rho, epsilon, g, v, b, p) {
      const x = view();
      const [g0, v0, b0, p0] = [g >>> shift, v >>> shift, b >>> shift, p >>> shift];
      const [r, keep, c, e] = [f(rate), f(rho), f(1 - rho), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[v0 + i] = f(keep * x[v0 + i]) + f(c * f(gradient * gradient));
        const ratio = f(f(Math.sqrt(f(x[b0 + i] + e))) / f(Math.sqrt(f(x[v0 + i] + e))));
        const delta = f(ratio * gradient);
        x[b0 + i] = f(keep * x[b0 + i]) + f(c * f(delta * delta));
        x[p0 + i] -= f(r * delta);
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
    adam_amsgrad(n, rate, beta1, beta2, epsilon, g, m, v, largest, p) {
      const x = view();
      const [g0, m0, v0, x0, p0] = [g >>> shift, m >>> shift, v >>> shift, largest >>> shift, p >>> shift];
      const [r, a, b, ca, cb, e] = [f(rate), f(beta1), f(beta2), f(1 - beta1), f(1 - beta2), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[m0 + i] = f(a * x[m0 + i]) + f(ca * gradient);
        x[v0 + i] = f(b * x[v0 + i]) + f(cb * f(gradient * gradient));
        if (!(x[x0 + i] > x[v0 + i])) x[x0 + i] = x[v0 + i];
        x[p0 + i] -= f(f(r * x[m0 + i]) / f(f(Math.sqrt(x[x0 + i])) + e));
      }
    },
    adamax(n, rate, beta1, beta2, epsilon, g, m, v, p) {
      const x = view();
      const [g0, m0, v0, p0] = [g >>> shift, m >>> shift, v >>> shift, p >>> shift];
      const [r, a, b, ca, e] = [f(rate), f(beta1), f(beta2), f(1 - beta1), f(epsilon)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        const size = f(Math.abs(gradient) + e);
        const kept = f(b * x[v0 + i]);
        x[m0 + i] = f(a * x[m0 + i]) + f(ca * gradient);
        x[v0 + i] = size < kept ? kept : size;
        x[p0 + i] -= f(f(r * x[m0 + i]) / x[v0 + i]);
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
    adamw_amsgrad(n, rate, beta1, beta2, epsilon, root, keep, g, m, v, largest, p) {
      const x = view();
      const [g0, m0, v0, x0, p0] = [g >>> shift, m >>> shift, v >>> shift, largest >>> shift, p >>> shift];
      const [r, a, b, ca, cb, e] = [f(rate), f(beta1), f(beta2), f(1 - beta1), f(1 - beta2), f(epsilon)];
      const [c, k] = [f(root), f(keep)];
      for (let i = 0; i < n; i++) {
        const gradient = x[g0 + i];
        x[m0 + i] = f(a * x[m0 + i]) + f(ca * gradient);
        x[v0 + i] = f(b * x[v0 + i]) + f(cb * f(gradient * gradient));
        if (!(x[x0 + i] > x[v0 + i])) x[x0 + i] = x[v0 + i];
        const size = f(f(f(Math.sqrt(x[x0 + i])) / c) + e);
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
        x[p0 + i] = f(k * x[p0 + i]) - (mixed > 0 ? r : mixed < 0 ? -r : mixed);
      }
    },
    finite(n, x) {
      const values = view();
      const x0 = x >>> shift;
      for (let i = 0; i < n; i++) if (!Number.isFinite(values[x0 + i])) return 0;
      return 1;
    },
  } satisfies Partial<TrainingKernels>;
}
