/**
 * Takes out of what is logged whatever could carry people's words, by the names of its fields, at any depth: a second line of
 * defence behind callers who log ids and counts alone. Pure, and it never throws: a log line must not end what it tells of.
 */

/** A field goes when the last word of its name is one of these: `note`, `reviewNote`, `X-Authorization`. */
const NEVER_LOGGED: ReadonlySet<string> = new Set([
  ...[
    'text',
    'question',
    'note',
    'answer',
    'comment',
    'blocker',
    'evidence',
    'content',
    'body',
    'card',
    'html',
  ],
  ...['name', 'forename', 'surname', 'upn', 'mail', 'email', 'phone', 'dob', 'mark', 'marks'],
  ...['authorization', 'cookie', 'password', 'secret', 'token', 'tokens'],
]);

/** Nothing that is logged on purpose lies deeper, has more parts or is longer. */
const DEEPEST = 8;
const MOST_PARTS = 100;
const LONGEST = 4_000;

const LAST_WORD = /[A-Za-z][a-z0-9]*$|[A-Z0-9]+$/;
const verdicts = new Map<string, boolean>();

export type Fields = Readonly<Record<string, unknown>>;

export function redact(fields: Fields): Record<string, unknown> {
  return partsOf(Object.entries(fields), 0);
}

/** Names are few and come again at every line; a stranger's, met within something that is logged, must not fill the memory. */
function isForbidden(name: string): boolean {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const [last = name] = LAST_WORD.exec(name) ?? [];
  const verdict = NEVER_LOGGED.has(last.toLowerCase()) || NEVER_LOGGED.has(name.toLowerCase());
  if (verdicts.size < 1_000) verdicts.set(name, verdict);
  return verdict;
}

function partsOf(entries: Iterable<readonly [unknown, unknown]>, depth: number): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  let parts = 0;
  for (const [name, value] of entries) {
    if (isForbidden(String(name))) continue;
    parts += 1;
    if (parts > MOST_PARTS) break;
    const shown = shownOf(value, depth + 1);
    if (shown !== undefined) Object.defineProperty(kept, String(name), { value: shown, enumerable: true });
  }
  return kept;
}

function shownOf(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : objectOf(value, depth);
    case 'function':
    case 'symbol':
      return undefined;
    default:
      return value;
  }
}

function objectOf(value: object, depth: number): unknown {
  if (depth > DEEPEST) return '[deeper]';
  try {
    if (value instanceof Error) return errorOf(value, depth);
    if (Array.isArray(value) || value instanceof Set)
      return [...value].slice(0, MOST_PARTS).map((one) => shownOf(one, depth + 1) ?? null);
    if (value instanceof Map) return partsOf(value, depth);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return '[bytes]';
    // What it would have become in the line; looked through like anything else, since it may say more than its fields.
    if ('toJSON' in value && typeof value.toJSON === 'function') return shownOf(value.toJSON(), depth + 1);
    return partsOf(Object.entries(value), depth);
  } catch {
    return '[unreadable]';
  }
}

/** Its kind and its code, and what it came of. Nothing else: its message may quote somebody, and a database puts the row it refused beside it. */
function errorOf(error: Error, depth: number): Record<string, unknown> {
  const { cause } = error;
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number');
  return {
    type: error.constructor.name,
    ...(code ? { code: error.code } : {}),
    ...(error instanceof AggregateError ? { errors: shownOf(error.errors, depth + 1) } : {}),
    ...(cause === undefined ? {} : { cause: causeOf(cause, depth + 1) }),
  };
}

/** Words alone would be a message. */
function causeOf(cause: unknown, depth: number): unknown {
  return typeof cause === 'object' && cause !== null ? objectOf(cause, depth) : `[${typeof cause}]`;
}
