/**
 * Pauses: operators may stop everything that leaves by schedule, one rule, or one school. What fell due in a pause is skipped or
 * cancelled with its reason and is not made up afterwards, so that its end floods nobody. Pure.
 */
import { shorten } from '../kernel/text.ts';
import { ruleWords } from './rule-words.ts';

export type PauseScope =
  | { readonly kind: 'everything' }
  | { readonly kind: 'rule'; readonly rule: string }
  | { readonly kind: 'school'; readonly urn: string };

export type Pause = {
  readonly id: string;
  readonly scope: PauseScope;
  /** In the operator's words; may be empty. */
  readonly reason: string;
  /** A person's id, or `command-line`. */
  readonly by: string;
  readonly since: Date;
  /** Undefined while it lasts. */
  readonly until?: Date;
};

export const REASON_LENGTH = 200;

/** Whether a run that was due at an instant, and is looked at `now`, falls into a pause. */
export function isPaused({ since, until }: Pause, dueAt: Date, now: Date): boolean {
  return until === undefined ? since <= now : since <= dueAt && dueAt < until;
}

/** A week's cards are one thing to whoever pauses them: the looks of Monday noon and Tuesday send what the first one held. */
const FIRST_LOOK = 'attendance.week';
const LOOKS = 'attendance.';

/** Later looks go by the id of their rule and a time (`check-ins.10:00`): a pause of the rule holds them too. */
export function covers(rule: string, id: string): boolean {
  return id.startsWith(rule === FIRST_LOOK ? LOOKS : `${rule}.`) || id === rule;
}

/** The pause that holds a rule's run, if any; schools are not whole runs. */
export function pauseOf(pauses: readonly Pause[], rule: string, dueAt: Date, now: Date): Pause | undefined {
  return pauses.find(
    (pause) =>
      (pause.scope.kind === 'everything' ||
        (pause.scope.kind === 'rule' && covers(pause.scope.rule, rule))) &&
      isPaused(pause, dueAt, now),
  );
}

/** Why something was not sent, as reports say it: `paused: attendance cards (half-term trip)`. */
export function pauseReason(pause: Pause, schoolName: (urn: string) => string): string {
  const why = pause.reason ? ` (${shorten(pause.reason, REASON_LENGTH)})` : '';
  return `paused: ${scopeWords(pause.scope, schoolName)}${why}`;
}

export function scopeWords(scope: PauseScope, schoolName: (urn: string) => string): string {
  switch (scope.kind) {
    case 'everything':
      return 'everything scheduled';
    case 'rule':
      return ruleWords(scope.rule);
    case 'school':
      return schoolName(scope.urn);
  }
}

/** As cards and columns carry it: `everything`, `rule:digest`, `school:900001`. */
export function scopeKey(scope: PauseScope): string {
  if (scope.kind === 'everything') return 'everything';
  return scope.kind === 'rule' ? `rule:${scope.rule}` : `school:${scope.urn}`;
}

/** Undefined for what no scope is written like. */
export function scopeOf(key: string): PauseScope | undefined {
  if (key === 'everything') return { kind: 'everything' };
  const [kind, subject] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  if (!subject) return undefined;
  if (kind === 'rule') return { kind: 'rule', rule: subject };
  return kind === 'school' ? { kind: 'school', urn: subject } : undefined;
}
