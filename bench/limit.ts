// The 128-bit limit (AssemblyScript): `n` passes of multiplications and additions that touch registers alone, unfused as
// the contract has them. Which shape reaches the limit depends on the core's latencies and ports, so there are several
// and the best one counts. x and y are parameters because V8 rebuilds a constant vector in every pass of a loop.

// @ts-ignore: decorator
@inline
function madd<T>(c: v128, x: v128, y: v128): v128 {
  return v128.add<T>(v128.mul<T>(c, x), y);
}

// @ts-ignore: decorator
@inline
function sum4<T>(a: v128, b: v128, c: v128, d: v128): v128 {
  return v128.add<T>(v128.add<T>(a, b), v128.add<T>(c, d));
}

/** 8 chains c = c * x + y, twice: 16 multiply-adds a pass. */
function chains8<T>(n: usize, x0: T, y0: T): T {
  const x = v128.splat<T>(x0), y = v128.splat<T>(y0);
  let a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x;
  for (; n > 0; n--) {
    a = madd<T>(a, x, y); b = madd<T>(b, x, y); c = madd<T>(c, x, y); d = madd<T>(d, x, y);
    e = madd<T>(e, x, y); f = madd<T>(f, x, y); g = madd<T>(g, x, y); h = madd<T>(h, x, y);
    a = madd<T>(a, x, y); b = madd<T>(b, x, y); c = madd<T>(c, x, y); d = madd<T>(d, x, y);
    e = madd<T>(e, x, y); f = madd<T>(f, x, y); g = madd<T>(g, x, y); h = madd<T>(h, x, y);
  }
  return v128.extract_lane<T>(v128.add<T>(sum4<T>(a, b, c, d), sum4<T>(e, f, g, h)), 0);
}

/** 10 chains, twice: 20 multiply-adds a pass. */
function chains10<T>(n: usize, x0: T, y0: T): T {
  const x = v128.splat<T>(x0), y = v128.splat<T>(y0);
  let a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
  for (; n > 0; n--) {
    a = madd<T>(a, x, y); b = madd<T>(b, x, y); c = madd<T>(c, x, y); d = madd<T>(d, x, y); e = madd<T>(e, x, y);
    f = madd<T>(f, x, y); g = madd<T>(g, x, y); h = madd<T>(h, x, y); i = madd<T>(i, x, y); j = madd<T>(j, x, y);
    a = madd<T>(a, x, y); b = madd<T>(b, x, y); c = madd<T>(c, x, y); d = madd<T>(d, x, y); e = madd<T>(e, x, y);
    f = madd<T>(f, x, y); g = madd<T>(g, x, y); h = madd<T>(h, x, y); i = madd<T>(i, x, y); j = madd<T>(j, x, y);
  }
  return v128.extract_lane<T>(v128.add<T>(sum4<T>(a, b, c, d), sum4<T>(sum4<T>(e, f, g, h), i, j, x)), 0);
}

/** 12 chains, twice: 24 multiply-adds a pass. */
function chains12<T>(n: usize, x0: T, y0: T): T {
  const x = v128.splat<T>(x0), y = v128.splat<T>(y0);
  let a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
  for (; n > 0; n--) {
    a = madd<T>(a, x, y); b = madd<T>(b, x, y); c = madd<T>(c, x, y); d = madd<T>(d, x, y);
    e = madd<T>(e, x, y); f = madd<T>(f, x, y); g = madd<T>(g, x, y); h = madd<T>(h, x, y);
    i = madd<T>(i, x, y); j = madd<T>(j, x, y); k = madd<T>(k, x, y); l = madd<T>(l, x, y);
    a = madd<T>(a, x, y); b = madd<T>(b, x, y); c = madd<T>(c, x, y); d = madd<T>(d, x, y);
    e = madd<T>(e, x, y); f = madd<T>(f, x, y); g = madd<T>(g, x, y); h = madd<T>(h, x, y);
    i = madd<T>(i, x, y); j = madd<T>(j, x, y); k = madd<T>(k, x, y); l = madd<T>(l, x, y);
  }
  return v128.extract_lane<T>(sum4<T>(sum4<T>(a, b, c, d), sum4<T>(e, f, g, h), sum4<T>(i, j, k, l), x), 0);
}

/** 6 chains that multiply and 6 that add, twice: as many operations as 12 multiply-adds a pass. */
function split12<T>(n: usize, x0: T, y0: T): T {
  const x = v128.splat<T>(x0), y = v128.splat<T>(y0);
  let a = x, b = x, c = x, d = x, e = x, f = x, g = y, h = y, i = y, j = y, k = y, l = y;
  for (; n > 0; n--) {
    a = v128.mul<T>(a, x); g = v128.add<T>(g, y); b = v128.mul<T>(b, x); h = v128.add<T>(h, y);
    c = v128.mul<T>(c, x); i = v128.add<T>(i, y); d = v128.mul<T>(d, x); j = v128.add<T>(j, y);
    e = v128.mul<T>(e, x); k = v128.add<T>(k, y); f = v128.mul<T>(f, x); l = v128.add<T>(l, y);
    a = v128.mul<T>(a, x); g = v128.add<T>(g, y); b = v128.mul<T>(b, x); h = v128.add<T>(h, y);
    c = v128.mul<T>(c, x); i = v128.add<T>(i, y); d = v128.mul<T>(d, x); j = v128.add<T>(j, y);
    e = v128.mul<T>(e, x); k = v128.add<T>(k, y); f = v128.mul<T>(f, x); l = v128.add<T>(l, y);
  }
  return v128.extract_lane<T>(sum4<T>(sum4<T>(a, b, c, d), sum4<T>(e, f, g, h), sum4<T>(i, j, k, l), x), 0);
}

export function chains8_f64(n: usize, x: f64, y: f64): f64 { return chains8<f64>(n, x, y); }
export function chains8_f32(n: usize, x: f32, y: f32): f32 { return chains8<f32>(n, x, y); }
export function chains10_f64(n: usize, x: f64, y: f64): f64 { return chains10<f64>(n, x, y); }
export function chains10_f32(n: usize, x: f32, y: f32): f32 { return chains10<f32>(n, x, y); }
export function chains12_f64(n: usize, x: f64, y: f64): f64 { return chains12<f64>(n, x, y); }
export function chains12_f32(n: usize, x: f32, y: f32): f32 { return chains12<f32>(n, x, y); }
export function split12_f64(n: usize, x: f64, y: f64): f64 { return split12<f64>(n, x, y); }
export function split12_f32(n: usize, x: f32, y: f32): f32 { return split12<f32>(n, x, y); }
