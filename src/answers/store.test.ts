import { strict as assert } from 'node:assert';
import { useStore } from '../../test/support/store.ts';
import { createAnswersStore, type KeptTurn, readQuestionKept } from './store.ts';

describe('turns that are kept at the same moment', () => {
  const store = useStore();
  const now = new Date('2026-11-23T07:30:00.123Z');
  const since = new Date('2026-11-23T00:00:00Z');
  const turn = (id: string, personId: string, more: Partial<KeptTurn> = {}): KeptTurn => ({
    id,
    personId,
    conversationId: 'chat',
    question: `What of ${id}?`,
    outcome: 'answer',
    passages: [id],
    next: { topic: id, items: [], passages: [id] },
    now,
    mark: `mark of ${personId}`,
    readerId: undefined,
    topic: undefined,
    within: [],
    ...more,
  });

  it('keep every question, and of each dialogue what was said last', async () => {
    const answers = createAnswersStore(store().db);
    const turns = [
      turn('q1', 'aisha'),
      turn('q2', 'jo', {
        outcome: 'refusal',
        next: undefined,
        readerId: 'priya',
        topic: 'What of q0?',
        within: [{ group: 'g' }],
      }),
      turn('q3', 'aisha'),
    ];
    await Promise.all(turns.map(answers.saveTurn));
    const topics = ['aisha', 'jo', 'sam'].map(
      async (personId) => (await answers.dialogue(personId, 'chat', since))?.topic,
    );
    assert.deepEqual(await Promise.all(topics), ['q3', undefined, undefined]);
    assert.equal(await answers.dialogue('aisha', 'chat', now), undefined);
    assert.deepEqual(await readQuestionKept(store().db, 'q2'), {
      question: 'What of q2?',
      askedAt: now,
      outcome: 'refusal',
      passages: ['q2'],
      mark: 'mark of jo',
      topic: 'What of q0?',
      within: [{ group: 'g' }],
      readerId: 'priya',
    });
    assert.equal((await readQuestionKept(store().db, 'q1'))?.readerId, null);
  });

  it('are kept though one of them holds what the store refuses', async () => {
    const answers = createAnswersStore(store().db);
    const outcomes = await Promise.allSettled(
      [turn('good', 'sam'), turn('bad', 'kim', { question: 'a\u0000b' }), turn('fine', 'lee')].map(
        answers.saveTurn,
      ),
    );
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.ok(await readQuestionKept(store().db, 'good'));
    assert.equal(await answers.dialogue('kim', 'chat', since), undefined);
  });
});
