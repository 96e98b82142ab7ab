/**
 * JSON from outside, made safe to pass on before anything reads it: not so deep that a reader runs out of stack, and without the
 * characters that a database refuses, which would make a fault of what is only rubbish.
 */
import { storable } from './text.ts';

/** Deeper than any card; keeps recursive readers from running out of stack. */
const DEEPEST = 64;

export type Outside =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'too-deep' };

/** Strings come without what cannot be kept; a field whose name cannot be kept is left out. */
export function readOutside(text: string): Outside {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'not-json' };
    throw error;
  }
  return isDeeperThan(value, DEEPEST) ? { kind: 'too-deep' } : { kind: 'value', value: kept(value) };
}

function isDeeperThan(root: unknown, limit: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null
        ? Object.values(value).filter((inner) => typeof inner === 'object' && inner !== null)
        : [],
    );
  }
  return false;
}

function kept(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(kept);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => storable(name) === name)
      .map(([name, field]) => [name, kept(field)]),
  );
}
