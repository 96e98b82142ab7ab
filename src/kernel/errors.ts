/**
 * Three kinds of "no". A refusal is a value that the caller shows; a fault is thrown with its cause and the remedy and
 * is converted once, at an edge. What this file refuses to know: HTTP, cards, exit codes.
 */

/** An expected "no" that a person can read. `reason` is stable and machine-readable; `message` is one plain sentence. */
export type Refusal = { readonly kind: 'refusal'; readonly reason: string; readonly message: string };

export function refuse(reason: string, message: string): Refusal {
  return { kind: 'refusal', reason, message };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refusal';
}

/** A fault: something broke. `code` is stable, `remedy` tells the operator what to do. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, options: { remedy: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

/**
 * The message of anything thrown, for logs, tables and operators. Never shown to staff. Of an error that is not ours what it
 * quotes is left out: a parser or a database quotes what it was given, which may be somebody's words or a token.
 */
export function messageOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  return unquoted(error instanceof Error ? error.message : String(error));
}

/** A quote, closed or not; an apostrophe within a word is none. */
const QUOTE = /(?<!\p{L})(["'`])(.*?)(?:\1|$)/gsu;
/** As columns, properties and settings are spelt. */
const CODE_NAME = /^[a-z_$][\w$-]{0,29}$/;

/** Up to the last mark there is, because what is quoted may hold quotes itself. */
function unquoted(message: string): string {
  for (const { 0: quote, 2: said = '', index } of message.matchAll(QUOTE)) {
    if (CODE_NAME.test(said)) continue;
    const last = Math.max(...['"', "'", '`'].map((mark) => message.lastIndexOf(mark)));
    return `${message.slice(0, index)}…${message.slice(Math.max(last + 1, index + quote.length))}`;
  }
  return message;
}

/** Marks a branch that the types rule out; throws when data from outside proves them wrong. */
export function assertNever(value: never): never {
  throw new AppError('unreachable', `Unexpected value: ${kindOf(value)}`, {
    remedy: 'A case was added to a union without its handling; add it where this was thrown.',
  });
}

/** Never the value itself, which may hold somebody's words: this message is logged. */
function kindOf(value: unknown): string {
  if (typeof value === 'string') return CODE_NAME.test(value) ? value : 'a text';
  if (typeof value !== 'object' || value === null) return String(value);
  const names = Object.keys(value).filter((name) => CODE_NAME.test(name));
  return `an object of ${names.join(', ')}`;
}
