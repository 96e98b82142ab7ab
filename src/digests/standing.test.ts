import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import type { Answer } from '../checkins/lifecycle.ts';
import type { Standing } from '../checkins/summary.ts';
import { must } from '../kernel/guards.ts';
import { standingReply, topicAsked } from './standing.ts';

const trust = sampleTrust();
const topic = must(topicAsked(trust, 'How are we doing on disadvantage first?'), 'a topic');

function standing(title: string, answer: Partial<Answer> | undefined, approved = true): Standing {
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
    approved,
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

  it('is answered from approved check-ins alone, those that need help first, each cited', () => {
    const reply = standingReply({
      topic,
      standings: [
        standing('Evening calls', { value: 96 }),
        standing('Home visits', { status: 'off-track' }),
        standing('Not read yet', { status: 'off-track', value: 1 }, false),
        standing('Nothing yet', undefined, false),
      ],
      attendance: undefined,
    });
    assert.equal(
      reply.text,
      [
        '**Disadvantage first**, from check-ins that a manager has approved: one on track, none at risk and one off track.',
        '- Home visits: off track [1]',
        '- Evening calls: on track, 96 of 150 families [2]',
        'Not counted: two without an approved check-in.',
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
    assert.match(text ?? '', /no check-in has been approved yet/);
    assert.match(
      text ?? '',
      /Attendance \(early figures\): the gap narrowed in two and held in one of five schools; one with too few pupils to show\. \[1\]/,
    );
  });
});
