import { strict as assert } from 'node:assert';
import { cardProblems } from '../cards/size.ts';
import type { ShownGroup } from './release-shape.ts';
import { listCard, type NamedMovement, type TutorView, tutorCard, tutorLine } from './tutor-card.ts';

function figure(days: number, before?: number): ShownGroup {
  const part = (per10: number) => ({
    figure: { perHundred: 100 - per10 * 2, attendance: `${100 - per10 * 2}.0`, bound: 'exact' as const },
    days: per10 * 3,
    per10: { days: per10, missed: `${per10 * 2}.00` },
  });
  return { key: '5A', ...part(days), before: before === undefined ? null : part(before) };
}

function text(shown?: ShownGroup): string {
  const card = tutorCard({
    schoolUrn: '100001',
    week: '2026-W47',
    groups: ['5A'],
    until: '2026-12-07',
    helper: 'Jo',
    helpAsked: false,
    figures: shown ? [shown] : [],
  });
  assert.deepEqual(cardProblems(card), []);
  return card.text;
}

describe('the form tutor’s card', () => {
  it('says the group’s days and the week before, counted the same way, and no more where there is none', () => {
    assert.match(
      text(figure(4, 6)),
      /For every 10 pupils, 5A missed 4 days\. Week before, same count: 6, so days were gained\./,
    );
    assert.match(text(figure(4, 3)), /missed 4 days\. Week before, same count: 3\./);
    assert.match(text(figure(1, 1)), /missed 1 day, as the week before\./);
    assert.match(text(figure(0)), /missed less than a day\.\n/);
  });

  it('holds no figure where the group may not be told of', () => {
    assert.doesNotMatch(text(), /For every 10/);
  });

  const YEAR: TutorView = {
    schoolUrn: '100001',
    week: '2026-W47',
    groups: ['8A', '8B', '8C'],
    figures: [figure(4, 6)],
    until: '2026-12-07',
    helper: 'Jo',
    helpAsked: false,
  };

  it('is one for all the groups of a head of year, and says in which of them a pupil is', () => {
    const card = tutorCard(YEAR);
    assert.deepEqual(cardProblems(card), []);
    assert.match(card.text, /^8A, 8B and 8C: who to greet first this week/);
    assert.match(
      tutorCard({ ...YEAR, groups: ['8A', '8B', '8C', '8D'] }).text,
      /^Your four groups: who to greet first this week/,
    );
    const pupil = (name: string, kind: NamedMovement['kind'], group: string): NamedMovement => ({
      pupil: name,
      name,
      kind,
      group,
      toDate: { possible: 60, absent: 6 },
      disadvantaged: false,
    });
    const list = listCard(YEAR, {
      greet: [pupil('Ann Lee', 'returned', '8A')],
      crossed: [pupil('Bo Ray', 'left', '8B'), pupil('Cy May', 'crossed', '8C')],
    });
    assert.deepEqual(cardProblems(list), []);
    const body = JSON.stringify(list.content);
    assert.match(body, /\*\*Ann Lee\*\* \(8A\) was in all week/);
    assert.match(body, /fewer than one day in ten of the year again: \*\*Bo Ray\*\* \(8B\)\./);
    assert.match(body, /now missed one day in ten of the year or more: \*\*Cy May\*\* \(8C\)\./);
    assert.match(body, /Who crossed one day in ten/);
    assert.doesNotMatch(`${list.summary} ${list.text}`, /Ann|Bo|Cy/);
  });

  it('asks once after the conversation of the card before, in place of a new one', () => {
    const asks = tutorCard({ ...YEAR, follows: true });
    assert.deepEqual(cardProblems(asks), []);
    assert.match(asks.text, /Last time’s one thing: .* Did it happen\?/);
    assert.doesNotMatch(JSON.stringify(asks.content), /Had the conversation/);
    const told = tutorCard({ ...YEAR, follows: true, followUp: 'happened' });
    assert.match(told.text, /One thing: .*\n.*\n.*\nLast time’s conversation happened\. Thank you\./);
    assert.match(tutorLine({ groups: ['8A'], follows: true }), /^8A, last week: .* One thing to tell me\.$/);
  });
});
