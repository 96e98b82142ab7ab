import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import { type Card, type Element, plainText } from '../cards/elements.ts';
import { cardProblems } from '../cards/size.ts';
import { valueInWords } from './aim.ts';
import { cardFor, type Face } from './cards.ts';
import { typedAgain } from './form.ts';
import type { Answer, Checkin } from './lifecycle.ts';
import { type Milestone, planOf } from './milestone.ts';
import { helpCard } from './review-card.ts';

const [plan] = sampleTrust().milestones.map(planOf);
if (!plan) throw new Error('the sample has a milestone');
const MILESTONE: Milestone = { ...plan, ended: false };
const LAST: Answer = {
  status: 'on-track',
  confidence: 'high',
  value: 96,
  note: 'Evening calls are working.',
  blocker: '',
  evidence: '',
};
const LONG: Answer = {
  status: 'at-risk',
  confidence: 'medium',
  value: 104,
  note: 'We moved the calls to the evening and the tutors share them out by house. '.repeat(6).trim(),
  blocker: 'We wait for the council to confirm the transfer date for next year. '.repeat(4).trim(),
  evidence: 'https://tideway.sharepoint.example/sites/harbour/minutes.docx',
  unblocker: 'The council',
};
const OPEN: Checkin = {
  id: 'c1',
  milestoneId: 'm1',
  round: '2026-11-23',
  ownerId: 'tom',
  state: 'open',
  version: 1,
  unchanged: false,
  asked: 1,
  askOn: '2026-11-26',
  resting: false,
};
const FACE: Face = {
  checkin: OPEN,
  milestone: MILESTONE,
  names: { owner: 'Tom', reviewer: 'Jo' },
  last: LAST,
};

function face(checkin: Partial<Checkin>, more: Partial<Face> = {}): Face {
  return { ...FACE, checkin: { ...OPEN, ...checkin }, ...more };
}

function buttons(card: Card): string[] {
  return ((card.content.actions ?? []) as { title: string }[]).map((action) => action.title);
}

function shown(card: Card): string {
  return plainText(card.content.body as Element[]);
}

function inputsOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(inputsOf);
  if (typeof value !== 'object' || value === null) return [];
  const element = value as Record<string, unknown>;
  const own = String(element.type ?? '').startsWith('Input.') ? [element] : [];
  return [...own, ...Object.values(element).flatMap(inputsOf)];
}

const reviewed = { decidedBy: 'jo', decidedAt: new Date('2026-11-24T09:00:00Z'), answer: LONG };
const LENGTHY: Partial<Face> = {
  milestone: {
    ...MILESTONE,
    title: 'Every single family of a pupil who joined us in Year 7 has met the tutor '.repeat(2),
  },
  last: { ...LONG, value: 96 },
  notice: 'This had moved on. Your words are still here: please check them and send again.',
};
const FACES: readonly (readonly [string, Card])[] = [
  ['the ask', cardFor('owner', FACE)],
  ['the first ask', cardFor('owner', face({}, { last: undefined }))],
  ['the ask after help', cardFor('owner', face({ helpAskedAt: new Date('2026-11-23T09:00:00Z') }))],
  ['the ask put off', cardFor('owner', face({ resting: true }))],
  ['the last ask put off', cardFor('owner', face({ resting: true, asked: 3 }))],
  ['the ask returned', cardFor('owner', face({ state: 'returned', ...reviewed, comment: LONG.note }))],
  ['the owner, sent', cardFor('owner', face({ state: 'submitted', answer: LONG }))],
  ['the owner, approved', cardFor('owner', face({ state: 'approved', ...reviewed }, { decider: 'Ada' }))],
  ['the owner, withdrawn', cardFor('owner', face({ state: 'withdrawn' }))],
  ['the review', cardFor('reviewer', face({ state: 'submitted', answer: LONG }))],
  ['the review, unchanged', cardFor('reviewer', face({ state: 'submitted', answer: LAST, unchanged: true }))],
  [
    'the reviewer, approved',
    cardFor('reviewer', face({ state: 'approved', ...reviewed }, { decider: 'Jo' })),
  ],
  [
    'the reviewer, returned',
    cardFor('reviewer', face({ state: 'returned', ...reviewed, comment: LONG.note })),
  ],
  ['the reviewer, not yet', cardFor('reviewer', FACE)],
  ['the reviewer, withdrawn', cardFor('reviewer', face({ state: 'withdrawn' }))],
  ['the former reviewer', cardFor('former', face({ state: 'submitted', answer: LONG }))],
  ['the request for help', helpCard(FACE)],
  ['the longest ask', cardFor('owner', face({}, LENGTHY))],
  [
    'the longest return',
    cardFor('owner', face({ state: 'returned', ...reviewed, comment: LONG.note }, LENGTHY)),
  ],
  ['the longest review', cardFor('reviewer', face({ state: 'submitted', answer: LONG }, LENGTHY))],
  [
    'the longest outcome',
    cardFor('reviewer', face({ state: 'returned', ...reviewed, comment: LONG.note }, LENGTHY)),
  ],
];

describe('the cards of a check-in', () => {
  for (const [name, card] of FACES) {
    it(`keep the limits: ${name}`, () => assert.deepEqual(cardProblems(card), []));
    it(`say once who sees them: ${name}`, () =>
      assert.equal(JSON.stringify(card.content.body).split('Who sees this?').length, 2));
    it(`label every field, and say what a required one lacks: ${name}`, () => {
      for (const input of inputsOf(card.content)) {
        assert.ok(input.label, `${String(input.id)} has no label`);
        if (input.isRequired) assert.ok(input.errorMessage, `${String(input.id)} has no error text`);
      }
    });
  }

  it('name all who read an answer that waits long, in one list', () => {
    const waits = { ...face({ state: 'submitted', answer: LONG }), alsoWith: 'Ada' };
    for (const viewer of ['owner', 'reviewer'] as const)
      assert.match(
        JSON.stringify(cardFor(viewer, waits).content.body),
        /Only Tom, Jo and Ada now; once approved/,
      );
  });

  it('asks with last time’s words and four ways to answer', () => {
    const card = cardFor('owner', FACE);
    assert.deepEqual(buttons(card), ['No change', 'Update', 'I need help', 'Not today']);
    assert.match(
      shown(card),
      /Last time: on track, confident, 96 of 150 families\. "Evening calls are working\."/,
    );
    assert.match(shown(card), /Please don't name pupils/);
    const value = inputsOf(card.content).find((input) => input.id === 'value');
    assert.equal(value?.value, '96');
  });

  it('does not offer "no change" before there was an answer, and opens the form', () => {
    const card = cardFor('owner', face({}, { last: undefined }));
    assert.deepEqual(buttons(card), ['Send update', 'Save for later', 'I need help', 'Not today']);
    assert.ok((card.content.body as Element[]).every((element) => element.isVisible !== false));
  });

  it('says that help was asked for as long as the card stands, and does not offer it again', () => {
    const card = cardFor('owner', face({ helpAskedAt: new Date('2026-11-23T09:00:00Z') }));
    assert.match(shown(card), /You asked Jo for a word/);
    assert.ok(!buttons(card).includes('I need help'));
    assert.doesNotMatch(shown(cardFor('owner', FACE)), /You asked/);
  });

  it('does not offer "no change" when the manager wants more', () => {
    const card = cardFor('owner', face({ state: 'returned', ...reviewed, comment: 'Which families?' }));
    assert.ok(!buttons(card).includes('No change'));
    assert.match(shown(card), /Which families/);
  });

  it('shows a mistake with all that was typed still there', () => {
    const typed = { ...typedAgain(LONG), status: 'at-risk', value: 'ninety', confidence: 'low' };
    const card = cardFor('owner', face({}, { typed, notice: 'Please give the figure as a number.' }));
    const values = Object.fromEntries(inputsOf(card.content).map((input) => [input.id, input.value]));
    assert.deepEqual(values, {
      'choice-status': 'at-risk',
      'choice-confidence': 'low',
      value: 'ninety',
      note: LONG.note,
      blocker: LONG.blocker,
      unblocker: 'The council',
      evidence: LONG.evidence,
    });
    assert.match(shown(card), /^Please give the figure/);
  });

  it('asks who could take away what is in the way: a colleague whom it concerns, or words', () => {
    const concerned = [{ id: 'head1', name: 'Jo Marsh' }];
    const fields = (more: Partial<Face>) =>
      Object.fromEntries(
        inputsOf(cardFor('owner', face({}, { concerned, ...more })).content).map(({ id, value, choices }) => [
          id,
          { value, choices: (choices as { title: string }[] | undefined)?.map((choice) => choice.title) },
        ]),
      );
    const chosen = { ...LONG, unblocker: 'Jo Marsh', unblockerId: 'head1' };
    const asked = fields({ last: chosen });
    assert.deepEqual(asked['choice-unblockerId'], {
      value: 'head1',
      choices: ['Jo Marsh', 'Nobody yet, or somebody else'],
    });
    assert.equal(asked.unblocker?.value, undefined);
    const left = fields({ last: { ...chosen, unblocker: 'Nia Past', unblockerId: 'nia' } });
    assert.equal(left['choice-unblockerId']?.value, undefined);
    assert.equal(left.unblocker?.value, 'Nia Past', 'who cannot be chosen any more stands there in words');
    assert.equal(fields({ concerned: [] })['choice-unblockerId'], undefined);
  });

  it('tells the reviewer who could take it away, and the wider trust nothing before it is approved', () => {
    const chosen = { ...LONG, note: '', unblocker: 'Helen Marsh', unblockerId: 'h' };
    const review = cardFor('reviewer', face({ state: 'submitted', answer: chosen }));
    assert.match(
      shown(review),
      /In the way: "We wait for the council[^"]*"\. Could take it away: Helen Marsh/,
    );
    for (const viewer of ['other', 'former'] as const)
      assert.doesNotMatch(
        JSON.stringify(cardFor(viewer, face({ state: 'submitted', answer: chosen }))),
        /Helen|council/,
      );
  });

  it('gives the reviewer approve, return, the evidence by its host, and the rest', () => {
    const card = cardFor('reviewer', face({ state: 'submitted', answer: LONG }));
    assert.deepEqual(buttons(card), ['Approve', 'Return or ask', 'Evidence', 'Read it all']);
    assert.match(shown(card), /Evidence on tideway\.sharepoint\.example\./);
  });

  it('shows a former reviewer nothing of the answer', () => {
    const card = cardFor('former', face({ state: 'submitted', answer: LONG }));
    assert.ok(!JSON.stringify(card).includes('evening'));
    assert.deepEqual(buttons(card), []);
  });

  it('takes no link or mention from what people write', () => {
    const note = '<at>Everyone</at> [press](https://evil.example) **now**';
    const card = cardFor('reviewer', face({ state: 'submitted', answer: { ...LAST, note, blocker: note } }));
    assert.ok(!JSON.stringify(card).includes('<at>'));
    assert.ok(!/[^\\]\[press/.test(shown(card)));
  });

  it('says values as people do', () => {
    assert.equal(valueInWords(96, { target: 150, unit: 'families' }), '96 of 150 families');
    assert.equal(valueInWords(62, { target: 80, unit: '%' }), '62% (aim: 80%)');
    assert.equal(valueInWords(12, { target: 5, unit: 'days' }), '12 days (aim: 5)');
  });
});
