import { strict as assert } from 'node:assert';
import ordinary from '../../test/support/ordinary-questions.json' with { type: 'json' };
import { must } from '../kernel/guards.ts';
import type { Passage } from './corpus.ts';
import { indexFolder } from './folder.ts';
import type { Conversation } from './follow-up.ts';
import { headingsNear } from './named-heading.ts';
import { replyTo } from './reply.ts';
import type { Index } from './retrieval.ts';
import { withStanding } from './standing.ts';
import { takeTurn } from './turn.ts';

const TODAY = '2026-11-23';

describe('a suggestion below a reply', () => {
  let found: Index | undefined;
  before(async function () {
    this.timeout(20_000);
    found = withStanding((await indexFolder('samples/documents')).index, TODAY);
  });
  const index = () => must(found, 'an index');
  const setting = () => ({
    trustName: 'Tideway',
    docs: index().docs,
    today: TODAY,
    personal: true,
    near: (passage: Passage) => headingsNear(passage, index()),
  });
  const outcomeOf = (typed: string, before?: Conversation) => {
    const turn = takeTurn(typed, before, index());
    return turn.kind === 'talk' ? turn.talk : turn.answer.outcome;
  };

  it('is answered when it is pressed, in its conversation and in a new one', function () {
    this.timeout(60_000);
    const headings = [
      ...new Set(
        index().passages.flatMap(({ kind, text }) =>
          kind === 'heading' ? [text.split('\n').at(-1) ?? ''] : [],
        ),
      ),
    ];
    const asked = [
      ...ordinary.filter((_, at) => at % 4 === 0),
      ...headings.map((name) => `What are the ${name}?`),
    ];
    let suggested = 0;
    let few = 0;
    let answered = 0;
    const dead: string[] = [];
    for (const question of asked) {
      const turn = takeTurn(question, undefined, index());
      if (turn.kind === 'talk') continue;
      const suggestions = replyTo(turn.answer, setting()).suggestions ?? [];
      if (turn.answer.outcome === 'answer') {
        answered += 1;
        if (suggestions.length < 2) few += 1;
      }
      for (const suggestion of suggestions) {
        suggested += 1;
        for (const before of [turn.next, undefined])
          if (outcomeOf(suggestion, before) !== 'answer') dead.push(`${question} > ${suggestion}`);
      }
    }
    process.stderr.write(
      `      ${suggested} suggestions below ${asked.length} questions; ${few} of ${answered} answers have fewer than two\n`,
    );
    assert.ok(suggested > 100);
    assert.deepEqual(dead, []);
    assert.ok(few <= answered * 0.05);
  });

  it('is never the heading that has nothing below it', () => {
    assert.notEqual(outcomeOf('Tell me about Zeppelins'), 'answer');
  });
});
