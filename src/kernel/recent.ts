/** What was read a moment ago, so that many who ask at once cause one read. */
import { stopwatch } from './time.ts';

export type Recent<T> = {
  /** The value, read anew once the last read is so old; a read that failed is not remembered. */
  readonly read: () => Promise<T>;
  /** Reads anew at the next call, however young the last read is. */
  readonly forget: () => void;
};

/** `keep`: milliseconds, counted from the start of a read. */
export function recent<T>(look: () => Promise<T>, keep: number, elapsed = stopwatch()): Recent<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | undefined;
  return {
    read: () => {
      if (last && elapsed() - last.at < keep) return last.value;
      const fresh = { at: elapsed(), value: look() };
      last = fresh;
      fresh.value.catch(() => {
        if (last === fresh) last = undefined;
      });
      return fresh.value;
    },
    forget: () => {
      last = undefined;
    },
  };
}
