import { strict as assert } from 'node:assert';
import { readQuestion } from './asking.ts';

const TRUST = {
  schools: [
    { urn: '1', name: 'Harbour Primary' },
    { urn: '2', name: 'Quayside Academy' },
    { urn: '3', name: 'Plan Lane School' },
  ],
  names: ['Tideway', 'Tideway Learning Trust'],
};

function kindOf(text: string): string {
  const found = readQuestion(text, TRUST);
  if (!found) return 'documents';
  return found.asked.kind === 'school' ? found.asked.urn : found.asked.kind;
}

describe('a question about attendance', () => {
  it('finds the school that is meant, by its name, its short name, or as one’s own', () => {
    for (const text of [
      'How is attendance at Harbour Primary?',
      "How's attendance at Harbour?",
      'What was Harbour Primary’s attendance last week?',
      'attendance at harbour primary',
      'Show me the attendance figures for Harbour Primary please',
      'what is the attendance rate at Harbour Primary this week',
      'Waymark, how is attendance looking at Harbour?',
    ])
      assert.equal(kindOf(text), '1', text);
    assert.equal(kindOf('How was attendance at Plan Lane School?'), '3');
    for (const text of [
      'How is attendance?',
      'How is our attendance?',
      'How is attendance at our school?',
      'How are we doing on attendance?',
      'What was our attendance last week?',
      'attendance last week',
    ])
      assert.equal(kindOf(text), 'own', text);
    for (const text of [
      'How is attendance across the trust?',
      'How is attendance at Tideway?',
      'What is attendance in all our schools?',
    ])
      assert.equal(kindOf(text), 'trust', text);
    assert.equal(kindOf('How is attendance at Westfield School?'), 'unknown-school');
  });

  it('knows a child, a list of children and a small group, and never takes them for a school', () => {
    for (const text of [
      'How is attendance for Maisie Tarrant?',
      'What is Jayden’s attendance?',
      "How's Maisie Tarrant's attendance this week?",
      'Who was absent today?',
      'Which pupils are persistently absent?',
      'Give me a list of the pupils with low attendance',
      'How many days has Maisie missed?',
      'Is Jayden absent today?',
    ])
      assert.equal(kindOf(text), 'child', text);
    for (const text of [
      'How is attendance in Year 5?',
      'What is attendance for pupil premium at Harbour Primary?',
      'How is attendance in 8W?',
      'How is attendance of girls in Year 9 at Quayside Academy?',
    ])
      assert.equal(kindOf(text), 'part', text);
  });

  it('leaves to the documents what asks for a rule, a reason, a person or a plan', () => {
    for (const text of [
      'What is our attendance policy?',
      'What should I do about attendance?',
      'Who leads on attendance?',
      'How do we improve attendance at Harbour Primary?',
      'What does attendance code B mean?',
      'What are our targets for attendance?',
      'Why does attendance matter?',
      'When is a penalty notice for absence considered?',
      'What is attendance like nationally?',
      'What do I do when a pupil is absent?',
      'How do I report an absence?',
      'Is the office in the main building?',
      'What matters this year?',
      'What is persistent absence?',
      'Our governors asked for the attendance figures',
      'How many days of leave do I have?',
      'What support is there for staff absence?',
    ])
      assert.equal(kindOf(text), 'documents', text);
  });

  it('hears the ways people really ask, of their own school or one that is named', () => {
    for (const text of [
      'whats our attendance like',
      'attendance this week?',
      'hows our attendence',
      'can I see last week’s attendance',
      'what % are in',
      'what percentage of pupils were in school last week?',
      'how many pupils were absent last week',
      'are we doing better than last week?',
      'are we up or down on last week for attendance',
    ])
      assert.equal(kindOf(text), 'own', text);
    for (const text of [
      "can I see last week's attendance for Harbour",
      'hows attendance at harbour',
      'could we see the attendance at Harbour Primary please',
      'How many pupils were away at Harbour last week?',
      'what % are in at Harbour?',
      'Is Harbour doing better than last week?',
    ])
      assert.equal(kindOf(text), '1', text);
    const group = readQuestion('how many disadvantaged pupils were absent last week at Harbour', TRUST);
    assert.deepEqual(group, {
      asked: { kind: 'part', group: 'disadvantaged', of: { kind: 'school', urn: '1' } },
      when: { kind: 'newest' },
      counted: true,
    });
  });

  it('tells a wish to rank schools from a question about one', () => {
    for (const text of [
      'which schools are worst for attendance',
      'Which school has the best attendance?',
      'rank our schools by attendance',
      'worst school for attendance',
      'is attendance better at Harbour or Quayside?',
      'What year group has the lowest attendance?',
    ])
      assert.equal(kindOf(text), 'ranking', text);
    for (const text of [
      'How do we improve attendance most?',
      'How many staff were absent last week?',
      'how many pupils are in Year 5',
      'How many schools are in the trust?',
      'and attendance?',
      'what about attendance',
      'which year 6 pupils have the worst attendance',
      'What is the best way to raise attendance?',
      'Are we better off than last year?',
    ])
      assert.equal(kindOf(text), 'documents', text);
  });

  it('hears a named week, and a day or a term that it has no figures of', () => {
    assert.deepEqual(readQuestion('How was attendance at Harbour Primary in 2026-W40?', TRUST)?.when, {
      kind: 'week',
      week: '2026-W40',
    });
    assert.equal(readQuestion('How was attendance at Harbour Primary yesterday?', TRUST)?.when.kind, 'day');
    assert.equal(readQuestion('How was attendance at Harbour Primary?', TRUST)?.when.kind, 'newest');
  });

  it('hears a school year by its name, as last year or this one, and whose', () => {
    const heard = (text: string) => {
      const found = readQuestion(text, TRUST);
      return found && [found.asked.kind === 'school' ? found.asked.urn : found.asked.kind, found.when];
    };
    const [lastYear, in2024] = [
      { kind: 'years-ago', years: 1 },
      { kind: 'year', start: 2024 },
    ];
    assert.deepEqual(heard('last year’s attendance at Harbour Primary'), ['1', lastYear]);
    assert.deepEqual(heard('How was attendance at Harbour last school year?'), ['1', lastYear]);
    for (const year of ['2024/25', '2024-25', '2024–25', '2024/2025', '2024 to 2025'])
      assert.deepEqual(heard(`attendance in ${year}`), ['own', in2024], year);
    assert.deepEqual(heard('What was Quayside Academy’s attendance in the school year 2024/25?'), [
      '2',
      in2024,
    ]);
    assert.deepEqual(heard('2024/25 attendance at Harbour'), ['1', in2024]);
    assert.deepEqual(heard('How is our attendance this year?'), ['own', { kind: 'years-ago', years: 0 }]);
    // No school year, so the answer says which week it is of.
    assert.deepEqual(heard('attendance in 2024/26'), ['own', { kind: 'day' }]);
    assert.deepEqual(heard('attendance in 2026-W46'), ['own', { kind: 'week', week: '2026-W46' }]);
  });

  it('leaves what is called after attendance to the documents, and takes it for no child', () => {
    for (const text of [
      'any attendance awards?',
      'Do you have attendance certificates?',
      'attendance assembly',
      'any attendance award winners?',
      'what is the attendance panel',
      'attendance mat',
    ])
      assert.equal(kindOf(text), 'documents', text);
    assert.equal(kindOf('attendance harbour'), '1');
    assert.equal(kindOf('attendance for maisie'), 'child');
    assert.equal(kindOf('attendance maisie tarrant'), 'child');
  });
});
