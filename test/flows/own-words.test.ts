import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { buttonsOf, useService, wordsOf } from '../support/service.ts';

/** What a line of help begins with. */
const offers = (text: string) => [...text.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, words]) => words);

describe('what people can type', () => {
  const service = useService({
    documents: false,
    trust: (trust) => {
      Object.assign(trust, { operators: ['00000000-0000-4000-8000-000000000105'] });
    },
  });

  async function say(name: string, text: string) {
    const { teams, chat, shownTo, quiet } = service();
    await teams.sendMessage(chat(name), text);
    await quiet();
    return must(shownTo(chat(name)).at(-1), 'an answer');
  }

  it('is listed by "help" for what each looks after, and nothing of what they may not do', async () => {
    const helpOf = async (name: string) => offers(wordsOf(await say(name, 'help')));
    const everybody = ['my work', 'my settings'];
    const reader = [...everybody, 'my approvals', 'digest', 'how are we doing on …?'];
    assert.deepEqual(await helpOf('Aisha Rahman'), everybody);
    assert.deepEqual(await helpOf('Jo Bennett'), [...reader, 'milestones', 'term report']);
    const samina = await helpOf('Samina Hussain');
    assert.ok(samina.includes('milestones') && !samina.includes('term report'), samina.join());
    const martin = await helpOf('Martin Lowe');
    assert.ok(martin.includes('pause'), 'who runs Waymark');
    for (const name of ['Aisha Rahman', 'Jo Bennett', 'Samina Hussain'])
      assert.ok(!(await helpOf(name)).includes('pause'), name);
  });

  it('works: each that is offered is answered as itself', async () => {
    for (const word of ['my work', 'my settings', 'my approvals', 'digest', 'milestones', 'term report'])
      assert.doesNotMatch(
        wordsOf(await say('Jo Bennett', word)),
        /I answer questions from|could not find/,
        word,
      );
  });

  it('tells where milestones stood on a past day in words, with the way to the file', async () => {
    service().instance.clock.moveTo?.(new Date('2026-12-07T09:00:00Z'));
    const state = await say('Jo Bennett', 'milestones on 1 December');
    assert.match(
      wordsOf(state),
      /milestones on 1 December 2026.*By what was approved by then: .*without an approved check-in/s,
    );
    assert.match(JSON.stringify(state), /export milestones as of 2026-12-01/);
    assert.deepEqual(
      buttonsOf(state).filter(({ verb }) => verb),
      [],
      'nothing that acts',
    );
    const own = await say('Aisha Rahman', 'milestones on 1 December');
    assert.match(wordsOf(own), /^\d milestones? on 1 December/m);
    assert.doesNotMatch(JSON.stringify(own), /export milestones/, 'a file is for whoever makes milestones');
    assert.match(wordsOf(await say('Jo Bennett', 'milestones on 1 January 2031')), /Which day do you mean/);
  });

  it('answers "who is late?" in a channel with a sentence that names nobody, whoever asks', async () => {
    const { teams, channel, graph, instance, shownTo, quiet } = service();
    const school = must(instance.trust.schools[0], 'a school');
    const team = must(
      graph.tenant.teams.find(({ id }) => id === school.team),
      'its team',
    );
    const there = channel('Jo Bennett', team.name);
    await teams.install(there);
    await teams.sendMessage(there, '<at>Waymark</at> who is late?');
    await quiet();
    assert.match(
      wordsOf(must(shownTo(there).at(-1), 'an answer')),
      /nobody is measured here by how soon they answer/,
    );
  });
});
