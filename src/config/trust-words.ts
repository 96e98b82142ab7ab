/** What is wrong with the shape of `trust.yaml`, in words for whoever writes it, not for whoever knows the library. Pure. */
import { z } from 'zod/v4';
import type { TrustProblem } from './trust.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;
/** `at`: where to look, when that is further in than what the problem is of. */
export type ShapeProblem = TrustProblem & { readonly at?: TrustProblem['path'] };

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  nan: 'not a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of lines below it',
  record: 'a group of lines below it',
  date: 'a date',
};
/** What YAML reads as itself though it was meant as text. */
const QUOTABLE: ReadonlySet<string> = new Set(['number', 'nan', 'boolean']);

/** The problems of an issue that was worded by `inWords`; of keys that are not known, one each. */
export function shapeProblems(issue: Issue): ShapeProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  // Only an object that holds keys it should not has them in its issue.
  if (!('keys' in issue)) return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({
    path,
    at: [...path, key],
    message: `has "${key}", which is not known here`,
  }));
}

/** For `safeParse`'s `error`. Messages of the shape itself go before these; undefined leaves zod's own. */
export function inWords(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return ofKind(issue.expected, z.core.util.getParsedType(issue.input));
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return bounded(
        issue.origin,
        Number(issue.minimum),
        issue.inclusive === false ? 'more than' : 'at least',
      );
    case 'too_big':
      return bounded(
        issue.origin,
        Number(issue.maximum),
        issue.inclusive === false ? 'less than' : 'at most',
      );
    case 'invalid_union':
      return 'is not written in a way that is known here; samples/trust.yaml shows how';
    default:
      return undefined;
  }
}

function ofKind(expected: string, received: string): string {
  if (received === 'undefined') return 'is missing';
  if (received === 'null') return 'is empty';
  const needed = `must be ${KINDS[expected] ?? expected}`;
  if (expected === 'int' && received === 'number') return needed;
  const quotes = expected === 'string' && QUOTABLE.has(received) ? ': put it in quotes' : '';
  return `${needed}, and is ${KINDS[received] ?? received}${quotes}`;
}

function bounded(origin: string, bound: number, how: string): string {
  if (origin === 'string')
    return bound === 1 && how === 'at least' ? 'is empty' : `must have ${how} ${bound} characters`;
  return origin === 'array' || origin === 'set' ? `must have ${how} ${bound}` : `must be ${how} ${bound}`;
}
