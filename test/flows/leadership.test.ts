import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { HARBOUR, importMarks, LANTERN } from '../support/marks-files.ts';
import { buttonOf, until, useService, wordsOf } from '../support/service.ts';

const CHAT = '19:harbour-leaders@thread.v2';
const OTHER = '19:lantern-leaders@thread.v2';
const AT = '2026-11-23T07:50:00Z';

describe("a school's leadership chat", () => {
  const service = useService({
    documents: false,
    trust: ({ schools }) => {
      for (const [name, chat] of [
        ['Harbour Primary', CHAT],
        ['Lantern Primary', OTHER],
      ])
        must(
          schools.find((school) => school.name === name),
          'a school',
        ).leadership_chat = chat;
    },
  });

  /** Somebody in a group chat: Teams says so in the conversation, not in what the sender types. */
  const inChat = (name: string, id = CHAT) => ({
    speaker: { ...service().chat(name), conversationId: id },
    extra: {
      conversation: {
        id,
        conversationType: 'groupChat',
        isGroup: true,
        tenantId: service().graph.tenant.id,
      },
    },
  });
  const member = (name: string) => {
    const { personId } = service().chat(name);
    return { id: `29:${personId}`, aadObjectId: personId, name };
  };
  const shown = (chat: string) => service().shownTo(inChat('Jo Bennett', chat).speaker);

  before(async function () {
    this.timeout(30_000);
    const { teams, chat, channel } = service();
    await importMarks(service(), [HARBOUR, LANTERN]);
    await teams.install(channel('Jo Bennett', 'Harbour Primary'));
    await teams.install(channel('Rosa Delgado', 'Lantern Primary'));
    for (const name of ['Jo Bennett', 'Rosa Delgado']) await teams.install(chat(name));
    for (const [name, id] of [
      ['Jo Bennett', CHAT],
      ['Rosa Delgado', OTHER],
    ] as const) {
      const { speaker, extra } = inChat(name, id);
      teams.setMembers(id, [member(name), member('Aisha Rahman')]);
      await teams.install(speaker, { extra });
    }
    // A pupil has been taken into Lantern's chat.
    teams.setMembers(OTHER, [member('Rosa Delgado'), member('Maisie Tarrant')]);
    const told = await service().command('tick', '--at', AT, '--json');
    assert.equal(told.exit, 0);
    assert.match(told.out, /Lantern Primary: the leadership chat has someone who is not staff/);
    await service().quiet();
  });

  it("gets the head's card where only staff are in it, with the detail that the channel's does not have", () => {
    const [card, ...more] = shown(CHAT);
    assert.deepEqual(more, []);
    assert.match(wordsOf(card), /^Harbour Primary, last week/);
    assert.match(wordsOf(card), /Pupils with special educational needs/);
    assert.ok(buttonOf(card, 'attendance.focus'));
    assert.deepEqual(shown(OTHER), []);
  });

  it('and then her digest does not bring it a second time; where the chat will not do, it does', () => {
    const { shownTo, chat } = service();
    const digest = (name: string) => wordsOf(shownTo(chat(name)).at(-1));
    assert.doesNotMatch(digest('Jo Bennett'), /One thing to t/);
    assert.match(digest('Rosa Delgado'), /Lantern Primary, last week.*One thing to try/);
  });

  it('is acted on by whoever is in the chat, for all of them to see, and by nobody elsewhere', async () => {
    const { teams, quiet } = service();
    const { verb, data } = buttonOf(shown(CHAT)[0], 'attendance.done');
    const aisha = inChat('Aisha Rahman');
    const elsewhere = await teams.pressButton(service().chat('Aisha Rahman'), { verb, data });
    assert.match(JSON.stringify(elsewhere.body), /leadership chat. Nothing was changed/);
    const pressed = await teams.pressButton(aisha.speaker, { verb, data }, { extra: aisha.extra });
    assert.match(JSON.stringify(pressed.body), /Done: Aisha Rahman/);
    await quiet();
    await until(() => /Done: Aisha Rahman/.test(wordsOf(shown(CHAT)[0])), 'the chat to see it');
    const inChannel = service().shownTo(service().channel('Jo Bennett', 'Harbour Primary'));
    assert.match(wordsOf(inChannel[0]), /Done: Aisha Rahman/);
  });

  it('says where it was taken back', async () => {
    const { command, quiet } = service();
    const told = await command('nudge', 'recall', '--week', '2026-W47', '--school', HARBOUR.urn);
    assert.equal(told.exit, 0);
    await quiet();
    assert.match(wordsOf(shown(CHAT)[0]), /This card was taken back/);
  });
});
