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

/** The message of anything thrown, for logs and for operators. Never shown to staff. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Marks a branch that the types rule out; throws when data from outside proves them wrong. */
export function assertNever(value: never): never {
  throw new AppError('unreachable', `Unexpected value: ${JSON.stringify(value)}`, {
    remedy: 'A case was added to a union without its handling; add it where this was thrown.',
  });
}
