export function limit_f64(n: usize): f64 {
  let c0 = f64x2.splat(1), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 = c0;
  const x = f64x2.splat(0.999), y = f64x2.splat(0.001);
  for (let i: usize = 0; i < n; i++) {
    c0 = f64x2.add(f64x2.mul(c0, x), y);
    c1 = f64x2.add(f64x2.mul(c1, x), y);
    c2 = f64x2.add(f64x2.mul(c2, x), y);
    c3 = f64x2.add(f64x2.mul(c3, x), y);
    c4 = f64x2.add(f64x2.mul(c4, x), y);
    c5 = f64x2.add(f64x2.mul(c5, x), y);
    c6 = f64x2.add(f64x2.mul(c6, x), y);
    c7 = f64x2.add(f64x2.mul(c7, x), y);
    c8 = f64x2.add(f64x2.mul(c8, x), y);
    c9 = f64x2.add(f64x2.mul(c9, x), y);
    c10 = f64x2.add(f64x2.mul(c10, x), y);
    c11 = f64x2.add(f64x2.mul(c11, x), y);
  }
  c0 = f64x2.add(f64x2.add(f64x2.add(c0, c1), f64x2.add(c2, c3)), f64x2.add(f64x2.add(c4, c5), f64x2.add(c6, c7)));
  c0 = f64x2.add(c0, f64x2.add(f64x2.add(c8, c9), f64x2.add(c10, c11)));
  return f64x2.extract_lane(c0, 0) + f64x2.extract_lane(c0, 1);
}
