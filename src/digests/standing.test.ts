import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import type { Answer } from '../checkins/lifecycle.ts';
import type { Standing } from '../checkins/summary.ts';
import { loadTrust } from '../config/load.ts';
import { must } from '../kernel/guards.ts';
import { standingAsked, standingReply, topicAsked } from './standing.ts';

const trust = sampleTrust();
const topic = must(topicAsked(trust, 'How are we doing on disadvantage first?'), 'a topic');

function standing(title: string, answer: Partial<Answer> | undefined): Standing {
  const full = {
    status: 'on-track',
    confidence: 'high',
    note: '',
    blocker: '',
    evidence: '',
    ...answer,
  } as const;
  const milestone = {
    id: title,
    title,
    strand: 'families',
    ownerId: 'tom',
    measure: 'Families',
    unit: 'families',
    target: 150,
    due: '2026-12-11',
    everyWeeks: 3,
    firstRound: '2026-11-23',
    ended: false,
  };
  return {
    milestone,
    priorityId: topic.id,
    ...(answer ? { answer: full } : {}),
    ...(answer?.value === undefined ? {} : { figure: `${answer.value} of 150 families` }),
    overdue: false,
  };
}

describe('a question about how a priority stands', () => {
  it('is known by the priority’s name, and by nothing less', () => {
    const named = (text: string) => topicAsked(trust, text)?.id;
    for (const text of [
      'How are we doing on disadvantage first?',
      'how are we getting on with Disadvantage First',
      'Where do we stand on disadvantage first?',
      "How's disadvantage first going?",
      'How are we doing on our priority "disadvantage first"?',
    ])
      assert.equal(named(text), 'disadvantage', text);
    assert.equal(named('How are we doing with families?'), 'families', 'a strand of it');
    for (const text of [
      'What is disadvantage first?',
      'How are we doing on Fridays?',
      'How are we doing?',
      '',
    ])
      assert.equal(named(text), undefined, text);
  });

  it('is known with a past day, as people name days, and asks back where there is none', () => {
    const terms = [
      { term: 1, from: '2026-09-01', to: '2026-10-23' },
      { term: 2, from: '2026-11-02', to: '2026-12-18' },
    ];
    const asked = (text: string) => {
      const found = standingAsked(trust, text, { today: '2026-12-09', terms });
      const day = typeof found?.day === 'object' ? found.day.date : found?.day;
      return found && `${found.topic.id} ${day ?? 'now'}`;
    };
    for (const [text, wanted] of [
      ['How were we doing on disadvantage first on 1 December?', 'disadvantage 2026-12-01'],
      ['how were we doing with families yesterday', 'families 2026-12-08'],
      ['How well were we doing on families at half-term?', 'families 2026-10-23'],
      ['Where did we stand on disadvantage first on Monday 30th November 2026?', 'disadvantage 2026-11-30'],
      ['How was disadvantage first going last week?', 'disadvantage 2026-12-02'],
      ['How are we doing on families as of 2026-12-01?', 'families 2026-12-01'],
      ['How were we doing on families on 9 December?', 'families now'],
      ['How were we doing on families on 24 December 2026?', 'families no-day'],
      ['How were we doing on families?', 'families no-day'],
      ['How are we doing on families?', 'families now'],
      ['How were we doing on 1 December?', undefined],
      ['How was attendance last week?', undefined],
      ['How were we doing on Fridays on 1 December?', undefined],
    ] as const)
      assert.equal(asked(text), wanted, text);
  });

  it('is answered for a past day in words that say so', () => {
    const reply = standingReply({
      topic,
      day: '2026-12-01',
      standings: [standing('Evening calls', { value: 96 })],
      attendance: undefined,
    });
    assert.match(
      reply.text ?? '',
      /^\*\*Disadvantage first\*\* on 1 December 2026, from check-ins that a manager had approved by then: one on track/,
    );
    const none = standingReply({
      topic,
      day: '2026-12-01',
      standings: [standing('x', undefined)],
      attendance: undefined,
    });
    assert.match(none.text ?? '', /on 1 December 2026: no check-in had been approved by then\./);
  });

  it('is answered from approved check-ins alone, those that need help first, each cited', () => {
    const reply = standingReply({
      topic,
      standings: [
        standing('Evening calls', { value: 96 }),
        standing('Home visits', { status: 'off-track' }),
        standing('Nothing yet', undefined),
      ],
      attendance: undefined,
    });
    assert.equal(
      reply.text,
      [
        '**Disadvantage first**, from check-ins that a manager has approved: one on track, none at risk and one off track.',
        '- Home visits: off track [1]',
        '- Evening calls: on track, 96 of 150 families [2]',
        '',
        'Milestones without an approved check-in are not counted.',
      ].join('\n'),
    );
    assert.deepEqual(
      reply.citations?.map(({ position, name }) => [position, name]),
      [
        [1, 'Home visits'],
        [2, 'Evening calls'],
      ],
    );
  });

  it('numbers what is missing only from ten on, says no word of time, and names nobody', () => {
    const missing = (count: number) =>
      standingReply({
        topic,
        standings: [
          standing('Evening calls', { value: 96 }),
          ...Array.from({ length: count }, (_, index) => ({
            ...standing(`Silent ${index}`, undefined),
            overdue: true,
            ownerName: 'Tom',
          })),
        ],
        attendance: undefined,
      }).text ?? '';
    assert.match(missing(9), /Milestones without an approved check-in are not counted\.$/);
    assert.match(missing(10), /Not counted: 10 without an approved check-in\.$/);
    assert.doesNotMatch(missing(12), /Tom|late|overdue|days|remind/i);
  });

  it('gives the released days missed where there is no week to compare with, of all together only to who may see them', () => {
    const attendance = { week: '2026-W47', early: false, schools: [{ urn: '1', gap: 'unknown' as const }] };
    const said = (more: object) =>
      standingReply({ topic, standings: [], attendance: { ...attendance, ...more } }).text ?? '';
    const missedByTen = { disadvantaged: 5, others: 2 };
    assert.match(
      said({ trust: { schools: 1, of: 2, missedByTen } }),
      /every 10 pupils experiencing disadvantage missed 5 days between them, others 2; there is no week/,
    );
    assert.match(said({ schools: [{ urn: '1', gap: 'unknown', missedByTen }] }), /missed 5 days/);
    assert.match(said({}), /cannot be shown for any school yet/);
  });

  it('says so when nothing of the topic is the reader’s to see', () => {
    const { text } = standingReply({ topic, standings: [], attendance: undefined });
    assert.match(text ?? '', /no milestone that is yours to see stands under it/);
  });

  it('is known for every priority and strand of the sample trust, as people ask', async () => {
    const loaded = await loadTrust('samples/trust.yaml');
    for (const priority of loaded.priorities)
      for (const { id, name } of [priority, ...priority.strands])
        for (const words of [
          `How are we doing on ${name}?`,
          `how are we doing with ${name.toLowerCase()}`,
          `Where do we stand on "${name}"?`,
        ])
          assert.equal(topicAsked(loaded, words)?.id, id, words);
  });

  it('says how the gap moved by schools, and how many have too few pupils to show', () => {
    const schools = (['narrowed', 'narrowed', 'held', 'too-few', 'unknown'] as const).map((gap, index) => ({
      urn: String(index),
      gap,
    }));
    const { text } = standingReply({
      topic,
      standings: [],
      attendance: { week: '2026-W47', early: true, schools },
    });
    assert.match(
      text ?? '',
      /Attendance \(early figures\): the gap narrowed in two and held in one of five schools; in one it cannot be shown without pointing to a child\. \[1\]/,
    );
  });
});
