import { invalid } from '../read-input.ts';

const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** Density of the standard normal distribution. */
export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / SQRT_2PI;

/** Beyond this |z| the series loses digits to cancellation, and the continued fraction converges fast. */
const SERIES_UP_TO = 3;
const TERMS = 200;

/** P(Z > z) for z above 3, by the continued fraction z + 1/(z + 2/(z + 3/…)). */
const upperTail = (z: number): number => {
  let fraction = z;
  for (let k = TERMS; k > 0; k--) fraction = z + k / fraction;
  return normalDensity(z) / fraction;
};

/** P(0 < Z < z) for |z| up to 3: φ(z) · (z + z³/3 + z⁵/(3·5) + …). */
const fromCentre = (z: number): number => {
  let term = z;
  let sum = z;
  for (let k = 1; k < TERMS; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return normalDensity(z) * sum;
};

/** P(Z ≤ z) of the standard normal distribution, to about 1e-15. */
export const normalShare = (z: number): number => {
  if (z > SERIES_UP_TO) return 1 - upperTail(z);
  if (z < -SERIES_UP_TO) return upperTail(-z);
  return 0.5 + fromCentre(z);
};

/** P(Z > z), accurate far out, where 1 − P(Z ≤ z) has no digits left. */
export const normalBeyond = (z: number): number => normalShare(-z);

/** No share that a double can represent lies further out. */
const MAX_Z = 40;

/**
 * The z below which `share` (between 0 and 1, exclusive) of the standard normal distribution lies: 0.95 → 1.6449.
 * Accurate to 1e-12 or better, by bisection of `normalShare` on the nearer tail, without an approximation formula.
 */
export const inverseNormal = (share: number): number => {
  if (!(share > 0 && share < 1)) throw invalid('serviceLevel', 'has to lie between 0 and 1, both excluded');
  if (share > 0.5) return -inverseNormal(1 - share);
  let below = -MAX_Z;
  let above = 0;
  while (above - below > Number.EPSILON * Math.max(1, -below)) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) break;
    if (normalShare(middle) < share) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
};

/** Standard normal loss G(z): units short per unit of standard deviation, φ(z) − z·P(Z > z). */
export const normalLoss = (z: number): number => Math.max(0, normalDensity(z) - z * normalBeyond(z));
