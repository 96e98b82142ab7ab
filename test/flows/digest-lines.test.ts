import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { HARBOUR, importMarks, LANTERN } from '../support/marks-files.ts';
import { buttonOf, buttonsOf, textsIn, useService, wordsOf } from '../support/service.ts';

const ASKING = ['Aisha Rahman', 'Tom Ellery', 'Bea Nowak', 'Hannah Price', 'Olu Adebayo'];
const ASKED = 'Who arranges the minibus for swimming lessons?';
const MOST_LINES = 7;

/** What stands before "See more". */
function live(activity: Record<string, unknown>): string[] {
  const [attachment] = (activity.attachments ?? []) as { content: { body: Record<string, unknown>[] } }[];
  return textsIn(attachment?.content.body.filter(({ isVisible }) => isVisible !== false));
}

describe('what a leader’s digest tells, through the service', () => {
  const service = useService();
  const helen = () => service().chat('Helen Marsh');
  const newest = () => must(service().shownTo(helen()).at(-1), 'a message');
  const ask = async (words: string) => {
    await service().teams.sendMessage(helen(), words);
    await service().quiet();
    return newest();
  };
  const tick = async (at: string) => {
    const { command, quiet } = service();
    const told = await command('tick', '--at', at);
    assert.equal(told.exit, 0, told.err);
    await quiet();
  };

  before(async function () {
    this.timeout(90_000);
    const { teams, chat, quiet } = service();
    for (const name of ['Helen Marsh', 'Jo Bennett', ...ASKING]) await teams.install(chat(name));
    await importMarks(service(), [HARBOUR, LANTERN]);
    for (const name of ASKING) {
      await teams.sendMessage(chat(name), ASKED);
      await quiet();
    }
  });

  it('is what was asked in vain, what is out of date and how things stand, in seven lines with the rest behind more', async () => {
    await tick('2026-11-23T07:45:00Z');
    const digest = newest();
    const words = wordsOf(digest);
    assert.match(words, /^Tideway, Monday 23 November\. Two minutes\./);
    assert.ok(live(digest).length <= MOST_LINES, live(digest).join('\n'));
    assert.match(words, /Documents don't yet answer: .*(?:minibus|swimming).* \(five people asked\)/);
    assert.match(words, /Out of date: "Tideway strategy 2025–26"/);
    assert.match(words, /Disadvantage first: /);
    assert.match(words, /Milestones across Tideway: .*without an approved check-in/);
    for (const name of ASKING) assert.ok(!words.includes(name), `${name} is not named`);
    assert.ok(buttonsOf(digest).length > 0);
  });

  it('is asked for in words, and says why it comes and how often', async () => {
    for (const words of ['Digest', 'How is the trust doing?', 'How is Tideway doing?'])
      assert.match(wordsOf(await ask(words)), /^Tideway, Monday 23 November/, words);
    for (const words of ['why am I seeing this', 'less often'])
      assert.match(
        wordsOf(await ask(words)),
        /Why you are seeing this.*one of Tideway's leaders.*It comes every week/s,
        words,
      );
    for (const words of ['What changed since half-term?', 'what has changed since 1 November'])
      assert.match(
        wordsOf(await ask(words)),
        /^Tideway: since (?:half-term \(23 October\)|1 November)/,
        words,
      );
    assert.match(
      wordsOf(await ask('digest on 6 November')),
      /Nothing of yours stood in Waymark on 6 November/,
    );
    assert.match(wordsOf(await ask('digest on 24 December 2030')), /Which day do you mean/);
  });

  it('says in one line that nothing is new, and then less often: the week between has none', async () => {
    const { teams, shownTo } = service();
    await tick('2026-11-30T07:45:00Z');
    const second = newest();
    const { data } = buttonOf(second, 'digests.fewer');
    const pressed = await teams.pressButton(helen(), { verb: 'digests.fewer', data });
    assert.match(JSON.stringify(pressed.body), /Every second week from now on/);
    const before = shownTo(helen()).length;
    await tick('2026-12-07T07:45:00Z');
    const jo = live(must(shownTo(service().chat('Jo Bennett')).at(-1), 'her digest'));
    assert.deepEqual(jo.slice(0, 2), [
      'Tideway, Monday 7 December. Nothing new.',
      'Nothing has changed since Monday 30 November.',
    ]);
    assert.equal(jo.length, 2, jo.join('\n'));
    assert.equal(shownTo(helen()).length, before);
    await tick('2026-12-14T07:45:00Z');
    const fourth = newest();
    assert.equal(shownTo(helen()).length, before + 1);
    assert.match(wordsOf(fourth), /^Tideway, Monday 14 December/);
    assert.ok(live(fourth).length <= MOST_LINES, live(fourth).join('\n'));
  });

  it('is shown as it stood on a past day, with that day’s weeks and nothing that waited then', async () => {
    await service().instance.clock.moveTo(new Date('2026-12-14T09:00:00Z'));
    const past = await ask('digest on 24 November');
    assert.match(wordsOf(past), /^Tideway, as it stood on 24 November 2026\./);
    assert.match(wordsOf(past), /Harbour Primary: \d+(?: or more)? in every 100 sessions attended/);
    assert.doesNotMatch(wordsOf(past), /Waiting for you|Documents don't yet answer|Out of date/);
    assert.match(
      wordsOf(await ask('How was the trust doing on 24 November?')),
      /as it stood on 24 November 2026/,
    );
  });
});
