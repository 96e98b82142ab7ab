import { strict as assert } from 'node:assert';
import { envelope } from '../../src/cards/envelope.ts';
import { cardProblems } from '../../src/cards/size.ts';
import { must } from '../../src/kernel/guards.ts';
import { pressDraft, useChannels, valuesOf } from '../support/channels.ts';
import { wordsOf } from '../support/service.ts';

const TOM = '00000000-0000-4000-8000-000000000204';

const SAID = {
  'choice-status': 'on-track',
  'choice-confidence': 'high',
  value: '14',
  note: 'Two more.',
  blocker: '',
  evidence: '',
};

describe('a reply in a milestone’s thread', () => {
  const stage = useChannels();
  let firstReply = '';

  it('becomes a draft in its author’s own chat, and nothing more', async () => {
    const { service, reply, drafts, settled } = stage();
    firstReply = reply('Aisha Rahman', '<p>amber, 12 lessons, waiting on the LA</p>', { html: true });
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

  it('is not called unsent once it was sent, and one that nobody was shown is neither sent nor dropped', async () => {
    const { service } = stage();
    const aisha = service.chat('Aisha Rahman');
    const { key, version } = await service.store.db
      .selectFrom('deliveries')
      .innerJoin('checkin_messages', 'checkin_messages.key', 'deliveries.key')
      .innerJoin('checkins', 'checkins.id', 'checkin_messages.checkin_id')
      .select(['deliveries.key', 'checkins.version'])
      .where('deliveries.key', 'like', 'reply/%')
      .executeTakeFirstOrThrow();
    const cardOf = async () => {
      const { card } = await service.store.db
        .selectFrom('deliveries')
        .select('card')
        .where('key', '=', key)
        .executeTakeFirstOrThrow();
      return JSON.stringify(card);
    };
    const before = await cardOf();
    const press = async (verb: string, id: string) => {
      const data = { verb, id, version, format: 1, ...SAID };
      const { body } = await service.teams.pressButton(aisha, { verb, data });
      await service.quiet();
      return JSON.stringify(body);
    };
    assert.match(await press('checkins.drop-draft', key), /The check-in that you sent stays as it is/);
    assert.equal(await cardOf(), before);
    const another = `${key}0`;
    for (const verb of ['checkins.send-draft', 'checkins.drop-draft'])
      assert.match(await press(verb, another), /I do not know that draft\. Nothing was changed/);
    const { version: now } = await service.store.db
      .selectFrom('checkins')
      .select('version')
      .where('milestone_id', '=', 'harbour-greet-first')
      .executeTakeFirstOrThrow();
    assert.equal(now, version);
  });

  it('is gone from its author’s chat once it was dropped, also after they sent another before', async () => {
    const { service, reply, drafts, settled } = stage();
    reply('Aisha Rahman', 'red, 9 lessons, not confident');
    await service.graph.teams.tell();
    await settled();
    const second = must(drafts('Aisha Rahman').at(-1), 'a second draft');
    assert.match(wordsOf(second), /what was sent before stands until you send this/);
    assert.match(
      await pressDraft(service, 'Aisha Rahman', second, 'checkins.drop-draft'),
      /The check-in that you sent stays as it is/,
    );
    await settled();
    const shown = service.shownTo(service.chat('Aisha Rahman')).map(wordsOf).join('\n');
    assert.doesNotMatch(shown, /until you send this/);
    assert.match(shown, /The check-in that you sent stays as it is/);
  });

  it('shows the check-in again where its author wrote a sent one anew and dropped that', async () => {
    const { service, drafts, settled } = stage();
    service.graph.teams.edit(firstReply, 'green, 25 lessons, confident', '2026-11-23T10:20:00.000Z');
    await service.graph.teams.tell();
    await settled();
    const anew = must(
      drafts('Aisha Rahman').find((card) => /until you send this/.test(wordsOf(card))),
      'the draft',
    );
    await pressDraft(service, 'Aisha Rahman', anew, 'checkins.drop-draft');
    await settled();
    const shown = service.shownTo(service.chat('Aisha Rahman')).map(wordsOf).join('\n');
    assert.doesNotMatch(shown, /until you send this/);
    assert.match(shown, /Sent to Jo/);
  });
});

describe('a reply that calls a colleague by their given name', () => {
  const stage = useChannels({
    trust: (trust) => {
      const people = trust.people as Record<string, unknown>[];
      people.push({
        id: '00000000-0000-4000-8000-000000000202',
        delegations: [{ delegate: TOM, from: '2026-11-23', to: '2026-11-27' }],
      });
    },
  });

  it('is a draft when it is theirs, as the same words would pass on the card; and so it is sent', async () => {
    const { service, reply, drafts, settled } = stage();
    reply('Tom Ellery', 'amber, 12 lessons, fairly confident. Aisha is pleased with Tuesdays');
    await service.graph.teams.tell();
    await settled();
    const draft = must(drafts('Tom Ellery')[0], 'a draft');
    assert.equal(valuesOf(draft).note, 'Aisha is pleased with Tuesdays');
    assert.match(await pressDraft(service, 'Tom Ellery', draft, 'checkins.send-draft'), /Sent to Jo/);
  });

  it('is held back when nobody concerned is called so', async () => {
    const { service, reply, drafts, settled } = stage();
    const before = drafts('Aisha Rahman').length;
    reply('Aisha Rahman', 'amber, 14 lessons, Thomas slips on Tuesdays');
    await service.graph.teams.tell();
    await settled();
    assert.equal(drafts('Aisha Rahman').length, before);
    assert.match(
      service.shownTo(service.chat('Aisha Rahman')).map(wordsOf).join('\n'),
      /looks as if it names a pupil/,
    );
  });
});

describe('a reply by somebody in the owner’s place', () => {
  const stage = useChannels({
    trust: (trust) => {
      const people = trust.people as Record<string, unknown>[];
      people.push({
        id: '00000000-0000-4000-8000-000000000202',
        delegations: [{ delegate: TOM, from: '2026-11-23', to: '2026-11-27' }],
      });
    },
  });

  /** As it stood before it was sent: what a second client may still show. */
  let draft: Record<string, unknown>;
  let replyId = '';

  it('is a draft for them, sent in the owner’s name with theirs in the history', async () => {
    const { service, reply, drafts, settled } = stage();
    assert.equal(service.chat('Tom Ellery').personId, TOM);
    replyId = reply('Tom Ellery', 'green, 20 lessons, confident');
    await service.graph.teams.tell();
    await settled();
    draft = structuredClone(must(drafts('Tom Ellery')[0], 'a draft'));
    assert.match(wordsOf(draft), /for Aisha/);
    assert.match(await pressDraft(service, 'Tom Ellery', draft, 'checkins.send-draft'), /Sent to Jo/);
    const history = await service.store.db
      .selectFrom('checkin_history')
      .select('actor')
      .where('event', '=', 'submit')
      .execute();
    assert.deepEqual(history, [{ actor: TOM }]);
    const audit = await service.store.db
      .selectFrom('audit')
      .select('actor')
      .where('action', '=', 'checkins.submit')
      .execute();
    assert.deepEqual(audit, [{ actor: TOM }]);
  });

  it('says that it was sent and stays, when they take the reply back afterwards', async () => {
    const { service, settled } = stage();
    service.graph.teams.remove(replyId, '2026-11-23T10:10:00.000Z');
    await service.graph.teams.tell();
    await settled();
    const shown = service.shownTo(service.chat('Tom Ellery')).map(wordsOf).join('\n');
    assert.match(shown, /The check-in that you sent stays as it is/);
    assert.doesNotMatch(shown, /Nothing was sent|draft is gone/);
    const { state } = await service.store.db
      .selectFrom('checkins')
      .select('state')
      .where('milestone_id', '=', 'harbour-greet-first')
      .executeTakeFirstOrThrow();
    assert.equal(state, 'submitted');
  });

  it('that comes too late keeps its words, and changes nothing until it is sent again', async () => {
    const { service } = stage();
    const shown = await pressDraft(service, 'Tom Ellery', draft, 'checkins.send-draft', { value: '21' });
    assert.match(shown, /This had moved on\. Your words are still here/);
    assert.match(shown, /"value":"21"/);
  });

  it('is nobody else’s to send', async () => {
    const { service } = stage();
    assert.match(
      await pressDraft(service, 'Jo Bennett', draft, 'checkins.send-draft'),
      /with someone else, so nothing was changed/,
    );
  });
});

describe('a milestone that all of a team may answer', () => {
  const stage = useChannels({
    trust: (trust) => {
      for (const milestone of trust.milestones)
        if (milestone.id === 'harbour-greet-first') milestone.answered_by = 'team';
    },
  });

  it('takes a colleague’s reply as a draft for that colleague', async () => {
    const { service, reply, drafts, settled } = stage();
    reply('Hannah Price', 'red, no room on Fridays, not confident');
    await service.graph.teams.tell();
    await settled();
    const { rows } = {
      rows: await service.store.db
        .selectFrom('deliveries')
        .select('person_id')
        .where('key', 'like', 'reply/%')
        .execute(),
    };
    assert.deepEqual(rows, [{ person_id: service.chat('Hannah Price').personId }]);
    assert.deepEqual(drafts('Aisha Rahman'), []);
    const [review] = await service.store.db
      .selectFrom('checkins')
      .select('state')
      .where('milestone_id', '=', 'harbour-greet-first')
      .execute();
    assert.equal(review?.state, 'open');
  });

  it('is never answered by a colleague to whom it went since it waited long, by an old draft either', async () => {
    const { service, reply, drafts, settled } = stage();
    const hannah = service.chat('Hannah Price');
    await service.teams.install(hannah);
    reply('Aisha Rahman', 'green, 20 lessons, confident');
    await service.graph.teams.tell();
    await settled();
    const [own] = drafts('Aisha Rahman');
    assert.match(await pressDraft(service, 'Aisha Rahman', own, 'checkins.send-draft'), /Sent to Jo/);
    reply('Hannah Price', 'amber, 10 lessons, confident');
    await service.graph.teams.tell();
    await settled();
    const draft = must(drafts('Hannah Price').at(-1), 'her draft');
    const before = drafts('Hannah Price').length;
    const sent = () =>
      service.store.db
        .selectFrom('checkins')
        .selectAll()
        .where('milestone_id', '=', 'harbour-greet-first')
        .executeTakeFirstOrThrow();
    const { answer } = await sent();
    await service.store.db
      .updateTable('checkins')
      .set({
        told_to: service.chat('Jo Bennett').personId,
        escalate_from: '2026-11-26',
        escalated_to: hannah.personId,
      })
      .where('milestone_id', '=', 'harbour-greet-first')
      .execute();
    assert.match(
      await pressDraft(service, 'Hannah Price', draft, 'checkins.send-draft'),
      /with someone else, so nothing was changed/,
    );
    reply('Hannah Price', 'green, 30 lessons, confident');
    await service.graph.teams.tell();
    await settled();
    assert.equal(drafts('Hannah Price').length, before, 'no new draft');
    assert.deepEqual((await sent()).answer, answer);
  });
});

describe('an owner’s reply that waits as a draft', () => {
  const stage = useChannels();
  const round = () =>
    stage()
      .service.store.db.selectFrom('checkins')
      .selectAll()
      .where('milestone_id', '=', 'harbour-greet-first')
      .where('state', '<>', 'approved')
      .executeTakeFirstOrThrow();

  it('keeps its words when they ask for help meanwhile', async () => {
    const { service, reply, drafts, settled } = stage();
    reply('Aisha Rahman', 'green, 20 lessons, confident');
    await service.graph.teams.tell();
    await settled();
    assert.equal(drafts('Aisha Rahman').length, 1);
    const { id, version } = await round();
    const verb = 'checkins.help';
    await service.teams.pressButton(service.chat('Aisha Rahman'), {
      verb,
      data: envelope(verb, id, version),
    });
    await settled();
    assert.ok((await round()).help_asked_at, 'help was asked for');
    const [draft] = drafts('Aisha Rahman');
    assert.equal(valuesOf(must(draft, 'the draft, still')).value, '20');
  });

  it('counts as no change where it says what was approved last', async () => {
    const { service, reply, drafts, settled } = stage();
    const { id, version, ...rest } = await round();
    const answer = { status: 'on-track', confidence: 'high', value: 20, note: '', blocker: '', evidence: '' };
    const at = new Date('2026-11-02T08:00:00Z');
    await service.store.db
      .insertInto('checkins')
      .values({
        ...rest,
        id: 'before',
        version,
        round: '2026-11-02',
        state: 'approved',
        answer: JSON.stringify(answer),
        decided_by: service.chat('Jo Bennett').personId,
        decided_at: at,
        opened_at: at,
      })
      .execute();
    reply('Aisha Rahman', 'green, 20 lessons, confident');
    await service.graph.teams.tell();
    await settled();
    const draft = drafts('Aisha Rahman').at(-1);
    assert.match(await pressDraft(service, 'Aisha Rahman', draft, 'checkins.send-draft'), /Sent to Jo/);
    const sent = await round();
    assert.equal(sent.id, id);
    assert.deepEqual(sent.answer, answer);
    assert.equal(sent.unchanged, true);
    const cards = service.shownTo(service.chat('Aisha Rahman')).map(wordsOf);
    assert.ok(
      cards.some((words) => /Sent to Jo/.test(words)),
      'every client shows it as sent',
    );
  });
});
