// The constants of exp, for both backends: the AssemblyScript compiler reads this file too, so it holds plain numbers.
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
