/**
 * Exact fractions and how they are shown. Rates stay fractions of whole sessions until the moment of display, and are
 * rounded half-up from integers: in floating point 8.45 would show as 8.4. Knows nothing of pupils or codes.
 */

/** `over` is positive. Integers of any size, since national figures multiplied together pass 2^53. */
export type Fraction = { readonly of: bigint; readonly over: bigint };

export function fraction(of: number | bigint, over: number | bigint): Fraction | null {
  const denominator = BigInt(over);
  return denominator > 0n ? { of: BigInt(of), over: denominator } : null;
}

export function subtract(left: Fraction, right: Fraction): Fraction {
  return { of: left.of * right.over - right.of * left.over, over: left.over * right.over };
}

export function add(left: Fraction, right: Fraction): Fraction {
  return { of: left.of * right.over + right.of * left.over, over: left.over * right.over };
}

export function scale(value: Fraction, by: number | bigint, per: number | bigint = 1n): Fraction {
  return { of: value.of * BigInt(by), over: value.over * BigInt(per) };
}

/**
 * The fraction with `places` decimals; a half goes away from zero (DfE's analysts' guide: round five up). Never `-0.0`.
 */
export function decimal(value: Fraction, places: number): string {
  const whole = roundHalfUp(scale(value, 10n ** BigInt(places)));
  const digits = (whole < 0n ? -whole : whole).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return whole < 0n ? `-${text}` : text;
}

/** As a percentage with `places` decimals; null when there is nothing to divide by. */
export function percent(value: Fraction | null, places: number): string | null {
  return value === null ? null : decimal(scale(value, 100n), places);
}

/** The nearest whole number; a half goes away from zero. */
export function roundHalfUp(value: Fraction): bigint {
  const magnitude = value.of < 0n ? -value.of : value.of;
  const rounded = (2n * magnitude + value.over) / (2n * value.over);
  return value.of < 0n ? -rounded : rounded;
}

/** Reads a decimal as published, such as `94.7183`, without loss. Null when it is not one (`c`, `z`, `x`). */
export function parseDecimal(text: string): Fraction | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return null;
  const [, sign = '', whole = '', part = ''] = match;
  return { of: BigInt(`${sign}${whole}${part}`), over: 10n ** BigInt(part.length) };
}
