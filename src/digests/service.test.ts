import { strict as assert } from 'node:assert';
import { enteredCard } from '../../test/support/access.ts';
import { directoryOf, PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { openTestStore, type TestStore } from '../../test/support/store.ts';
import { type Card, type Element, plainText } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { planOf } from '../checkins/milestone.ts';
import type { CheckinSummary } from '../checkins/summary.ts';
import { isRefusal } from '../kernel/errors.ts';
import { inTransaction } from '../storage/database.ts';
import { silentLog } from '../telemetry/log.ts';
import type { AttendanceSummary } from './ports.ts';
import { createDigests, type Digests } from './service.ts';
import { readLastDigests } from './store.ts';

const MONDAY = new Date('2026-11-23T07:45:00Z');
const NEXT = new Date('2026-11-30T07:45:00Z');
const AFTER = new Date('2026-12-07T07:45:00Z');
const ADA = { personId: 'ada', name: 'Ada Shah' };
const ATTENDANCE: AttendanceSummary = {
  week: '2026-W47',
  early: false,
  schools: [{ urn: '100001', attendedIn100: 94, gap: 'held' }],
};

let store: TestStore;
let summary: CheckinSummary;
let earlier: CheckinSummary;
let attendance: AttendanceSummary | undefined;
let digests: Digests;

function words(card: Card | undefined): string {
  return card ? plainText(card.content.body as Element[]) : '';
}

async function send(slot: string, now: Date): Promise<string[]> {
  const plan = await digests.plan({ slot, now });
  await inTransaction(store.db, (trx) => plan.write(trx));
  return plan.drafts.map((draft) => draft.key);
}

async function press(reader: { personId: string; name: string }, verb: string, id = 'mine'): Promise<string> {
  const entry = enteredCard('digests', verb, await directoryOf().holder(reader.personId));
  if (isRefusal(entry) || entry.verb === 'digests.report' || entry.verb === 'digests.store-report')
    return `refused: ${isRefusal(entry) ? entry.reason : 'another card'}`;
  const reply = await digests.act(entry, { envelope: envelope(verb, id), inputs: {} }, reader, MONDAY);
  if (reply.kind === 'refusal') return `refused: ${reply.reason}`;
  return reply.kind === 'card' ? words(reply.card) : reply.text;
}

describe('digests, through the store', () => {
  beforeEach(async () => {
    store = await openTestStore();
    const trust = sampleTrust();
    const [plan] = trust.milestones.map(planOf);
    assert.ok(plan);
    const answer = { confidence: 'high', note: '', blocker: '', evidence: '' } as const;
    summary = {
      standings: [
        {
          milestone: { ...plan, ended: false },
          priorityId: 'disadvantage',
          answer: { ...answer, status: 'at-risk' },
          overdue: false,
        },
      ],
      waiting: [],
    };
    earlier = {
      waiting: [],
      standings: summary.standings.map((one) => ({
        ...one,
        ...(one.answer ? { answer: { ...one.answer, status: 'off-track' as const } } : {}),
      })),
    };
    attendance = ATTENDANCE;
    digests = createDigests({
      db: store.db,
      trust,
      directory: directoryOf(PEOPLE),
      checkins: { summary: async () => summary, summaryAt: async () => earlier },
      attendance: { attendanceSummary: async () => attendance },
      log: silentLog,
    });
  });
  afterEach(async () => store.drop());

  it('come to a head on days of their school’s calendar, and to the trust’s leaders on the trust’s', async () => {
    const dayOf = (own: boolean, trust: boolean) => ({ trust, schools: new Map([['100001', own]]) });
    const to = async (own: boolean, trust: boolean) => {
      const planned = await digests.plan({ slot: 's', now: MONDAY, dayOf: dayOf(own, trust) });
      const keys = planned.drafts.map(({ key }) => key).sort();
      const readers = await digests.readersOn('2026-11-23', MONDAY, dayOf(own, trust));
      for (const key of keys) assert.ok(readers.has(key.slice('s/'.length)), key);
      return keys;
    };
    const [all, own, trusts] = [await to(true, true), await to(true, false), await to(false, true)];
    assert.ok(own.includes('s/head1') && !own.includes('s/ada'), own.join());
    assert.ok(trusts.includes('s/ada') && !trusts.includes('s/head1'), trusts.join());
    assert.deepEqual([...own, ...trusts].sort(), all, 'nobody is left out, nobody has two');
    assert.deepEqual(await to(false, false), []);
  });

  it('gives each reader one card a slot, and keeps it as it stood', async () => {
    const wanted = ['digest/2026-W48/ada', 'digest/2026-W48/cho', 'digest/2026-W48/head1'];
    assert.deepEqual(await send('digest/2026-W48', MONDAY), wanted, 'head2 has nothing to read');
    await send('digest/2026-W48', MONDAY);
    const rows = await store.db.selectFrom('digests').select('person_id').orderBy('person_id').execute();
    assert.deepEqual(
      rows.map((row) => row.person_id),
      ['ada', 'cho', 'head1'],
    );
    const kept = async (date: string) => (await readLastDigests(store.db, ['ada'], date)).get('ada');
    const stood = await kept('2026-11-25');
    assert.equal(stood?.statuses.atRisk, 1);
    assert.equal(stood?.attendance?.schools[0]?.attendedIn100, 94);
    assert.deepEqual(stood?.attendance?.without, ['Quayside School']);
    assert.equal(await kept('2026-11-22'), undefined);
  });

  it('says the next week what moved', async () => {
    await send('digest/2026-W48', MONDAY);
    summary = {
      ...summary,
      standings: summary.standings.map((standing) => ({
        ...standing,
        ...(standing.answer ? { answer: { ...standing.answer, status: 'on-track' as const } } : {}),
      })),
    };
    const plan = await digests.plan({ slot: 'digest/2026-W49', now: NEXT });
    assert.match(words(plan.drafts[0]?.card), /Since 23 November: one moved up\./);
  });

  it('sends every second week to those who want fewer, until they want them again', async () => {
    await send('digest/2026-W48', MONDAY);
    assert.match(await press(ADA, 'digests.fewer'), /Every second week/);
    // Whoever has no digest this week gets an attendance card of their own by itself.
    const readers = async (date: string, now: Date) => (await digests.readersOn(date, now)).has('ada');
    assert.equal(await readers('2026-11-30', NEXT), false);
    assert.ok(!(await send('digest/2026-W49', NEXT)).includes('digest/2026-W49/ada'));
    assert.equal(await readers('2026-12-07', AFTER), true);
    // On the day after, only those who were sent one have one.
    assert.equal(await readers('2026-11-23', new Date('2026-11-24T07:30:00Z')), true);
    assert.equal(await readers('2026-11-30', new Date('2026-12-01T07:30:00Z')), false);
    assert.ok((await send('digest/2026-W50', AFTER)).includes('digest/2026-W50/ada'));
    assert.match(await press(ADA, 'digests.weekly'), /Every week again/);
    const audit = await store.db.selectFrom('audit').select('action').orderBy('seq').execute();
    assert.deepEqual(
      audit.map((row) => row.action),
      ['digests.fewer', 'digests.weekly'],
    );
  });

  it('opens for whoever presses only what is theirs, whatever the card says', async () => {
    assert.match(await press(ADA, 'digests.refresh', 'head1'), /^Tideway/);
    assert.match(
      await press({ personId: 'head1', name: 'Jo' }, 'digests.refresh', 'ada'),
      /^Harbour Primary/,
    );
    assert.equal(
      await press({ personId: 'tom', name: 'Tom' }, 'digests.refresh', 'ada'),
      'refused: no-digest',
    );
    assert.equal(await press(ADA, 'digests.erase'), 'refused: unknown-card');
  });

  it('answers the word "digest", and says so plainly when there is nothing', async () => {
    const ada = await digests.onDemand(ADA, MONDAY);
    assert.match(words(ada.card), /Whole school|Disadvantage first/);
    const tom = await digests.onDemand({ personId: 'tom', name: 'Tom' }, MONDAY);
    assert.match(tom.text ?? '', /Nothing waits for you/);
    attendance = undefined;
    assert.match(words((await digests.onDemand(ADA, MONDAY)).card), /Milestones: one at risk\./);
  });

  it('leaves out a leader who is no longer staff', async () => {
    const gone = PEOPLE.map((person) => (person.id === 'ada' ? { ...person, staff: false } : person));
    const other = createDigests({
      db: store.db,
      trust: sampleTrust(),
      directory: directoryOf(gone),
      checkins: { summary: async () => summary, summaryAt: async () => earlier },
      attendance: { attendanceSummary: async () => attendance },
      log: silentLog,
    });
    const plan = await other.plan({ slot: 's', now: MONDAY });
    assert.ok(!plan.drafts.some((draft) => draft.key.endsWith('/ada')));
  });

  it('tells of a past day as it stood, and what has changed since one, in today’s scope', async () => {
    const ask = async (text: string, reader = ADA) => {
      const reply = await digests.request(text, reader, MONDAY);
      return reply && (reply.card ? words(reply.card) : reply.text);
    };
    assert.match(
      (await ask('digest on 9 November')) ?? '',
      /^Tideway, as it stood on 9 November 2026\.\n.*\n?Milestones: one off track/s,
    );
    assert.match(
      (await ask('What changed since 2 November?')) ?? '',
      /^Tideway: since 2 November\nMilestones: one moved up\.\nOn track 0 then, 0 now; at risk 0 then, 1 now; off track 1 then, 0 now\./,
    );
    assert.match((await ask('how is the trust doing')) ?? '', /^Tideway, Monday 23 November/);
    assert.match((await ask('digest on 30 November 2026')) ?? '', /Which day do you mean/);
    const tom = { personId: 'tom', name: 'Tom' };
    assert.equal(await ask('digest on 9 November', tom), undefined);
    assert.equal(await ask('what changed since 2 November', tom), undefined);
    assert.match(
      (await ask('digest on 9 November', { personId: 'head1', name: 'Jo' })) ?? '',
      /^Harbour Primary/,
    );
  });

  it('compares with last term by a button, and says so when there was none', async () => {
    assert.equal(await press(ADA, 'digests.compare'), 'refused: no-term');
  });

  it('is silent where the trust wants no digest that says nothing new, and keeps it all the same', async () => {
    await send('digest/2026-W48', MONDAY);
    assert.match(
      words((await digests.plan({ slot: 's', now: NEXT })).drafts[0]?.card),
      /Nothing has changed since Monday 23 November/,
    );
    const trust = sampleTrust();
    const quiet = createDigests({
      db: store.db,
      trust: { ...trust, policies: { ...trust.policies, digest_unchanged: 'silent' } },
      directory: directoryOf(PEOPLE),
      checkins: { summary: async () => summary, summaryAt: async () => earlier },
      attendance: { attendanceSummary: async () => attendance },
      log: silentLog,
    });
    const plan = await quiet.plan({ slot: 's', now: NEXT });
    assert.deepEqual(plan.drafts, []);
    await inTransaction(store.db, (trx) => plan.write(trx));
    assert.equal((await readLastDigests(store.db, ['ada'], '2026-11-30')).get('ada')?.date, '2026-11-30');
  });

  it('says why it comes, and comes less often still when asked twice', async () => {
    assert.match(await press({ personId: 'head1', name: 'Jo' }, 'digests.why'), /Why you are seeing this/);
    await press(ADA, 'digests.fewer');
    assert.match(await press(ADA, 'digests.fewer'), /Every fourth week/);
    assert.match(await press(ADA, 'digests.weekly'), /Every week again/);
  });
});
