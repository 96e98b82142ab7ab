/**
 * Who of those claimed may be posted to now, and where: settles what must not be posted, and puts back what has to wait for
 * its conversation. Asks the guard of places, and has a person's own chat opened where there is none.
 */
import { isRefusal, messageOf, type Refusal } from '../kernel/errors.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { findConversations, ownerOf, type Place } from './conversations-store.ts';
import type { Target } from './message.ts';
import { mayOpen, whyUnreachable } from './opening.ts';
import type { Opener } from './opening-service.ts';
import { type Bucket, planWave } from './pacing.ts';
import { recipientOf } from './report.ts';
import { type Claim, type Settlement, settleClaims } from './store.ts';

/**
 * Asked before each post: whoever left is refused, and a channel or a group chat with an outsider. A throw is asked again later.
 */
export type MayPost = (target: Target) => Promise<true | Refusal>;

/** Hours in which nothing is sent that can wait: for so many milliseconds more, and why, for the report. */
export type Quiet = {
  readonly wait: number;
  readonly reason: string;
  /** Whether they hold a message that was meant for then: not one that was put into them. */
  holds(meantAt: Date): boolean;
};

export type AdmissionParts = {
  readonly db: Db;
  readonly log: Log;
  readonly holder: string;
  readonly bucket: Bucket;
  readonly mayPost: MayPost;
  /** Undefined in open hours; absent: there are no others. Asked once a wave. */
  readonly quiet?: () => Quiet | undefined;
  /** Opens a person's own chat where there is none yet; absent: they are unreachable. */
  readonly opener?: Opener;
  /** Told when chats are to be opened. */
  readonly onOpening: () => void;
};

/** A claim that may be posted, and where. */
export type Ready = Claim & { readonly place: Place };

/** `before`: how many sends to a conversation come before these and are not on its bill yet. */
export type Admit = (claims: readonly Claim[], before: (owner: string) => number) => Promise<Ready[]>;

type Verdict = Omit<Settlement, 'attempts'>;

/** What the guard looks at. */
const CHECKED = { person: 'directory', chat: 'chat', channel: 'team' } as const;

/** When the guard cannot be asked. */
const GUARD_RETRY = 15_000;

export function createAdmission(parts: AdmissionParts): Admit {
  const { db, log, holder, bucket } = parts;

  /** By person: what becomes of messages for those who have no conversation, while one is opened or since none can be. */
  async function openFor(claims: readonly Claim[], known: ReadonlyMap<string, Place>) {
    const strangers = claims.flatMap(({ target }) =>
      target.kind === 'person' && mayOpen(known.get(ownerOf(target))) ? target.personId : [],
    );
    const fates = strangers.length > 0 ? await parts.opener?.want(strangers) : undefined;
    if (fates) parts.onOpening();
    return (target: Target) => (target.kind === 'person' ? fates?.get(target.personId) : undefined);
  }

  async function mayPost(target: Target): Promise<true | Omit<Verdict, 'id'>> {
    try {
      const verdict = await parts.mayPost(target);
      return isRefusal(verdict) ? { state: 'refused', reason: verdict.message } : true;
    } catch (error) {
      log.warn('a place could not be checked', { place: recipientOf(target), reason: messageOf(error) });
      return { state: 'due', reason: `the ${CHECKED[target.kind]} could not be checked`, wait: GUARD_RETRY };
    }
  }

  /** A channel never heard from is reached at the address of another one of its team. */
  async function placesOf(claims: readonly Claim[]): Promise<ReadonlyMap<string, Place>> {
    const known = new Map(claims.flatMap(({ place }) => (place ? [[place.owner, place] as const] : [])));
    const unheard = claims.flatMap(({ target, place }) =>
      target.kind === 'channel' && !place ? target : [],
    );
    return new Map([...known, ...(await findConversations(db, unheard))]);
  }

  return async (claims, before) => {
    const quiet = parts.quiet?.();
    const waits = ({ urgent, meantAt }: Claim) => !urgent && quiet?.holds(meantAt) === true;
    const awake = quiet ? claims.filter((claim) => !waits(claim)) : claims;
    const known = await placesOf(awake);
    const opening = await openFor(awake, known);
    const ready: Ready[] = [];
    // Nobody's chat is opened and no place looked at for what is not sent now.
    const settled: Verdict[] = claims.flatMap((claim) =>
      quiet && waits(claim) ? { id: claim.id, state: 'due', reason: quiet.reason, wait: quiet.wait } : [],
    );
    for (const claim of awake) {
      const place = known.get(ownerOf(claim.target));
      if (place?.state !== 'active') {
        const unreachable = { state: 'unreachable', reason: whyUnreachable(claim.target, place) } as const;
        settled.push({ id: claim.id, ...(opening(claim.target) ?? unreachable) });
        continue;
      }
      const verdict = await mayPost(claim.target);
      if (verdict === true) ready.push({ ...claim, place });
      else settled.push({ id: claim.id, ...verdict });
    }
    const paces = [...known.values()].map((place) => ({
      ...place,
      debt: Math.max(0, place.debt) + (before(place.owner) * 1000) / bucket.perSecond,
    }));
    const items = ready.map(({ id, place }) => ({ id, owner: place.owner }));
    const plan = planWave(items, paces, bucket);
    for (const waiting of plan.wait)
      settled.push({ ...waiting, state: 'due', reason: 'waits for its conversation' });
    await settleClaims(db, holder, settled);
    const going = new Set(plan.go);
    return ready.filter(({ id }) => going.has(id));
  };
}
