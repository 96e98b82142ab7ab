/**
 * What the doctor says when Graph cannot be asked at all: the cause once, with all that could not be looked at for it. Each of
 * those by itself would only say the same again, or guess a wrong cause. Pure.
 */
import { isLoopbackUrl } from '../config/settings.ts';
import type { Trust } from '../config/trust.ts';
import type { AppError } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import type { Finding } from './doctor-trust.ts';
import type { Resources } from './resources.ts';

/** Looks that can say nothing without Graph, or without the copy of the directory that comes from it. */
const OF_GRAPH = ['consents', 'people', 'groups', 'role groups', 'reports', 'milestone list'];
/** One for each place; the name of the place follows. */
const PLACES = /^(channel|chat) /;

/** Nobody to ask Graph as. A stand-in on this machine asks for no identity. */
export function isNameless({ settings }: Pick<Resources, 'settings'>): boolean {
  return !settings.bot && !isLoopbackUrl(settings.graphUrl);
}

export function asksGraph(part: string, trust: Pick<Trust, 'library'>): boolean {
  return (
    OF_GRAPH.includes(part) || PLACES.test(part) || (part === 'documents' && trust.library !== undefined)
  );
}

export function noIdentity(unread: readonly string[]): Finding {
  return {
    part: 'identity',
    state: 'wrong',
    says: `There is no identity, so nothing can be read of Graph and nobody is answered.${unreadInWords(unread)}`,
    remedy:
      'For a tenant set BOT_ID, BOT_TENANT_ID and BOT_TYPE; for the deployed service run this in its own console (docs/OPERATIONS.md). For the sample trust: npm run dev.',
  };
}

export function graphAway({ message, remedy }: AppError, unread: readonly string[]): Finding {
  return {
    part: 'graph',
    state: 'wrong',
    says: `${message.replace(/\.?$/, '.')}${unreadInWords(unread)}`,
    remedy,
  };
}

/** While there is no copy of the directory what is said of people and groups is said of nothing. */
export function apart(findings: readonly Finding[]): readonly [parts: string[], others: Finding[]] {
  const idle = ({ part }: Finding) => ['people', 'groups', 'role groups'].includes(part);
  return [
    [...new Set(findings.filter(idle).map(({ part }) => part))],
    findings.filter((finding) => !idle(finding)),
  ];
}

/** Places are counted: a trust may have fifty. */
function unreadInWords(unread: readonly string[]): string {
  const places = new Map<string, number>();
  for (const part of unread) {
    const kind = PLACES.exec(part)?.[1];
    if (kind) places.set(kind, (places.get(kind) ?? 0) + 1);
  }
  const rest = unread.filter((part) => !PLACES.test(part));
  const all = [...rest, ...[...places].map(([kind, n]) => count(n, kind))];
  return all.length === 0 ? '' : ` Not looked at for that: ${all.join(', ')}.`;
}
