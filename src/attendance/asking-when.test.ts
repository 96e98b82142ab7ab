import { strict as assert } from 'node:assert';
import { plainWords, readQuestion } from './asking.ts';
import { weekNamed, whenOf } from './asking-when.ts';

const TRUST = { schools: [{ urn: '1', name: 'Harbour Primary' }], names: ['Tideway'] };
const asked = (text: string) => readQuestion(text, TRUST);

describe('the time that a question about attendance means', () => {
  const weekOfText = (text: string, today = '2026-11-23') => weekNamed(whenOf(plainWords(text)), today);

  it('is the week of a day that is named, of the newest year that has come to it', () => {
    for (const text of [
      'attendance week of 9 November',
      'How was attendance in the week commencing 9th November?',
      'attendance at Harbour w/c 9 Nov',
      'attendance for week beginning Monday 9 November 2026',
      'attendance week ending 13 november',
      'and the week of the 9th of November?',
    ])
      assert.equal(weekOfText(text), '2026-W46', text);
    assert.equal(weekOfText('attendance week of 30 November'), '2025-W48');
    assert.equal(weekOfText('attendance week of 30 November 2026'), '2026-W49');
    assert.equal(weekOfText('attendance week of 29 February'), '2024-W09');
  });

  it('is no week for a day that no year has, or for something looser or shorter, and that is said', () => {
    for (const text of [
      'attendance week of 31 November',
      'attendance week of 9/11',
      'attendance in October',
      'attendance last Monday',
      'attendance in the spring term',
      'attendance last half term',
    ]) {
      assert.deepEqual(asked(text), { asked: { kind: 'own' }, when: { kind: 'day' } }, text);
      assert.equal(weekOfText(text), undefined, text);
    }
  });

  it('is a year that the school is set beside, which is no ranking and no child', () => {
    for (const text of [
      'how does attendance compare with last year?',
      'was attendance better than last year?',
      'is our attendance up on last year?',
    ])
      assert.deepEqual(asked(text), { asked: { kind: 'own' }, when: { kind: 'years-ago', years: 1 } }, text);
    const harbour = { asked: { kind: 'school', urn: '1' }, when: { kind: 'years-ago', years: 1 } };
    assert.deepEqual(asked("How is Harbour Primary's attendance compared to last year?"), harbour);
  });

  it('leaves a child a child', () => {
    for (const text of [
      'How is attendance for April Summers?',
      "May's attendance",
      'attendance of June Monday',
    ])
      assert.equal(asked(text)?.asked.kind, 'child', text);
  });
});
