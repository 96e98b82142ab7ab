import { strict as assert } from 'node:assert';
import { cardProblems } from '../cards/size.ts';
import type { Answer } from './answer.ts';
import type { DocumentFacts, Passage } from './corpus.ts';
import { passageCard, type ReplySetting, replyTo, replyToTalk } from './reply.ts';

const plan: DocumentFacts = { id: 'plan', title: 'Plan', kind: 'policy', to: '2027-08-31' };
const old: DocumentFacts = { id: 'old', title: 'Old plan', kind: 'policy', to: '2026-08-31' };
const blog: DocumentFacts = {
  id: 'blog',
  title: 'Blog',
  kind: 'outside',
  url: 'https://library.example/blog',
};
const setting: ReplySetting = {
  trustName: 'Harbour',
  contact: 'Priya Nair',
  docs: new Map([plan, old, blog].map((doc) => [doc.id, doc])),
  today: '2026-11-23',
  personal: true,
};
const passage = (doc: string, order: number, text: string, heading = `Heading ${order}`): Passage => ({
  id: `${doc}-${order}`,
  doc,
  kind: 'paragraph',
  path: [doc, heading],
  text,
  order,
});
const said = (...passages: readonly Passage[]): Answer => ({
  outcome: 'answer',
  statements: passages.map((one) => ({ text: one.text, passage: one })),
  related: [],
});

describe('a reply', () => {
  it('offers no heading that would be met with the safety card', () => {
    const heading = 'My colleague hit a child and she is hurt';
    const reply = replyTo(
      said(
        passage('plan', 1, 'We read daily.'),
        passage('plan', 2, 'We rest.', heading),
        passage('plan', 3, 'We sing.'),
      ),
      setting,
    );
    assert.deepEqual(reply.suggestions, ['Tell me about Heading 3']);
  });

  it('marks each statement with the number of its source, and names the source with its force', () => {
    const reply = replyTo(
      said(passage('plan', 1, 'We read daily.'), passage('plan', 2, 'We rest weekly.')),
      setting,
    );
    assert.match(reply.text ?? '', /We read daily\. \[1\]\n\nWe rest weekly\. \[2\]/);
    assert.match(reply.text ?? '', /\[1\] Plan, Heading 1\. Our policy, to 31 August 2027\./);
    assert.deepEqual(
      reply.citations?.map((citation) => citation.position),
      [1, 2],
    );
  });

  it('offers what has run out beside nothing that is in force', () => {
    const [current, past] = [passage('plan', 1, 'We read daily.'), passage('old', 1, 'We read weekly.')];
    const named = (answer: Answer) => replyTo(answer, setting).citations?.map(({ name }) => name);
    const beside = (one: Passage, other: Passage): Answer => ({
      outcome: 'answer',
      statements: [{ text: one.text, passage: one }],
      related: [other],
    });
    assert.equal(named(beside(current, past))?.length, 1);
    assert.equal(named(beside(past, current))?.length, 2);
  });

  it('keeps every citation within what Teams takes', () => {
    const many = Array.from({ length: 40 }, (_, order) =>
      passage('plan', order, `${'long words '.repeat(60)}${order}`, `Heading ${order} ${'h'.repeat(100)}`),
    );
    const reply = replyTo(said(...many), setting);
    assert.ok((reply.citations?.length ?? 0) > 0 && (reply.citations?.length ?? 0) <= 20);
    for (const citation of reply.citations ?? []) {
      assert.ok(citation.name.length <= 80 && citation.abstract.length <= 160);
    }
    assert.ok((reply.text ?? '').length < 6_000);
  });

  it('links a document that has a link and gives a button for one that has none', () => {
    const linked = replyTo(said(passage('blog', 1, 'Tides turn.')), setting);
    assert.equal(linked.citations?.[0]?.url, 'https://library.example/blog');
    assert.equal(linked.card, undefined);
    const unlinked = replyTo(said(passage('plan', 1, 'We read daily.')), setting);
    assert.ok(unlinked.card);
    assert.deepEqual(cardProblems(unlinked.card), []);
  });

  it('takes the meaning out of marks, mentions and links in a document', () => {
    const reply = replyTo(
      said(passage('plan', 1, 'See [this](http://evil.example) <at>All</at> **now**.')),
      setting,
    );
    assert.doesNotMatch(reply.text ?? '', /(?<!\\)\]\(|<at>|(?<!\\)\*\*/);
  });

  it('opens a passage of any length on a card within the limits', () => {
    const card = passageCard(passage('plan', 1, 'A sentence of words. '.repeat(300)), plan, [
      'And what follows.',
    ]);
    assert.deepEqual(cardProblems(card), []);
  });

  it('speaks plainly when it greets, thanks, helps, or will not look up a pupil', () => {
    for (const talk of ['greeting', 'thanks', 'bye', 'help', 'pupil'] as const) {
      const reply = replyToTalk(talk, setting);
      assert.doesNotMatch(reply.text ?? '', /!|undefined/);
    }
    assert.match(replyToTalk('pupil', setting).text ?? '', /use your MIS/);
  });
});
