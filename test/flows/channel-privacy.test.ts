import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { personNamed, teamNamed } from '../../src/sandbox/tenant.ts';
import { pressDraft, useChannels, valuesOf } from '../support/channels.ts';
import { buttonsOf, wordsOf } from '../support/service.ts';

describe('what is read in a channel, and of whom', function () {
  this.timeout(40_000);
  const stage = useChannels();
  const last = (name: string) => wordsOf(stage().service.shownTo(stage().service.chat(name)).at(-1));

  async function hear(name: string, words: string, how?: Parameters<ReturnType<typeof stage>['reply']>[2]) {
    const before = (await stage().outcomes()).length;
    const id = stage().reply(name, words, how);
    await stage().service.graph.teams.tell();
    await stage().settled();
    return { id, outcome: (await stage().outcomes()).slice(before)[0] };
  }

  it('is nothing outside a milestone’s thread: not kept, not logged, not even asked for', async () => {
    const { service, thread, settled, look } = stage();
    const other = service.graph.teams.post(
      { teamId: thread.teamId, channelId: thread.channelId },
      {
        id: '1790000000001',
        from: service.chat('Tom Ellery').personId,
        words: 'amber xylophone in the main channel',
      },
    );
    service.graph.teams.reply(other, service.chat('Aisha Rahman').personId, 'green xylophone, 30 lessons');
    assert.deepEqual(await service.graph.teams.tell(), [202, 202]);
    await settled();
    await look();
    assert.doesNotMatch(await service.everything(), /xylophone/);
    assert.doesNotMatch(service.logged.join('\n'), /xylophone/);
    const asked = service.graph.requests.filter(({ path }) => path.includes(other.rootId));
    assert.deepEqual(asked, [], 'that thread was never read');
  });

  it('lets messages go that Teams sends only because of the consent', async () => {
    const { service } = stage();
    const tom = service.channel('Tom Ellery', 'Harbour Primary');
    const before = await service.store.db.selectFrom('activities').selectAll().execute();
    const { status } = await service.teams.sendMessage(tom, 'xylophone for everybody else', {
      mention: false,
    });
    assert.equal(status, 200);
    assert.equal(
      (await service.store.db.selectFrom('activities').selectAll().execute()).length,
      before.length,
    );
    assert.doesNotMatch(service.logged.join('\n'), /xylophone/);
    const answered = await service.teams.sendMessage(tom, 'What are our priorities?');
    assert.equal(answered.status, 200);
    assert.equal(
      (await service.store.db.selectFrom('activities').selectAll().execute()).length,
      before.length + 1,
    );
  });

  it('holds back what may concern somebody’s safety, shows the way, and keeps nothing of it', async () => {
    const { service, settled } = stage();
    const { outcome } = await hear(
      'Aisha Rahman',
      'amber, a girl in my class told me her uncle hits her, zebrafinch',
    );
    assert.equal(outcome, 'held');
    assert.match(last('Aisha Rahman'), /speak to your safeguarding lead now/);
    await settled();
    const kept = await service.everything();
    assert.doesNotMatch(kept, /zebrafinch|uncle/);
    assert.doesNotMatch(service.logged.join('\n'), /zebrafinch|uncle/);
    const rows = await service.store.db
      .selectFrom('channel_replies')
      .selectAll()
      .where('outcome', '=', 'held')
      .execute();
    assert.deepEqual(
      rows.map(({ person_id }) => person_id),
      [null],
      'nothing says whose it was',
    );
  });

  it('holds back what looks as if it named a pupil', async () => {
    const { outcome } = await hear(
      'Aisha Rahman',
      'green, 12 lessons, Jayden Okonkwo in Year 5 is much better',
    );
    assert.equal(outcome, 'held');
    assert.match(last('Aisha Rahman'), /looks as if it names a pupil/);
    assert.doesNotMatch(await stage().service.everything(), /Okonkwo/);
    assert.equal(stage().drafts('Aisha Rahman').length, 0);
  });

  it('takes no notice of a reader’s thanks, a colleague’s word, a guest’s, a pupil’s, or Teams’ own', async () => {
    const { service, thread } = stage();
    const { tenant } = service.graph;
    assert.equal((await hear('Jo Bennett', 'green, 30 lessons, thank you')).outcome, 'not-theirs');
    assert.equal((await hear('Tom Ellery', 'green, 29 lessons')).outcome, 'not-theirs');
    const guest = must(
      tenant.people.find(({ type }) => type === 'Guest'),
      'a guest',
    );
    const team = teamNamed(tenant, 'Harbour Primary');
    team.members.push(guest.id);
    assert.equal((await hear(guest.name, 'green, 28 lessons')).outcome, 'not-staff');
    team.members.splice(team.members.indexOf(guest.id), 1);
    const pupil = must(
      tenant.people.find(({ job }) => /pupil/i.test(job)),
      'a pupil',
    );
    assert.equal((await hear(pupil.name, 'green, 27 lessons')).outcome, 'not-staff');
    const before = (await stage().outcomes()).length;
    service.graph.teams.reply(thread, undefined, 'green, 26 lessons');
    service.graph.teams.reply(thread, service.chat('Aisha Rahman').personId, 'green', { system: true });
    await service.graph.teams.tell();
    await stage().settled();
    assert.equal((await stage().outcomes()).length, before);
    assert.deepEqual(
      [guest.name, pupil.name, 'Jo Bennett', 'Tom Ellery'].flatMap((name) => stage().drafts(name)),
      [],
    );
  });

  it('takes no check-in of an owner who has left the team', async () => {
    const { service, thread } = stage();
    const group = must(
      service.graph.tenant.groups.find(
        ({ members }) =>
          members.includes(service.chat('Aisha Rahman').personId) &&
          teamNamed(service.graph.tenant, 'Harbour Primary').members.includes(
            must(
              service.graph.tenant.groups.find((one) => one.members === members),
              'it',
            ).id,
          ),
      ),
      'the staff of Harbour Primary',
    );
    const { members } = group;
    group.members = members.filter((id) => id !== service.chat('Aisha Rahman').personId);
    assert.equal((await hear('Aisha Rahman', 'green, 25 lessons')).outcome, 'not-theirs');
    group.members = members;
    assert.ok(thread);
  });

  it('makes no draft of what says nothing of how it is going', async () => {
    assert.equal((await hear('Aisha Rahman', 'Thanks Jo, will do after break')).outcome, 'no-answer');
    assert.equal(stage().drafts('Aisha Rahman').length, 0);
  });

  it('shows an edited reply on the same card, takes no notice of a reaction, and drops what is taken back', async () => {
    const { service, drafts, settled } = stage();
    const { id } = await hear('Aisha Rahman', 'amber, 12 lessons');
    const tell = async () => {
      await service.graph.teams.tell();
      await settled();
    };
    service.graph.teams.edit(id, 'green, 14 lessons', '2026-11-23T10:00:00.000Z');
    await tell();
    const [draft, ...more] = drafts('Aisha Rahman');
    assert.deepEqual(more, []);
    assert.equal(valuesOf(draft).value, '14');
    const edits = () => service.teams.requests.filter(({ method }) => method === 'PUT').length;
    const before = edits();
    service.graph.teams.react(id, '2026-11-23T10:05:00.000Z');
    await tell();
    assert.equal(edits(), before);
    service.graph.teams.remove(id, '2026-11-23T10:10:00.000Z');
    await tell();
    assert.deepEqual(drafts('Aisha Rahman'), []);
    assert.match(last('Aisha Rahman'), /took that reply back/);
  });

  it('ends at "not a check-in"', async () => {
    const { service, drafts } = stage();
    await hear('Aisha Rahman', 'green, 15 lessons');
    const draft = drafts('Aisha Rahman').at(-1);
    assert.match(await pressDraft(service, 'Aisha Rahman', draft, 'checkins.drop-draft'), /Nothing was sent/);
    const { state } = await service.store.db
      .selectFrom('checkins')
      .select('state')
      .where('milestone_id', '=', 'harbour-greet-first')
      .executeTakeFirstOrThrow();
    assert.equal(state, 'open');
  });

  it('goes with a person who is erased, and with the thread once it has been read', async () => {
    const { service, look, drafts, thread } = stage();
    await hear('Aisha Rahman', 'green, 16 lessons');
    const draft = must(drafts('Aisha Rahman').at(-1), 'a draft');
    const sent = await pressDraft(service, 'Aisha Rahman', draft, 'checkins.send-draft', {
      'choice-confidence': 'high',
    });
    assert.match(sent, /Sent to Jo/);
    const card = must(
      service.teams.arrivals.find(({ activityId }) => activityId === thread.rootId),
      'the card in the channel',
    );
    const view = must(
      buttonsOf(card.activity).find(({ verb }) => verb === 'checkins.view'),
      'a view',
    );
    const data = { ...view.data, verb: 'checkins.approve' };
    await service.teams.pressButton(service.channel('Jo Bennett', 'Harbour Primary'), {
      verb: 'checkins.approve',
      data,
    });
    await service.quiet();
    const before = (await stage().outcomes()).length;
    stage().reply('Aisha Rahman', 'red, 3 lessons');
    await service.graph.teams.tell();
    await stage().settled();
    await look();
    assert.equal((await stage().outcomes()).length, before, 'the round is over, so its thread is nobody’s');
    const { id } = personNamed(service.graph.tenant, 'Aisha Rahman');
    const exported = await service.command('person', 'export', id, '--json');
    assert.match(exported.out, /channel_replies/);
    await service.command('person', 'erase', id, '--json');
    const left = await service.store.db
      .selectFrom('channel_replies')
      .selectAll()
      .where('person_id', '=', id)
      .execute();
    assert.deepEqual(left, []);
  });
});
