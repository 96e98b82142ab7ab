/**
 * Opens the own chats of people who have a message waiting and none with Waymark yet: through the connector, and where the app
 * is not installed for them and may be, by installing it first. Whatever is lost on the way is asked again: Teams has one chat
 * for each person and one installation.
 */
import { messageOf, type Refusal } from '../kernel/errors.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { findHome, ownerOf, saveContact } from './conversations-store.ts';
import { again, classifyOpening, type OpeningOutcome, openingWait } from './opening.ts';
import {
  claimOpenings,
  type OpeningClaim,
  type OpeningSettlement,
  settleOpenings,
  wantOpenings,
} from './openings-store.ts';
import { backoff, jitterOf } from './outcome.ts';
import type { Rests } from './resting-service.ts';
import type { Connector, Home } from './teams.ts';
import { areVoid, farAhead, type Turns } from './turns-service.ts';

/** `installed`: also when it was before. `refused`: by whom and why, for the report. */
export type Installed =
  | { readonly kind: 'installed' }
  | { readonly kind: 'refused'; readonly reason: string };

export type OpeningParts = {
  /** Whom Waymark may write to at all; asked before anything is opened for them. */
  readonly mayReach: (personId: string) => Promise<true | Refusal>;
  /** Where conversations are opened when nobody has written to Waymark yet. */
  readonly home?: Home;
  /** Absent: the app is installed for nobody. A throw is asked again. */
  readonly installer?: {
    install(personId: string): Promise<Installed>;
    /** The person's chat by the directory's account; undefined while there is none. */
    chatOf(personId: string): Promise<string | undefined>;
  };
};

/** How a wave leaves: at most `limit`, held for `lease` milliseconds. */
export type Wave = {
  readonly limit: number;
  readonly lease: number;
  readonly turns: Turns;
  readonly rests: Rests;
};

/** `wait`: milliseconds until it is worth looking again. */
export type Fate =
  | { readonly state: 'due'; readonly reason: string; readonly wait: number }
  | { readonly state: 'unreachable'; readonly reason: string };

export type Opener = {
  /** Has these people's chats opened, and says of each what becomes of the messages for them meanwhile. */
  want(personIds: readonly string[]): Promise<ReadonlyMap<string, Fate>>;
  /** One wave. Returns how many it took. */
  work(wave: Wave): Promise<number>;
};

export function createOpener(
  { db, connector, log }: { readonly db: Db; readonly connector: Connector; readonly log: Log },
  parts: OpeningParts,
): Opener {
  type Way = {
    readonly home: Home | undefined;
    /** Waits for its slot. Teams asked all of the tenant to rest: for how many milliseconds to put it back; else undefined. */
    readonly turn: () => Promise<number | undefined>;
    readonly rests: Rests;
  };

  async function open(
    { personId, tries }: OpeningClaim,
    { home, turn, rests }: Way,
  ): Promise<OpeningOutcome> {
    const may = await parts.mayReach(personId);
    if (may !== true) return { kind: 'refused', reason: may.message };
    if (!home)
      return {
        kind: 'refused',
        reason: 'no conversation yet: nobody has written to Waymark, so where Teams answers is not known',
      };
    const jitter = jitterOf(personId, tries);
    const ask = async (): Promise<OpeningOutcome> => {
      const wait = await turn();
      if (wait !== undefined) return { kind: 'again', reason: 'Teams asked for less', wait, untried: true };
      const outcome = classifyOpening(await connector.open(home, personId), tries, jitter);
      if (outcome.kind === 'again' && outcome.throttled)
        await rests.throttled(ownerOf({ kind: 'person', personId }), outcome.wait);
      return outcome;
    };
    const first = await ask();
    const outcome = first.kind === 'absent' ? await afterInstalling(personId, first, tries, ask) : first;
    if (outcome.kind === 'open') {
      const { conversationId } = outcome;
      await saveContact(db, { target: { kind: 'person', personId }, conversationId, ...home });
    }
    return outcome;
  }

  async function afterInstalling(
    personId: string,
    absent: OpeningOutcome & { readonly kind: 'absent' },
    tries: number,
    ask: () => Promise<OpeningOutcome>,
  ): Promise<OpeningOutcome> {
    const { installer } = parts;
    if (!installer) return { kind: 'refused', reason: absent.reason };
    const installed = await installer.install(personId);
    if (installed.kind === 'refused')
      return { kind: 'refused', reason: `${absent.reason}, and ${installed.reason}` };
    const outcome = await ask();
    if (outcome.kind !== 'absent') return outcome;
    // The connector does not always know of it at once; the directory has the chat's name too.
    const conversationId = await installer.chatOf(personId);
    return conversationId
      ? { kind: 'open', conversationId }
      : again('installed, and not yet known to Teams', tries, backoff(tries + 2, jitterOf(personId, tries)));
  }

  async function settle(claim: OpeningClaim, way: Way): Promise<OpeningSettlement> {
    const { personId, tries } = claim;
    try {
      const outcome = await open(claim, way);
      switch (outcome.kind) {
        case 'open':
          return { personId, kind: 'open' };
        case 'again':
          return { personId, ...outcome };
        default:
          return { personId, kind: 'refused', reason: outcome.reason };
      }
    } catch (error) {
      const reason = messageOf(error);
      log.warn("a person's chat could not be opened", { personId, reason });
      const outcome = again(reason, tries, backoff(tries + 2, jitterOf(personId, tries)));
      return outcome.kind === 'again'
        ? { personId, kind: 'again', reason, wait: outcome.wait }
        : { personId, kind: 'refused', reason };
    }
  }

  return {
    want: async (personIds) => {
      const { openings, wanted } = await wantOpenings(db, personIds);
      const waits: Fate = {
        state: 'due',
        reason: 'a conversation is being opened',
        wait: openingWait(wanted),
      };
      return new Map(
        personIds.map((personId) => {
          const { state, reason = 'no conversation yet' } = openings.get(personId) ?? {};
          return [personId, state === 'refused' ? { state: 'unreachable', reason } : waits];
        }),
      );
    },
    work: async ({ limit, lease, turns, rests }) => {
      const claims = await claimOpenings(db, limit, lease);
      if (claims.length === 0) return 0;
      const leased = turns.voided;
      const instants = await turns.lease(claims.length);
      const home = (await findHome(db)) ?? parts.home;
      const settled = await Promise.all(
        claims.map((claim, index) =>
          settle(claim, {
            home,
            rests,
            turn: async () => {
              const later = farAhead(turns, instants[index]);
              if (later !== undefined) return later;
              await turns.reach(instants[index]);
              return areVoid(turns, leased) ? 0 : undefined;
            },
          }),
        ),
      );
      await settleOpenings(db, settled);
      await rests.slowDown();
      return claims.length;
    },
  };
}
