import { strict as assert } from 'node:assert';
import { cardProblems } from '../../src/cards/size.ts';
import { must } from '../../src/kernel/guards.ts';
import { pressDraft, useChannels, valuesOf } from '../support/channels.ts';
import { wordsOf } from '../support/service.ts';

describe('a reply in a milestone’s thread', () => {
  const stage = useChannels();

  it('becomes a draft in its author’s own chat, and nothing more', async () => {
    const { service, reply, drafts, settled } = stage();
    reply('Aisha Rahman', '<p>amber, 12 lessons, waiting on the LA</p>', { html: true });
    assert.deepEqual(await service.graph.teams.tell(), [202]);
    await settled();
    const [draft, ...more] = drafts('Aisha Rahman');
    assert.deepEqual(more, []);
    assert.match(wordsOf(draft), /Nothing has been sent yet/);
    const values = valuesOf(draft);
    assert.equal(values['choice-status'], 'at-risk');
    assert.equal(values.value, '12');
    assert.equal(values.blocker, 'waiting on the LA');
    const { state } = await service.store.db
      .selectFrom('checkins')
      .select('state')
      .where('milestone_id', '=', 'harbour-greet-first')
      .executeTakeFirstOrThrow();
    assert.equal(state, 'open', 'a reply is never a check-in by itself');
    const { attachments } = must(draft, 'a draft') as {
      attachments: { content: { type: 'AdaptiveCard' } }[];
    };
    const content = must(attachments[0], 'a card').content;
    assert.deepEqual(cardProblems({ content, summary: 's', text: 't' }), []);
  });

  it('asks for what it did not say, and is sent by its author alone', async () => {
    const { service, drafts } = stage();
    const [draft] = drafts('Aisha Rahman');
    assert.match(await pressDraft(service, 'Tom Ellery', draft, 'checkins.send-draft'), /with someone else/);
    assert.match(
      await pressDraft(service, 'Aisha Rahman', draft, 'checkins.send-draft'),
      /choose how sure you are/,
    );
    const sure = { 'choice-confidence': 'medium' };
    assert.match(await pressDraft(service, 'Aisha Rahman', draft, 'checkins.send-draft', sure), /Sent to Jo/);
    const review = service.shownTo(service.chat('Jo Bennett')).map(wordsOf).join('\n');
    assert.match(review, /At risk, fairly confident, 12 of 30 lessons/);
    const { rows } = {
      rows: await service.store.db
        .selectFrom('checkin_history')
        .selectAll()
        .where('event', '=', 'submit')
        .execute(),
    };
    assert.deepEqual(
      rows.map(({ actor }) => actor),
      [service.chat('Aisha Rahman').personId],
    );
  });
});
