import { strict as assert } from 'node:assert';
import { cardProblems } from '../cards/size.ts';
import type { ShownGroup } from './release-shape.ts';
import { tutorCard } from './tutor-card.ts';

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
    group: '5A',
    until: '2026-12-07',
    helper: 'Jo',
    helpAsked: false,
    ...(shown ? { figure: shown } : {}),
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
});
