/** Check-ins on a store of their own, with people at hand to press and an outbox that keeps what it is given. */
import { strict as assert } from 'node:assert';
import { holdingBack, pupilNames } from '../../src/app/pupil-names.ts';
import { type Card, type Element, plainText } from '../../src/cards/elements.ts';
import { type CardCommand, envelope, type Inputs } from '../../src/cards/envelope.ts';
import type { CardReply } from '../../src/cards/reply.ts';
import { cardProblems } from '../../src/cards/size.ts';
import type { AskDay } from '../../src/checkins/asks-service.ts';
import { type Checkins, createCheckins } from '../../src/checkins/service.ts';
import { readLive } from '../../src/checkins/store.ts';
import type { Trust } from '../../src/config/trust.ts';
import type { Person } from '../../src/directory/model.ts';
import { isRefusal } from '../../src/kernel/errors.ts';
import { type Db, inTransaction } from '../../src/storage/database.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { enteredCard } from './access.ts';
import { directoryOf, type KeptOutbox, keepingOutbox, PEOPLE, sampleTrust } from './school.ts';
import { openTestStore, type TestStore } from './store.ts';

export const MONDAY = { date: '2026-11-23', now: new Date('2026-11-23T08:00:00Z') };
export const TOM = { personId: 'tom', name: 'Tom Reed' };
export const JO = { personId: 'head1', name: 'Jo Marsh' };
export const EVE = { personId: 'max', name: 'Max Birch' };
export const UPDATE: Inputs = {
  status: 'at-risk',
  confidence: 'medium',
  value: '104',
  note: 'Evening calls are working.',
  blocker: 'Waiting on the council',
  evidence: 'https://tideway.sharepoint.example/minutes',
};

export let store: TestStore;
export let outbox: KeptOutbox;
export let checkins: Checkins;
let holders = directoryOf().holder;

/** The directory asks the store each time, as the real one does: inside a transaction the embedded store would hang. */
function build(trust = sampleTrust(), people: readonly Person[] = PEOPLE, db = store.db): Checkins {
  const directory = directoryOf(people, trust);
  holders = directory.holder;
  return createCheckins({
    db,
    trust,
    directory: {
      people: async (ids) => {
        await store.db.selectFrom('audit').select('seq').limit(1).execute();
        return directory.people(ids);
      },
      staff: directory.staff,
      holder: directory.holder,
    },
    outbox,
    schoolDays: {
      isSchoolDay: () => true,
      termsOf: () => [{ term: 2, from: '2026-11-02', to: '2026-12-18' }],
    },
    namesPupil: pupilNames(trust, directory),
    holdsBack: holdingBack(pupilNames(trust, directory)),
    log: silentLog,
  });
}

/** Check-ins anew, as after a restart with another file or another directory; on another view of the store. */
export function rebuild(trust?: Trust, people?: readonly Person[], db?: Db): Checkins {
  checkins = build(trust, people, db);
  return checkins;
}

/** A fresh store, outbox and check-ins of the sample trust before each test. Call inside `describe`. */
export function useDesk(): void {
  beforeEach(async () => {
    store = await openTestStore();
    outbox = keepingOutbox();
    await rebuild().syncMilestones(MONDAY.now);
  });
  afterEach(async () => store.drop());
}

export async function ask(day: AskDay = MONDAY): Promise<string[]> {
  const plan = await checkins.planAsks(day);
  const keys = await inTransaction(store.db, async (trx) => {
    const drafts = await plan.write(trx);
    await outbox.enqueue(trx, `check_ins/${day.date}`, drafts, day.now);
    return drafts.map((draft) => draft.key);
  });
  await checkins.cards.drain(day.now);
  return keys;
}

export async function liveOf(milestoneId = 'm1') {
  const found = (await readLive(store.db)).find((checkin) => checkin.milestoneId === milestoneId);
  assert.ok(found, `a live check-in of ${milestoneId}`);
  return found;
}

export async function press(
  person: { personId: string; name: string },
  verb: string,
  at: { id: string; version: number },
  inputs: Inputs = {},
  now = MONDAY.now,
): Promise<string> {
  const command = { envelope: envelope(verb, at.id, at.version), inputs };
  const reply = said(await act(command, person, now));
  await checkins.cards.drain(now);
  return reply;
}

/** A press in one's own chat, judged at the edge as the bot does. */
export async function act(
  command: CardCommand,
  person: { personId: string; name: string },
  now: Date,
): Promise<CardReply> {
  const entry = enteredCard('checkins', command.envelope.verb, await holders(person.personId));
  if (isRefusal(entry)) return entry;
  if (entry.verb === 'checkins.send-draft' || entry.verb === 'checkins.drop-draft')
    throw new Error(`${entry.verb} is for whoever reads replies`);
  return checkins.act(entry, command, person, now);
}

export function said(reply: CardReply): string {
  if (reply.kind === 'refusal') return `refused: ${reply.reason}`;
  if (reply.kind === 'text') return reply.text;
  assert.deepEqual(cardProblems(reply.card), []);
  return words(reply.card);
}

export function words(card: Card): string {
  return plainText(card.content.body as Element[]);
}

export async function count(table: 'checkin_history' | 'audit' | 'milestone_history'): Promise<number> {
  return (await store.db.selectFrom(table).selectAll().execute()).length;
}
