import { strict as assert } from 'node:assert';
import { HARBOUR, importMarks, LANTERN } from '../support/marks-files.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const PEOPLE = ['Helen Marsh', 'Jo Bennett', 'Rosa Delgado', 'Carol Dunn'];

describe('figures that turn out wrong after they were sent', () => {
  const service = useService({
    documents: false,
    // Helen Marsh; the heads of the sample trust lead it as well.
    trust: (trust) => {
      trust.leaders = ['00000000-0000-4000-8000-000000000101'];
    },
  });
  const newest = (name: string) => {
    const { shownTo, chat } = service();
    return shownTo(chat(name)).findLast((activity) => /^Your digest/.test(String(activity.summary)));
  };
  const digest = (name: string) => wordsOf(newest(name));
  const press = async (name: string, button: { verb: string; data: Record<string, unknown> }) => {
    const { teams, chat, quiet } = service();
    const { body } = await teams.pressButton(chat(name), button);
    await quiet();
    return body as { value: unknown };
  };

  before(async function () {
    this.timeout(40_000);
    const { teams, chat, channel, command, quiet } = service();
    await importMarks(service(), [HARBOUR, LANTERN]);
    for (const name of PEOPLE) await teams.install(chat(name));
    await teams.install(channel('Jo Bennett', 'Harbour Primary'));
    await teams.install(channel('Rosa Delgado', 'Lantern Primary'));
    await command('tick', '--at', '2026-11-23T07:50:00Z');
    await quiet();
  });

  it('are marked in the digests that show them while somebody checks, and in no other; and unmarked when they are right', async () => {
    const channel = service().channel('Jo Bennett', 'Harbour Primary');
    const [card] = service().shownTo(channel);
    const form = await press('Jo Bennett', buttonOf(card, 'attendance.query'));
    const { verb, data } = buttonOf(form.value, 'attendance.send-query');
    await press('Jo Bennett', { verb, data: { ...data, reason: 'numbers' } });
    assert.match(
      digest('Jo Bennett'),
      /Harbour Primary, last week.*Someone asked for these figures to be checked/,
    );
    assert.match(digest('Helen Marsh'), /Harbour Primary: .*being checked/);
    assert.doesNotMatch(digest('Rosa Delgado'), /(to be|being) checked/);
    const { shownTo, chat } = service();
    const asked = shownTo(chat('Carol Dunn')).at(-1);
    await press('Carol Dunn', buttonOf(asked, 'attendance.query-right'));
    for (const name of ['Jo Bennett', 'Helen Marsh'])
      assert.doesNotMatch(digest(name), /(to be|being) checked/);
  });

  it('are gone from every digest once the card is taken back, and that is said there', async () => {
    const { command, quiet, teams, shownTo, chat } = service();
    const before = [digest('Rosa Delgado'), shownTo(chat('Jo Bennett')).length] as const;
    const told = await command('nudge', 'recall', '--week', '2026-W47', '--school', HARBOUR.urn);
    assert.equal(told.exit, 0);
    await quiet();
    for (const name of ['Jo Bennett', 'Helen Marsh']) {
      assert.match(
        digest(name),
        /The attendance figures of Harbour Primary here were taken back, because they were wrong\. Please do not use them\./,
      );
      assert.doesNotMatch(digest(name), /Harbour Primary(, last week)?: (for every 10|\d+ in every 100)/);
      assert.doesNotMatch(digest(name), /schools? together|All schools/, 'the trust’s figure has them in it');
    }
    assert.match(digest('Helen Marsh'), /Lantern Primary: \d+ in every 100/);
    assert.equal(digest('Rosa Delgado'), before[0]);
    assert.equal(shownTo(chat('Jo Bennett')).length, before[1], 'a message was sent');
    await teams.sendMessage(chat('Helen Marsh'), 'How is attendance across the trust?');
    assert.match(
      wordsOf(shownTo(chat('Helen Marsh')).at(-1)),
      /were taken back, because a school’s were wrong/,
    );
    await teams.sendMessage(chat('Jo Bennett'), 'How is attendance at Harbour Primary?');
    assert.match(wordsOf(shownTo(chat('Jo Bennett')).at(-1)), /were taken back, because they were wrong/);
  });

  it('leave a week without figures, and a digest then has the newest that stand, with their week', async () => {
    const { command, quiet } = service();
    await command('tick', '--at', '2026-11-30T07:50:00Z');
    await quiet();
    assert.match(
      digest('Rosa Delgado'),
      /No figures for 23 November to 27 November\. The newest are of 16 November to 20 November:/,
    );
    assert.match(digest('Rosa Delgado'), /Whole school/);
    // Harbour's only published week was taken back.
    assert.doesNotMatch(digest('Jo Bennett'), /in every 100|for every 10/);
    assert.match(digest('Helen Marsh'), /No figures for 23 November to 27 November from seven schools\./);
    assert.match(digest('Helen Marsh'), /Lantern Primary: of 16 November to 20 November; /);
  });

  it('stay taken back where they stood, whatever is answered to a question about them that was still open', async () => {
    const { channel, chat, command, quiet, shownTo, teams } = service();
    await teams.install(chat('Wendy Shaw'));
    const place = channel('Rosa Delgado', 'Lantern Primary');
    const form = await press('Rosa Delgado', buttonOf(shownTo(place)[0], 'attendance.query'));
    const { verb, data } = buttonOf(form.value, 'attendance.send-query');
    await press('Rosa Delgado', { verb, data: { ...data, reason: 'numbers' } });
    const asked = shownTo(chat('Wendy Shaw')).at(-1);
    await command('nudge', 'recall', '--week', '2026-W47', '--school', LANTERN.urn);
    await quiet();
    const taken = wordsOf(shownTo(place)[0]);
    assert.match(taken, /taken back/);
    await press('Wendy Shaw', buttonOf(asked, 'attendance.query-wrong'));
    assert.equal(wordsOf(shownTo(place)[0]), taken);
  });
});
