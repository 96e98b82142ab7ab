import { strict as assert } from 'node:assert';
import { cardProblems } from '../../src/cards/size.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { sampleCard } from '../support/delivery.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const RUN = 'digest/2026-11-23';

describe('changing what a run delivered', () => {
  const service = useService({ documents: false });
  const [owen, jo, helen] = [
    () => service().chat('Owen Pryce'),
    () => service().chat('Jo Bennett'),
    () => service().chat('Helen Marsh'),
  ];
  const digestOf = (speaker: ReturnType<typeof jo>) =>
    service()
      .teams.arrivals.filter(({ conversationId }) => conversationId === `a:chat-${speaker.personId}`)
      .find(({ activity }) =>
        /Digest|Two minutes|Please have another look|taken back/.test(wordsOf(activity)),
      );
  const press = async (speaker: ReturnType<typeof jo>, card: unknown, verb: string, inputs: object = {}) => {
    const { data } = buttonOf(card, verb);
    const { body } = await service().teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    await service().quiet();
    return (body as { value: unknown }).value;
  };

  before(async () => {
    for (const speaker of [owen(), jo(), helen()]) await service().teams.install(speaker);
    await service().command('tick', '--at', '2026-11-23T07:46:00Z');
    await service().quiet();
    assert.match(wordsOf(digestOf(jo())?.activity), /Two minutes/);
  });

  it('puts an operator’s word on each card where it stands, and sends nobody a new one', async () => {
    await service().teams.sendMessage(owen(), 'deliveries');
    await service().quiet();
    const report = service().shownTo(owen()).at(-1);
    const form = await press(owen(), report, 'operations.change');
    assert.deepEqual(cardProblems({ content: form as never, summary: 'x', text: 'x' }), []);
    const arrived = service().teams.arrivals.length;
    const unsaid = await press(owen(), form, 'operations.note', { words: ' ' });
    assert.match(JSON.stringify(unsaid), /Write first what readers should know/);
    const named = await press(owen(), form, 'operations.note', {
      words: 'Ask Zorbel Quillan why he was away.',
    });
    assert.match(JSON.stringify(named), /names a pupil/);
    const done = await press(owen(), form, 'operations.note', {
      words: 'Please have another look on Friday.',
    });
    assert.match(JSON.stringify(done), /begin with those words/);
    for (const reader of [jo(), helen()]) {
      assert.match(wordsOf(digestOf(reader)?.activity), /^Please have another look on Friday\.\n/);
      assert.match(wordsOf(digestOf(reader)?.activity), /Two minutes/);
    }
    assert.equal(service().teams.arrivals.length, arrived);
  });

  it('is an operator’s alone', async () => {
    const stolen = { verb: 'operations.recall', id: RUN, version: 0, format: 1, words: '' };
    const { body } = await service().teams.pressButton(jo(), { verb: 'operations.recall', data: stolen });
    assert.doesNotMatch(JSON.stringify(body), /taken back/);
    assert.match(wordsOf(digestOf(jo())?.activity), /Two minutes/);
  });

  it('takes all of it back for good: no later face, no resend, no word', async () => {
    const told = await service().command(
      'deliveries',
      'recall',
      '--run',
      RUN,
      '--reason',
      'The figures were wrong.',
    );
    assert.equal(told.exit, 0, told.err);
    assert.match(told.out, /cards? of it says? now that it was taken back/);
    await service().quiet();
    for (const reader of [jo(), helen()])
      assert.equal(
        wordsOf(digestOf(reader)?.activity),
        'This message was taken back.\nPlease do not act on what it said.\nThe figures were wrong.',
      );
    const { delivery, clock } = service().instance.app;
    await inTransaction(service().store.db, (trx) =>
      delivery.revise(trx, `digest/2026-W48/${jo().personId}`, sampleCard('Back again'), clock.now()),
    );
    await service().quiet();
    assert.match(wordsOf(digestOf(jo())?.activity), /taken back/);
    const again = await service().command('deliveries', 'resend', '--run', RUN);
    assert.match(again.out, /Nothing was sent/);
    for (const argv of [
      ['deliveries', 'recall', '--run', RUN],
      ['deliveries', 'edit', '--run', RUN, '--note', 'Look again.'],
    ]) {
      const refused = await service().command(...argv);
      assert.deepEqual([refused.exit, /Nothing of that run/.test(refused.err || refused.out)], [1, true]);
    }
    assert.match(
      (await service().command('deliveries', 'report', '--run', RUN)).out,
      /cards? of it taken back/,
    );
    await service().teams.sendMessage(owen(), 'deliveries');
    await service().quiet();
    assert.match(wordsOf(service().shownTo(owen()).at(-1)), /of it taken back/);
  });

  it('withdraws what of it still waits', async () => {
    const { delivery, clock } = service().instance.app;
    const draft = {
      key: 'late/1',
      target: { kind: 'person', personId: jo().personId } as const,
      card: sampleCard('Late'),
      wait: 3_600_000,
    };
    await inTransaction(service().store.db, (trx) => delivery.enqueue(trx, 'late', [draft], clock.now()));
    const told = await service().command('deliveries', 'recall', '--run', 'late');
    assert.match(told.out, /1 message that waited will not be sent/);
    assert.match(
      (await service().command('deliveries', 'report', '--run', 'late')).out,
      /cancelled, recalled: an operator took the run back/,
    );
  });
});
