import { strict as assert } from 'node:assert';
import { WAITING_LINE } from '../../src/bot/lines.ts';
import { stopwatch } from '../../src/kernel/time.ts';
import { useChannels, valuesOf } from '../support/channels.ts';
import { buttonOf, wordsOf } from '../support/service.ts';

/** What nobody who presses may wait longer than. Milliseconds; the turn gives up after five seconds. */
const PATIENCE = 5_000;
const GRACE = 1_500;

describe('a press while Graph is away', () => {
  const stage = useChannels();
  afterEach(() => {
    stage().service.graph.slow(0);
    stage().service.graph.recover();
  });

  it('is answered at once, whether it is slow or fails: a check-in asks nothing of it', async function () {
    this.timeout(30_000);
    const { service } = stage();
    const { teams, chat, quiet, shownTo, graph } = service;
    const [tom, jo] = [chat('Tom Ellery'), chat('Jo Bennett')];
    graph.slow(20_000);
    const elapsed = stopwatch();
    const { verb, data } = buttonOf(shownTo(tom).at(-1), 'checkins.submit');
    const filled = { 'choice-status': 'at-risk', 'choice-confidence': 'medium', value: '3', note: '' };
    const sent = await teams.pressButton(tom, { verb, data: { ...data, ...filled } });
    assert.match(JSON.stringify(sent.body), /Sent to Jo/);
    assert.ok(elapsed() < PATIENCE, `${elapsed()} ms`);
    graph.slow(0);
    await quiet();
    graph.fail(503);
    const row = await service.store.db
      .selectFrom('checkins')
      .selectAll()
      .where('owner_id', '=', tom.personId)
      .where('state', '=', 'submitted')
      .executeTakeFirstOrThrow();
    const approval = { verb: 'checkins.approve', id: row.id, version: row.version, format: 1 };
    const again = stopwatch();
    const approved = await teams.pressButton(jo, { verb: approval.verb, data: approval });
    assert.match(JSON.stringify(approved.body), /Approved by Jo/);
    assert.ok(again() < PATIENCE, `${again()} ms`);
  });

  it('that must know who is in a team is acknowledged within five seconds, says so, and is finished later', async function () {
    this.timeout(40_000);
    const { service, reply, drafts, settled } = stage();
    reply('Aisha Rahman', '<p>amber, 12 lessons, waiting on the LA</p>', { html: true });
    await service.graph.teams.tell();
    await settled();
    const [draft] = drafts('Aisha Rahman');
    service.graph.slow(7_000);
    const elapsed = stopwatch();
    const sure = { 'choice-confidence': 'medium' };
    const { data } = buttonOf(draft, 'checkins.send-draft');
    const { body } = await service.teams.pressButton(service.chat('Aisha Rahman'), {
      verb: 'checkins.send-draft',
      data: { ...data, ...valuesOf(draft), ...sure },
    });
    assert.ok(elapsed() < PATIENCE + GRACE, `${elapsed()} ms`);
    const { value } = body as { value: unknown };
    assert.equal(value, WAITING_LINE);
    await service.instance.app.bot.idle();
    service.graph.slow(0);
    await service.quiet();
    const shown = service.shownTo(service.chat('Aisha Rahman')).map(wordsOf).join('\n');
    assert.match(shown, /Sent to Jo/);
  });
});
