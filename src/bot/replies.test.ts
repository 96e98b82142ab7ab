import { strict as assert } from 'node:assert';
import { card, line } from '../cards/elements.ts';
import { refuse } from '../kernel/errors.ts';
import { invokeBody, keepable, replyActivity } from './replies.ts';

const CARD = card({ summary: 'A card', body: [line('Words')] });

function citation(position: number) {
  return {
    position,
    name: 'n'.repeat(200),
    abstract: 'a'.repeat(400),
    url: `https://tideway.example/${position}`,
  };
}

describe('a reply as Teams gets it', () => {
  it('carries its citations in one entity, each within Teams’ limits, and at most twenty', () => {
    const citations = Array.from({ length: 25 }, (_, index) => citation(index + 1));
    const { entities = [] } = replyActivity({ kind: 'reply', text: 'Words [1]', citations });
    assert.equal(entities.length, 1);
    const [entity] = entities as { type: string; citation: { appearance: Record<string, string> }[] }[];
    assert.equal(entity?.type, 'https://schema.org/Message');
    assert.equal(entity?.citation.length, 20);
    for (const { appearance } of entity?.citation ?? []) {
      assert.ok((appearance.name ?? '').length <= 80);
      assert.ok((appearance.abstract ?? '').length <= 160);
    }
  });

  it('is labelled as written by a model only when one wrote it', () => {
    const label = (byModel: boolean) =>
      JSON.stringify(replyActivity({ kind: 'reply', text: 'Words', byModel }));
    assert.match(label(true), /AIGeneratedContent/);
    assert.doesNotMatch(label(false), /AIGeneratedContent|entities/);
  });

  it('offers three suggestions at most as buttons that type for the reader', () => {
    const suggestions = ['one', 'two', 'three', 'four'];
    const { attachments = [] } = replyActivity({ kind: 'reply', text: 'Words', suggestions });
    const { actions } = (attachments[0] as { content: { actions: { title: string; data: unknown }[] } })
      .content;
    assert.deepEqual(
      actions.map((action) => action.title),
      ['one', 'two', 'three'],
    );
    assert.deepEqual(actions[0]?.data, { msteams: { type: 'imBack', value: 'one' } });
  });

  it("adds suggestions to the buttons of a reply's own card, four in all", () => {
    const card = { ...CARD, content: { ...CARD.content, actions: [1, 2, 3] } };
    const { attachments = [] } = replyActivity({
      kind: 'reply',
      text: 'Words',
      card,
      suggestions: ['a', 'b'],
    });
    assert.equal((attachments[0] as { content: { actions: unknown[] } }).content.actions.length, 4);
  });

  it('asks for feedback when it is an answer, and keeps card and text together', () => {
    const activity = replyActivity({ kind: 'reply', text: 'Words', card: CARD, feedback: true });
    assert.deepEqual(activity.channelData, { feedbackLoop: { type: 'default' } });
    assert.equal(activity.text, 'Words');
    assert.equal(activity.summary, 'A card');
    assert.equal(activity.attachments?.length, 1);
    assert.equal(replyActivity({ kind: 'reply', text: 'Words' }).channelData, undefined);
  });
});

describe('the answer to a button', () => {
  it('is the new face of the card, or one sentence; a refusal is no error to Teams', () => {
    assert.deepEqual(invokeBody({ kind: 'card', card: CARD }), {
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: CARD.content,
    });
    const sentence = {
      statusCode: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'Not yours.',
    };
    assert.deepEqual(invokeBody({ kind: 'text', text: 'Not yours.' }), sentence);
    assert.deepEqual(invokeBody(refuse('not-yours', 'Not yours.')), sentence);
  });

  it('is kept for a repeat as it was, save what is kept nowhere', () => {
    assert.deepEqual(keepable({ kind: 'card', card: CARD }), { kind: 'card', card: CARD });
    const kept = keepable({ kind: 'card', card: CARD, unkept: true });
    assert.equal(kept.kind, 'text');
    assert.doesNotMatch(JSON.stringify(kept), /Words/);
  });
});
