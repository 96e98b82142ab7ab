import { strict as assert } from 'node:assert';
import { ANSWER, standing, TRUST } from '../../test/support/digest-facts.ts';
import { parserRemarks } from '../../test/support/outside-parser.ts';
import type { Card } from '../cards/elements.ts';
import { cardProblems } from '../cards/size.ts';
import type { Standing } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { appointmentsOf } from '../directory/appointing.ts';
import { must } from '../kernel/guards.ts';
import { scopeOf } from './audience.ts';
import { digestCard } from './card.ts';
import { changesCard } from './changes.ts';
import { composeDigest } from './compose.ts';
import { whyCard } from './why.ts';

const SCHOOLS = 25;
/** As long as people make them, in letters of one, two, three and four bytes, with signs that Markdown means something by. */
const ALPHABETS: Readonly<Record<string, string>> = {
  plain:
    'Our Lady and Saint Thomas of Canterbury Roman Catholic and Church of England Voluntary Aided Primary School ',
  escaped: 'The *Star* of_the_Sea [Infant] & Junior #1 School ~ a `place` for | everyone\\ ',
  arabic: 'مدرسة النجمة البحرية الابتدائية للبنين والبنات في المدينة القديمة ',
  hindi: 'समुद्र तारा प्राथमिक विद्यालय बालक एवं बालिका पुराना शहर ',
  emoji: '🏫🌟👩‍🏫🚸📚🎒🏴󠁧󠁢󠁥󠁮󠁧󠁿👨‍👩‍👧‍👦 ',
};

function long(letters: string, length: number, number: number): string {
  return [...`${number} ${letters.repeat(Math.ceil(length / letters.length))}`].slice(0, length).join('');
}

function world(letters: string) {
  const school = must(TRUST.schools[0], 'a school');
  const schools = Array.from({ length: SCHOOLS }, (_, index) => ({
    ...school,
    urn: String(100_001 + index),
    name: long(letters, 110, index),
    head: 'ada',
  }));
  const priorities = Array.from({ length: 8 }, (_, index) => ({
    id: `p${index}`,
    name: long(letters, 100, index),
    lead: 'ada',
    strands: Array.from({ length: 4 }, (__, place) => ({
      id: `s${index}-${place}`,
      name: long(letters, 80, place),
    })),
  }));
  const trust: Trust = { ...TRUST, schools, priorities };
  const first = standing('m1', 'on-track');
  const standings = Array.from(
    { length: 300 },
    (_, index): Standing => ({
      ...first,
      milestone: {
        ...first.milestone,
        id: `m${index}`,
        title: long(letters, 160, index),
        schoolUrn: must(schools[index % SCHOOLS], 'a school').urn,
        strand: `s${index % 8}-${index % 4}`,
        ownerId: `person${index}`,
        due: '2026-10-01',
      },
      priorityId: `p${index % 8}`,
      managerId: 'ada',
      ownerName: long(letters, 60, index),
      overdue: true,
      answer: { ...ANSWER, status: 'off-track', blocker: long(letters, 300, index) },
    }),
  );
  return { trust, standings };
}

function digestIn(letters: string, isLeader: boolean) {
  const { trust: made, standings } = world(letters);
  const trust = { ...made, leaders: isLeader ? ['ada'] : ['cho'] };
  return {
    trust,
    digest: composeDigest({
      trust,
      reader: { personId: 'ada', givenName: 'Ada' },
      scope: scopeOf(appointmentsOf(trust), 'ada'),
      date: '2026-11-23',
      attendance: {
        week: '2026-W47',
        early: true,
        schools: trust.schools.map(({ urn }, index) => ({
          urn,
          attendedIn100: 94,
          bound: ' or more',
          gap: 'narrowed',
          missedByTen: { disadvantaged: 5, others: 2 },
          queried: true,
          ...(index % 5 === 0 ? { week: '2026-W46' } : {}),
        })),
        trust: { schools: 25, of: 25, attendedIn100: 93, missedByTen: { disadvantaged: 5, others: 2 } },
      },
      weeks: ['2026-10-05', '2026-10-12', '2026-10-19', '2026-11-02', '2026-11-09', '2026-11-16'].map(
        (monday) => ({
          monday,
          gap: { disadvantaged: 12, others: 11 },
        }),
      ),
      nudge: { line: long(letters, 200, 1), id: `${'x'.repeat(60)}`, queried: true },
      checkins: {
        standings,
        waiting: standings.slice(0, 60).map(({ milestone, ownerName = '' }, index) => ({
          checkinId: `c${index}`.padEnd(40, 'x'),
          version: 3,
          milestone,
          ownerId: milestone.ownerId,
          ownerName,
          reviewerId: 'ada',
          status: 'at-risk',
        })),
      },
      reasons: new Map(),
      mailOf: (id) => `${id}.${'long'.repeat(10)}@tideway.example`,
      matters: {
        themes: Array.from({ length: 20 }, (_, index) => ({ label: long(letters, 60, index), people: 6 })),
        documents: Array.from({ length: 20 }, (_, index) => ({
          title: long(letters, 120, index),
          ownerId: 'ada',
          toAll: true,
          url: `https://tideway.example/${'documents/'.repeat(12)}${index}`,
        })),
      },
      last: {
        date: '2026-11-16',
        statusOf: Object.fromEntries(standings.map(({ milestone }) => [milestone.id, 'on-track' as const])),
      },
    }),
  };
}

function holds(card: Card, what: string): void {
  assert.deepEqual(cardProblems(card, { lines: 7 }), [], what);
  assert.deepEqual(parserRemarks(card), [], what);
  assert.ok(
    JSON.stringify(card).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(card)),
    `${what}: no half of a letter`,
  );
}

describe('a digest of the largest trust with the longest names', () => {
  for (const [name, letters] of Object.entries(ALPHABETS))
    for (const isLeader of [true, false])
      it(`fits into a message: ${name}, ${isLeader ? 'leader' : 'head of all and lead of eight priorities'}`, () => {
        const { trust, digest } = digestIn(letters, isLeader);
        const card = digestCard(digest, {
          everyWeeks: 2,
          reports: true,
          notice: 'Every second week from now on.',
        });
        const text = JSON.stringify(card.content);
        holds(card, name);
        holds(digestCard(digest, { past: true }), `${name}, past`);
        holds(digestCard(digest, { everyWeeks: 1, unchangedSince: '2026-11-16' }), `${name}, unchanged`);
        for (const verb of ['digests.refresh', 'digests.why'])
          assert.ok(text.includes(`"verb":"${verb}"`), verb);
        const scope = scopeOf(appointmentsOf(trust), 'ada');
        holds(whyCard(trust, scope, { people: 300, everyWeeks: 1 }), `${name}, why`);
        const titles = new Map(Object.keys(digest.statusOf).map((id) => [id, long(letters, 160, 1)]));
        const before = {
          ...digest,
          date: '2026-10-23',
          statusOf: Object.fromEntries(Object.keys(digest.statusOf).map((id) => [id, 'on-track' as const])),
        };
        holds(changesCard({ before, now: digest, name: 'half-term', titles }), `${name}, changes`);
      });
});
