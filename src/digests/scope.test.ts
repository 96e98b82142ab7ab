import { strict as assert } from 'node:assert';
import { strFromU8, unzipSync } from 'fflate';
import { parserRemarks } from '../../test/support/outside-parser.ts';
import { type MilestoneInput, sampleTrust } from '../../test/support/school.ts';
import { appointed } from '../access/appointments.ts';
import { type Element, plainText } from '../cards/elements.ts';
import { cardProblems } from '../cards/size.ts';
import type { Status } from '../checkins/lifecycle.ts';
import { planOf } from '../checkins/milestone.ts';
import type { CheckinSummary, Standing } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { appointmentsOf } from '../directory/appointing.ts';
import { isRefusal } from '../kernel/errors.ts';
import { type Seeded, seeded } from '../kernel/seeded.ts';
import type { Db } from '../storage/database.ts';
import { silentLog } from '../telemetry/log.ts';
import { answerStanding } from './asked-service.ts';
import { reportScopeOf, scopeOf } from './audience.ts';
import { digestCard } from './card.ts';
import { changesCard } from './changes.ts';
import { composeDigest, type Digest, isEmpty, placeOf } from './compose.ts';
import type { AttendanceSummary, GapMove, OpenMatters } from './ports.ts';
import { composeReport } from './report.ts';
import { reportFiles } from './report-service.ts';
import { whyCard } from './why.ts';

const DRAWS = 10_000;
/** Making files takes a hundred times as long as composing what they hold. */
const FILES_EACH = 40;
const NOW = new Date('2026-11-23T08:00:00Z');
const PEOPLE = Array.from({ length: 12 }, (_, index) => `person${index}`);
const TEAMS = ['inclusion', 'premises'];
const STRANDS = ['attendance', 'families', 'reading', 'writing'];

/** Everything that could be shown carries the name of what it belongs to, so that a leak can be read off the text. */
type World = {
  readonly trust: Trust;
  readonly checkins: CheckinSummary;
  readonly attendance: AttendanceSummary;
  readonly matters: OpenMatters;
};

function makeWorld(random: Seeded): World {
  const urns = Array.from({ length: random.whole(1, 6) }, (_, index) => String(100_001 + index));
  const person = () => random.pick(PEOPLE as [string, ...string[]]);
  const milestones = Array.from({ length: random.whole(1, 10) }, (_, index): MilestoneInput => {
    const school = random.chance(0.4) ? undefined : random.pick(urns as [string, ...string[]]);
    const strand = random.pick(STRANDS as [string, ...string[]]);
    return { id: `m${index}`, title: `Title-m${index}x`, owner: person(), school, strand };
  });
  const base = sampleTrust([]);
  const [school] = base.schools;
  assert.ok(school);
  const trust: Trust = {
    ...base,
    leaders: [person()],
    teams: TEAMS.map((id) => ({ id, name: `Team-${id}`, lead: person() })),
    schools: urns.map((urn) => ({ ...school, urn, name: `School-${urn}`, head: person() })),
    priorities: [STRANDS.slice(0, 2), STRANDS.slice(2)].map((strands, index) => ({
      id: `p${index}`,
      name: `Priority-${index}`,
      lead: person(),
      strands: strands.map((id) => ({
        id,
        name: `Strand-${id}`,
        ...(random.chance(0.5) ? { lead: person() } : {}),
      })),
    })),
  };
  const parsed = sampleTrust(milestones.map((one) => ({ ...one, strand: 'families', school: '100001' })));
  const standings = parsed.milestones.map((written, index): Standing => {
    const drawn = milestones[index];
    const status = random.pick(['on-track', 'at-risk', 'off-track', undefined] as const);
    const approved = random.chance(0.7);
    const { schoolUrn: _school, ...plan } = planOf(written);
    const strand = String(drawn?.strand);
    return {
      milestone: {
        ...plan,
        strand,
        ...(drawn?.school
          ? { schoolUrn: String(drawn.school) }
          : random.chance(0.7)
            ? { teamId: random.pick(TEAMS as [string, ...string[]]) }
            : {}),
        due: random.pick(['2026-11-01', '2027-07-01']),
        ended: false,
      },
      priorityId: STRANDS.indexOf(strand) < 2 ? 'p0' : 'p1',
      ...(status && approved
        ? { answer: answerOf(status, `Blocker-m${index}x ${random.pick(PEOPLE as [string, ...string[]])}`) }
        : {}),
      overdue: random.chance(0.3),
      ownerName: `Owner-m${index}x`,
      managerId: person(),
    };
  });
  const gap = () => random.pick<GapMove>(['narrowed', 'held', 'widened', 'too-few', 'unknown']);
  return {
    trust,
    checkins: {
      standings,
      waiting: standings.slice(0, 3).map(({ milestone }) => ({
        checkinId: `Checkin-${milestone.id}x`,
        version: 1,
        milestone: { ...milestone, title: `Waiting-${milestone.id}x` },
        ownerId: milestone.ownerId,
        ownerName: `Waits-${milestone.id}x`,
        reviewerId: person(),
        status: 'at-risk',
      })),
    },
    attendance: {
      week: '2026-W47',
      early: true,
      schools: urns.map((urn) => ({
        urn,
        gap: gap(),
        attendedIn100: 90,
        missedByTen: { disadvantaged: 5, others: 2 },
      })),
      trust: { schools: urns.length, of: urns.length, attendedIn100: 77 },
    },
    matters: {
      themes: [{ label: 'Theme-words', people: 3 }],
      documents: PEOPLE.slice(0, 4).map((ownerId, index) => ({
        title: `Document-${ownerId}x`,
        ownerId,
        toAll: index % 2 === 0,
        url: `https://tideway.example/Document-${ownerId}x`,
      })),
    },
  };
}

function answerOf(status: Status, blocker: string) {
  return { status, confidence: 'high' as const, note: 'Note-never-shown', blocker, evidence: '' };
}

function digestFor(world: World, personId: string): Digest {
  const { trust } = world;
  const scope = scopeOf(appointmentsOf(trust), personId);
  const place = placeOf(trust, scope);
  const weeks = ['2026-11-02', '2026-11-09', '2026-11-16'].map((monday) => ({
    monday,
    gap: { disadvantaged: 5, others: place?.kind === 'trust' ? 88 : 2 },
  }));
  return composeDigest({
    ...world,
    scope,
    reader: { personId, givenName: 'Jo', names: [personId] },
    // Of every other thing that waits, as if for everybody: what is not the reader's must be left out by the digest.
    reasons: new Map(
      world.checkins.waiting
        .filter((_one, index) => index % 2 === 0)
        .map(({ checkinId }) => [checkinId, `why ${checkinId}`]),
    ),
    mailOf: (id) => `mail-${id}@tideway.example`,
    date: '2026-11-23',
    weeks,
    last: undefined,
  });
}

/** What a reader may be shown, worked out by its own rules from the world, not by the service's. */
function forbiddenFor({ trust, checkins, matters }: World, personId: string): RegExp[] {
  const leader = trust.leaders.includes(personId);
  const heads = new Set(trust.schools.filter(({ head }) => head === personId).map(({ urn }) => urn));
  const teams = new Set(trust.teams.filter(({ lead }) => lead === personId).map(({ id }) => id));
  const leadOf = (strand: string) =>
    trust.priorities.some(
      ({ lead, strands }) =>
        strands.some(({ id }) => id === strand) &&
        (lead === personId || strands.some((one) => one.id === strand && one.lead === personId)),
    );
  const attendanceStrand = trust.priorities.flatMap(({ lead, strands }) =>
    strands.filter(({ id }) => id === 'attendance').map((strand) => strand.lead ?? lead),
  );
  const seesAll = leader || attendanceStrand.includes(personId);
  const hidden: string[] = ['Note-never-shown'];
  for (const { milestone, managerId, overdue, answer } of checkins.standings) {
    const { id, schoolUrn, teamId, strand } = milestone;
    const inScope =
      leader ||
      managerId === personId ||
      leadOf(strand) ||
      (schoolUrn !== undefined && heads.has(schoolUrn)) ||
      (teamId !== undefined && teams.has(teamId));
    if (!inScope) hidden.push(`Title-${id}x`);
    if (!inScope || !answer) hidden.push(`Blocker-${id}x`, `"(?:id|milestoneId)":"${id}"`);
    if (managerId !== personId || !overdue) hidden.push(`Owner-${id}x`);
  }
  const own = checkins.standings.filter(({ managerId, overdue }) => managerId === personId && overdue);
  for (const person of PEOPLE)
    if (!own.some(({ milestone }) => milestone.ownerId === person)) hidden.push(`mail-${person}(?:@|%40)`);
  for (const { milestone, reviewerId } of checkins.waiting)
    if (reviewerId !== personId)
      hidden.push(`Waiting-${milestone.id}x`, `Waits-${milestone.id}x`, `Checkin-${milestone.id}x`);
  for (const { urn } of trust.schools)
    if (!seesAll && !heads.has(urn)) hidden.push(`"urn":"${urn}"`, `School-${urn}`);
  const all = trust.schools.every(({ urn }) => heads.has(urn));
  if (!seesAll && !all) hidden.push('\\b77\\b', '\\b88\\b');
  if (!leader) hidden.push('Theme-words');
  for (const { title, ownerId, toAll } of matters.documents)
    if (ownerId !== personId && !(leader && toAll)) hidden.push(title);
  return hidden.map((text) => new RegExp(text));
}

/** What a chat answer reads: all of the world, so that what is not the reader's must be left out by the answer. */
function portsOf({ trust, checkins, attendance }: World): Parameters<typeof answerStanding>[0] {
  return {
    trust,
    directory: {
      people: async () => [],
      staff: async () => [],
      appointments: async () => appointmentsOf(trust),
    },
    checkins: { summary: async () => checkins, summaryAt: async () => checkins },
    attendance: { attendanceSummary: async () => attendance },
    db: NO_DB,
    log: silentLog,
  };
}

/** An answer reads no table of its own; one that began to would say so. */
const NO_DB = new Proxy({} as Db, {
  get: () => {
    throw new Error('an answer read the store beside its ports');
  },
});

function betterOnes(statusOf: Digest['statusOf']): Digest['statusOf'] {
  return Object.fromEntries(Object.keys(statusOf).map((id) => [id, 'on-track' as const]));
}

describe('the scope of a digest', () => {
  it(`holds over ${DRAWS} draws of people, roles and schools: in the data, the card, its charts, its why, what changed and answers`, async function () {
    this.timeout(180_000);
    let [full, charts, answers] = [0, 0, 0];
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const random = seeded(draw + 1);
      const world = makeWorld(random);
      const personId = random.pick(PEOPLE as [string, ...string[]]);
      const digest = digestFor(world, personId);
      const card = digestCard(digest, { everyWeeks: 1 });
      const why = whyCard(world.trust, scopeOf(appointmentsOf(world.trust), personId), {
        people: 1,
        everyWeeks: 1,
      });
      const changed = changesCard({
        before: { ...digest, date: '2026-11-16', statusOf: betterOnes(digest.statusOf) },
        now: digest,
        name: 'half-term',
        titles: new Map(world.checkins.standings.map(({ milestone }) => [milestone.id, milestone.title])),
      });
      const answer = await answerStanding(
        portsOf(world),
        random.pick([
          'How are we doing on Priority-0?',
          'How were we doing on Strand-reading on 20 November?',
        ]),
        { personId, name: 'Jo' },
        NOW,
      );
      answers += Number(answer !== undefined);
      const text = JSON.stringify([digest, card, why, changed, answer ?? '']);
      for (const pattern of forbiddenFor(world, personId))
        assert.ok(!pattern.test(text), `draw ${draw}, ${personId}: ${pattern} in ${text}`);
      if (isEmpty(digest)) continue;
      full += 1;
      charts += text.split('"Chart.').length - 1;
      assert.deepEqual(
        cardProblems(card, { lines: 7 }),
        [],
        `draw ${draw}: ${plainText(card.content.body as Element[])}`,
      );
      if (draw % 20 === 0) assert.deepEqual(parserRemarks(card), [], `draw ${draw}`);
    }
    assert.ok(full > DRAWS / 2 && charts > DRAWS / 2, `${full} digests, ${charts} charts`);
    assert.ok(answers > DRAWS / 2, `${answers} answers`);
  });

  it(`holds in the term report and the names of its files over ${DRAWS} draws, and in every part of the files themselves; others get none`, async function () {
    this.timeout(120_000);
    let [made, files] = [0, 0];
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const random = seeded(draw + 50_001);
      const drawn = makeWorld(random);
      const personId = random.pick(PEOPLE as [string, ...string[]]);
      const ceo = random.pick(PEOPLE as [string, ...string[]]);
      const world = { ...drawn, trust: { ...drawn.trust, trust: { ...drawn.trust.trust, ceo } } };
      const { trust, checkins } = world;
      const heads = trust.schools.filter(({ head }) => head === personId).map(({ urn }) => urn);
      const scope = reportScopeOf(trust, appointed(appointmentsOf(trust), personId));
      assert.equal(!isRefusal(scope), personId === ceo || heads.length > 0);
      if (isRefusal(scope)) continue;
      made += 1;
      const week = (urn: string) => ({ week: '2026-W47', monday: '2026-11-16', attendance: `share-${urn}` });
      const report = composeReport({
        trust,
        scope,
        term: { term: 2, year: '2026/27', from: '2026-11-02', to: '2026-12-18', asOf: '2026-11-23' },
        now: checkins,
        before: checkins,
        publicly: (text) => text,
        figures: {
          schools: trust.schools.map(({ urn }) => ({ urn, weeks: [week(urn)], benchmarks: [] })),
          trust: [{ ...week('together'), schools: 2, of: 2 }],
        },
      });
      const text = JSON.stringify(report);
      assert.doesNotMatch(text, /person\d|Owner-|Waiting-|Blocker-/, 'no person and nothing in the way');
      if (personId === ceo) continue;
      const strange = trust.schools.filter(({ urn }) => !heads.includes(urn)).map(({ urn }) => urn);
      const foreign = checkins.standings.filter(
        ({ milestone }) => milestone.schoolUrn === undefined || !heads.includes(milestone.schoolUrn),
      );
      const hidden = new RegExp(
        [
          'share-together',
          ...strange.map((urn) => `share-${urn}|School-${urn}|school-${urn}`),
          ...foreign.map(({ milestone }) => `Title-${milestone.id}x`),
        ].join('|'),
      );
      assert.doesNotMatch(text, hidden);
      for (const { milestone, answer } of checkins.standings)
        if (!answer) assert.ok(!text.includes(`"${milestone.id}","status":`));
      if (draw % FILES_EACH !== 0) continue;
      // The alternative texts of tables, the properties and the names of sheets are among the parts.
      for (const { name, bytes } of await reportFiles(report)) {
        assert.doesNotMatch(name, hidden);
        for (const [part, content] of Object.entries(unzipSync(bytes)))
          assert.doesNotMatch(strFromU8(content), hidden, `draw ${draw}, ${part}`);
        files += 1;
      }
    }
    assert.ok(files > DRAWS / FILES_EACH / 5, `${files} files`);
    assert.ok(made > DRAWS / 5, `${made} reports`);
  });

  it('is looked at by a parser that would say so: an element it does not know, a column without a width', () => {
    const card = digestCard(digestFor(makeWorld(seeded(1)), 'person0'), {});
    const broken = {
      ...card,
      content: { ...card.content, body: [{ type: 'Chart', id: 'x' }, { type: 'TextBlock' }] },
    };
    assert.ok(parserRemarks(broken).length > 0);
  });
});
