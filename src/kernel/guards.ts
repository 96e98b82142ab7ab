/** Narrowing for values that the types cannot see but the code has just made sure of. */
import { AppError } from './errors.ts';

/** The value, or a fault that names what was missing. For invariants, never for input. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) {
    throw new AppError('missing', `Expected ${what}, found nothing.`, {
      remedy: 'This is a fault in Waymark; the stack names the place.',
    });
  }
  return value;
}
