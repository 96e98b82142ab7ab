/**
 * Who gets a digest and of what: trust leaders of every school, heads of their own. Someone with several roles gets one
 * digest with the widest scope. Decided from the trust's file at each building and each opening; pure.
 */
import type { Trust, TrustSchool } from '../config/trust.ts';
import { listInWords } from '../kernel/text.ts';

/** `trust`: every school and what belongs to none. `schools`: those URNs alone; empty for someone without a digest. */
export type Scope =
  | { readonly kind: 'trust' }
  | { readonly kind: 'schools'; readonly urns: readonly string[] };

export type Recipient = { readonly personId: string; readonly scope: Scope };

/** Everyone with a digest, leaders first, each once. */
export function audienceOf(trust: Trust): Recipient[] {
  const people = new Set([...trust.leaders, ...trust.schools.map((school) => school.head)]);
  return [...people].map((personId) => ({ personId, scope: scopeOf(trust, personId) }));
}

export function scopeOf(trust: Trust, personId: string): Scope {
  if (trust.leaders.includes(personId)) return { kind: 'trust' };
  const urns = trust.schools.filter((school) => school.head === personId).map((school) => school.urn);
  return { kind: 'schools', urns };
}

/** What belongs to no school (`schoolUrn` undefined) is the trust's alone. */
export function covers(scope: Scope, schoolUrn: string | undefined): boolean {
  return scope.kind === 'trust' || (schoolUrn !== undefined && scope.urns.includes(schoolUrn));
}

export function schoolsIn(trust: Trust, scope: Scope): TrustSchool[] {
  return trust.schools.filter((school) => covers(scope, school.urn));
}

/** `Tideway`, `Harbour Primary`, `Harbour Primary and Quayside School`. */
export function scopeName(trust: Trust, scope: Scope): string {
  if (scope.kind === 'trust' || scope.urns.length === 0) return trust.trust.short_name;
  return listInWords(schoolsIn(trust, scope).map((school) => school.name));
}
