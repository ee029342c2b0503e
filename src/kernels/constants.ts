// The constants of exp and log, for both backends: the AssemblyScript compiler reads this file too, so it holds plain numbers.
//
// exp(x) = 2^k * exp(r) with k = round(x / ln 2) and |r| <= ln(2)/2, the reduction of Cody and Waite (1980): ln 2 is split
// so that k * LN2_HIGH is exact for every k. exp(r) = 1 + (r + r^2 q(r)); q is the minimax polynomial of degree 9 (f64,
// relative error 3.7e-18) or 4 (f32, 3.1e-9), found by the Remez algorithm in 60 digits. Which order the operations take
// stands in backend/ts/exp.ts.

export const LOG2_E = 1.4426950408889634;

/** Adding and subtracting 1.5 * 2^52 (2^23) rounds to an integer, which stands in the low bits of the sum. */
export const ROUND_F64 = 6755399441055744.0;
export const ROUND_F32 = 12582912.0;

/** The same plus the exponent's bias: the low bits of k + SCALE, shifted to the exponent's place, are 2^k. */
export const SCALE_F64 = 6755399441056767.0;
export const SCALE_F32 = 12583039.0;

/** Beyond these exp is Infinity or 0 whatever the argument. */
export const EXP_MAX_F64 = 710.0;
export const EXP_MIN_F64 = -746.0;
export const EXP_MAX_F32 = 89.0;
export const EXP_MIN_F32 = -104.0;

/** As log cosh takes it away. */
export const LN2 = 0.6931471805599453;
/** ln 2 to 40 bits, and the rest. */
export const LN2_HIGH_F64 = 0.6931471805592082;
export const LN2_LOW_F64 = 7.371002565167799e-13;
/** ln 2 to 15 bits, and the rest. */
export const LN2_HIGH_F32 = 0.693145751953125;
export const LN2_LOW_F32 = 1.428606765330187e-6;

export const Q0_F64 = 0.5000000000000011;
export const Q1_F64 = 0.16666666666666413;
export const Q2_F64 = 0.04166666666653017;
export const Q3_F64 = 0.008333333333494446;
export const Q4_F64 = 0.0013888888943627284;
export const Q5_F64 = 0.00019841269506603288;
export const Q6_F64 = 2.4801493101955578e-5;
export const Q7_F64 = 2.755758636039974e-6;
export const Q8_F64 = 2.7630247274859504e-7;
export const Q9_F64 = 2.50000633795847e-8;

export const Q0_F32 = 0.499999934482568;
export const Q1_F32 = 0.1666652063241131;
export const Q2_F32 = 0.041668387888335816;
export const Q3_F32 = 0.008368716830623981;
export const Q4_F32 = 0.0013814608613458965;

/** Below -TANH_MAX / 2 and above TANH_MAX / 2 tanh is -1 or 1. */
export const TANH_MAX = 80.0;
/** tanh goes through expm1 up to here, and through exp beyond. */
export const TANH_SMALL = 0.6;
/** Beyond this expm1 is exp - 1; up to here 2^k stays below 2^EXPM1_BITS. */
export const EXPM1_MAX = 40.0;
export const EXPM1_BITS = 60.0;

// log(x) = k ln 2 + log(m), m in [sqrt(1/2), sqrt(2)): with f = m - 1 and s = f / (2 + f), log(m) = f - f^2/2 + s (f^2/2 + R(s^2)).
// The method and the minimax coefficients of R are those of fdlibm's e_log.c and e_logf.c (Sun Microsystems, 1993; W. Kahan).
export const LOG_LN2_HIGH_F64 = 0.6931471803691238;
export const LOG_LN2_LOW_F64 = 1.9082149292705877e-10;
export const LG1_F64 = 0.6666666666666735;
export const LG2_F64 = 0.3999999999940942;
export const LG3_F64 = 0.2857142874366239;
export const LG4_F64 = 0.22222198432149784;
export const LG5_F64 = 0.1818357216161805;
export const LG6_F64 = 0.15313837699209373;
export const LG7_F64 = 0.14798198605116586;
export const LOG_LN2_HIGH_F32 = 0.69313812256;
export const LOG_LN2_LOW_F32 = 9.0580006145e-6;
export const LG1_F32 = 0.66666662693;
export const LG2_F32 = 0.40000972152;
export const LG3_F32 = 0.28498786688;
export const LG4_F32 = 0.24279078841;

/** The high half of sqrt(1/2) in binary64, all of it in binary32: where a mantissa wraps. */
export const SQRT_HALF_HIGH_F64 = 0x3fe6a09e;
export const SQRT_HALF_F32 = 0x3f3504f3;
/** Smaller numbers are subnormal; times 2^54 (2^25) they are normal. */
export const MIN_NORMAL_F64 = 2.2250738585072014e-308;
export const MIN_NORMAL_F32 = 1.1754943508222875e-38;
export const LIFT_F64 = 18014398509481984.0;
export const LIFT_BITS_F64 = 54.0;
export const LIFT_F32 = 33554432.0;
export const LIFT_BITS_F32 = 25.0;

// mix(x), 32 bits of 32: x ^= x >>> 17, x *= MIX1, x ^= x >>> 11, x *= MIX2, x ^= x >>> 15, x *= MIX3, x ^= x >>> 14, modulo 2^32:
// triple32 of Wellons' hash-prospector (2018), each bit of which goes to every other but for a bias of 0.02. MIX_STEP is 2^32
// over the golden ratio, which spreads columns apart.
export const MIX1 = 0xed5ad4bb;
export const MIX2 = 0xac4c1b51;
export const MIX3 = 0x31848bab;
export const MIX_STEP = 0x9e3779b9;

/** What an embedding takes for an integer is no further from one: 2^-10. */
export const NEAR = 0.0009765625;

// gelu(z) = z sigmoid(v), v = 2 sqrt(2/pi) (z + 0.044715 z^3): the tanh form of Hendrycks and Gimpel (2016), as
// (1 + tanh(u)) / 2 = sigmoid(2u). v' = GELU_LINEAR + GELU_SLOPE z^2. Beyond GELU_MAX sigmoid(v) is 0 or 1.
export const GELU_LINEAR = 1.5957691216057308;
export const GELU_CUBIC = 0.07135481627260025;
export const GELU_SLOPE = 0.21406444881780076;
export const GELU_MAX = 100.0;

// The normal distribution: Phi(-t) = exp(-t^2/2) M(t), t >= 0, M the Mills ratio over sqrt(2 pi). (1 + t) M(t) is a polynomial in
// w = (t - NORMAL_CENTRE) / (t + NORMAL_CENTRE), the substitution of Schonfelder (1978): of degree 22 (f64, relative error
// 4.3e-18) or 10 (f32, 4.6e-9), interpolated at Chebyshev points in 40 digits. Beyond NORMAL_MAX Phi is 0 or 1.
export const NORMAL_MAX_F64 = 38.6;
export const NORMAL_MAX_F32 = 14.5;
export const NORMAL_CENTRE_F64 = 5.5;
export const NORMAL_CENTRE_F32 = 2.5;
/** 2^27 + 1 (2^12 + 1): what cuts a number in two halves, whose squares are exact (Dekker 1971). */
export const SPLIT_F64 = 134217729.0;
export const SPLIT_F32 = 4097.0;
export const INV_SQRT_2PI = 0.3989422804014327;

export const N0_F64 = 0.45722751116333127;
export const N1_F64 = -0.08833898904448793;
export const N2_F64 = 0.03618652602924536;
export const N3_F64 = 0.0022150251247909166;
export const N4_F64 = -0.02141363456771222;
export const N5_F64 = 0.02430507846627404;
export const N6_F64 = -0.018229966319217344;
export const N7_F64 = 0.010221481363044113;
export const N8_F64 = -0.0042524009296951056;
export const N9_F64 = 0.0011587134542102426;
export const N10_F64 = -8.14708024188318e-5;
export const N11_F64 = -9.0559551483199e-5;
export const N12_F64 = 3.88586545238903e-5;
export const N13_F64 = -4.849473820046e-7;
export const N14_F64 = -4.693670791202e-6;
export const N15_F64 = 1.0597952630118e-6;
export const N16_F64 = 4.484141588422e-7;
export const N17_F64 = -2.150807818241e-7;
export const N18_F64 = -4.27450907126e-8;
export const N19_F64 = 3.46379091638e-8;
export const N20_F64 = 6.0852007753e-9;
export const N21_F64 = -4.0327591661e-9;
export const N22_F64 = -1.1269373649e-9;
export const N0_F32 = 0.4946596611222717;
export const N1_F32 = -0.0915874893;
export const N2_F32 = -0.0377166617;
export const N3_F32 = 0.046063109;
export const N4_F32 = -0.0086997586;
export const N5_F32 = -0.0060489781;
export const N6_F32 = 0.0012834139;
export const N7_F32 = 0.0012673631;
export const N8_F32 = 2.6742e-6;
export const N9_F32 = -0.0002299726;
export const N10_F32 = -6.5297e-5;
