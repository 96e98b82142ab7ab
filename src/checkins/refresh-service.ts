/**
 * Draws cards anew after a change: every copy of a check-in's card, and a manager's list once however many of its reviews
 * were read meanwhile. The change left a note in its own transaction; the note goes with the new faces, so none is lost
 * when a process dies, and of two processes at work on one note only one puts up what it drew.
 */
import type { Card } from '../cards/elements.ts';
import { messageOf } from '../kernel/errors.ts';
import { breath, type Clock } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import { cardFor } from './cards.ts';
import { type Dossier, readBeside, readDossiers } from './dossiers-store.ts';
import { readBegun } from './drafts-store.ts';
import { revisionsOf } from './effects.ts';
import { aroundOf, type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import { waitersOf } from './lists-service.ts';
import { reviewListCard } from './review-list-card.ts';
import { dropRefreshes, readRefreshes } from './store.ts';

/** Changes of one pass. */
const MOST = 100;
/** How long a change waits for others, so that a card is edited once for all of them. Milliseconds. */
const GATHER = 400;
/** How often notes are looked for that another process left. Milliseconds. */
const LOOK_EVERY = 2_000;

type Ports = Pick<CheckinsResources, 'db' | 'trust' | 'directory' | 'outbox' | 'log' | 'approved'>;

export type Refresher = {
  /** Draws soon what was changed: for changes of this process. Does nothing until `start`. */
  wake(): void;
  /** Draws all there is to draw, and returns when there is nothing left. */
  drain(now: Date): Promise<void>;
  start(clock: Clock): void;
  stop(): Promise<void>;
};

export function createRefresher(ports: Ports): Refresher {
  let clock: Clock | undefined;
  let timer: NodeJS.Timeout | undefined;
  let soon = false;
  let working: Promise<void> = Promise.resolve();

  const drain = async (now: Date) => {
    while ((await refreshOnce(ports, now)) > 0);
  };
  /** What came in meanwhile waits for others again, unless it is many. */
  const refreshFull = async (now: Date) => {
    while ((await refreshOnce(ports, now)) === MOST);
  };
  const plan = (wait: number) => {
    clearTimeout(timer);
    timer = clock && setTimeout(beat, wait);
  };
  const beat = () => {
    const running = clock;
    if (!running) return;
    soon = false;
    timer = undefined;
    working = refreshFull(running.now())
      .catch((error: unknown) =>
        ports.log.error('check-in cards could not be drawn', { reason: messageOf(error) }),
      )
      .finally(() => {
        if (!timer) plan(soon ? GATHER : LOOK_EVERY);
      });
  };
  return {
    drain,
    wake: () => {
      if (soon) return;
      soon = true;
      // While a pass is under way its end plans the next one.
      if (timer) plan(GATHER);
    },
    start: (given) => {
      clock = given;
      plan(0);
    },
    stop: async () => {
      clock = undefined;
      clearTimeout(timer);
      timer = undefined;
      await working;
    },
  };
}

/** One pass; gives how many notes it saw. Everything is read after the notes, so a later change has its own. */
async function refreshOnce(ports: Ports, now: Date): Promise<number> {
  const { db, outbox } = ports;
  const notes = await readRefreshes(db, MOST);
  if (notes.length === 0) return 0;
  const changed = notes.map(({ checkinId }) => checkinId);
  const dossiers = await readDossiers(db, [...changed, ...(await readBeside(db, changed))]);
  const people = dossiers.flatMap(({ checkin, milestone, copies }) => [
    checkin.ownerId,
    ...aroundOf(ports.trust, [milestone]),
    ...(checkin.decidedBy === undefined ? [] : [checkin.decidedBy]),
    ...copies.filter(({ role }) => role === 'reviewer').map(({ personId }) => personId),
  ]);
  const lines = await loadLines(ports, people, now);
  const begun = await readBegun(
    db,
    dossiers.map(({ checkin }) => checkin.milestoneId),
  );
  const faces = await facesOf(ports, { lines, begun }, dossiers);
  await inTransaction(db, async (trx) => {
    const mine = await dropRefreshes(trx, notes);
    const keys = new Set(
      dossiers
        .filter(({ checkin }) => mine.has(checkin.id))
        .flatMap(({ copies }) => copies.map(({ key }) => key)),
    );
    await outbox.reviseAll(
      trx,
      faces.filter(({ key }) => keys.has(key)),
      now,
    );
    if (dossiers.some(({ checkin }) => checkin.state === 'approved' && mine.has(checkin.id)))
      await ports.approved?.(trx);
  });
  return notes.length;
}

type Known = { readonly lines: Lines; readonly begun: Awaited<ReturnType<typeof readBegun>> };

/** Cards that are drawn before whoever presses meanwhile comes first. */
const AT_A_STRETCH = 8;

/**
 * What each message of these check-ins is to show now. One that cannot be drawn is left as it is, and holds up no other. Drawn
 * before the transaction, which is then short, and a few at a stretch: presses share the thread.
 */
async function facesOf(
  { log }: Ports,
  known: Known,
  dossiers: readonly Dossier[],
): Promise<readonly { readonly key: string; readonly card: Card }[]> {
  const byKey = Map.groupBy(
    dossiers.flatMap((dossier) => dossier.copies.map(({ key }) => ({ key, dossier }))),
    ({ key }) => key,
  );
  const faces: { key: string; card: Card }[] = [];
  let drawn = 0;
  for (const [key, together] of byKey) {
    drawn += 1;
    if (drawn % AT_A_STRETCH === 0) await breath();
    try {
      const card = faceOfMessage(
        known,
        key,
        together.map(({ dossier }) => dossier),
      );
      if (card) faces.push({ key, card });
    } catch (error) {
      log.error('a check-in card could not be drawn', { key, reason: messageOf(error) });
    }
  }
  return faces;
}

/** Reviews that stand together are a list, but for the last one that still waits: that one is shown whole. */
function faceOfMessage({ lines, begun }: Known, key: string, together: readonly Dossier[]): Card | undefined {
  const [first] = together;
  const copy = first?.copies.find((one) => one.key === key);
  if (!first || !copy) return undefined;
  const face = ({ checkin, milestone, last }: Dossier) => ({
    ...faceOf(lines, checkin, milestone, last),
    begun: begun(checkin.milestoneId, copy.personId),
  });
  if (together.length === 1)
    return revisionsOf(
      face(first),
      lines.readersOf(first.checkin, first.milestone),
      [copy],
      lines.standIns(first.checkin.ownerId, first.milestone),
    )[0]?.card;
  const waiting = waitersOf(lines, copy.personId, together);
  const [only] = waiting;
  const alone = waiting.length === 1 && together.find(({ checkin }) => checkin.id === only?.checkin.id);
  if (alone) return cardFor('reviewer', face(alone));
  return reviewListCard({ reader: lines.givenName(copy.personId), waiting });
}
