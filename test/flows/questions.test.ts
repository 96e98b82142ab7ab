import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { readDocument } from '../../src/answers/readers/read.ts';
import { isRefusal } from '../../src/kernel/errors.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const RESTRICTED = 'What does the executive risk note say about reserves?';

describe('a question', () => {
  // Without the library, so that passages are read on cards.
  const service = useService({
    trust: (trust) => {
      delete trust.library;
    },
  });

  async function kept(): Promise<{ question: string; reaction: string | null; reason: string | null }[]> {
    const found = await sql<{ question: string; reaction: string | null; reason: string | null }>`
      select question, reaction, reason from answer_questions order by asked_at`.execute(service().store.db);
    return found.rows;
  }

  async function ask(speaker: Speaker, text: string, extra = {}) {
    const { teams, shownTo } = service();
    const before = shownTo(speaker).length;
    const { activityId, status } = await teams.sendMessage(speaker, text, { extra });
    assert.equal(status, 200);
    const replies = shownTo(speaker).slice(before);
    return { activityId, replies, reply: replies.at(-1) ?? {} };
  }

  it('who the safeguarding lead is, is answered from the trust’s own list', async () => {
    const { reply } = await ask(service().chat('Aisha Rahman'), "Who's our safeguarding lead?");
    assert.match(wordsOf(reply), /Mel Okafor, ext\. 204/);
    assert.doesNotMatch(wordsOf(reply), /don't say/);
  });

  it('for check-ins opens them, in each of the ways people type it', async () => {
    for (const typed of ['my check-ins', 'Check-in', 'check in.'])
      assert.match(
        wordsOf((await ask(service().chat('Aisha Rahman'), typed)).reply),
        /No check-in is waiting/,
      );
  });

  it('is answered with words and citations that stand word for word in the documents', async () => {
    const { chat } = service();
    const library = await allDocuments();
    for (const question of [
      'Who may agree leave in term time?',
      'What do we do about part-time timetables?',
    ]) {
      const { reply, replies } = await ask(chat('Aisha Rahman'), question);
      assert.equal(replies.length, 1);
      const [entity] = (reply.entities ?? []) as Entity[];
      assert.ok(entity, `${question}: ${wordsOf(reply)}`);
      assert.equal(entity?.type, 'https://schema.org/Message');
      const citations = entity?.citation ?? [];
      assert.ok(citations.length > 0);
      for (const { position, appearance } of citations) {
        assert.ok(wordsOf(reply).includes(`[${position}]`));
        assert.ok(appearance.name.length <= 80 && appearance.abstract.length <= 160);
        const words = flat(appearance.abstract);
        assert.ok(library.includes(words.slice(0, -12)), `"${words}" is in no document`);
      }
      for (const text of String(reply.text).split('\n')) {
        if (!/ \[\d\]$/.test(text)) continue;
        const words = flat(text.replace(/ \[\d\]$/, ''));
        assert.ok(library.includes(words), `"${words}" is in no document`);
      }
      assert.deepEqual(reply.channelData, { feedbackLoop: { type: 'default' } });
    }
  });

  it('is refused, with a person to ask, when the documents do not say', async () => {
    const { chat } = service();
    const { reply } = await ask(chat('Aisha Rahman'), 'What does lunch in the canteen cost?');
    assert.match(wordsOf(reply), /documents don't say, so I won't guess/);
    assert.match(wordsOf(reply), /\w+ \w+ looks after the nearest/);
    assert.equal(reply.entities, undefined);
  });

  it('is read as it is seen: without what shows nothing, and with letters for what they pass for', async () => {
    const { teams, chat, shownTo } = service();
    const aisha = chat('Aisha Rahman');
    const plainly = 'Who may agree leave in term time?';
    const disguised = 'Wh\u200bo may \u202eagr\u0435e le\u00adave\u{e0041}\u{e0042} in t\u0435rm tim\u0435?';
    const words: string[] = [];
    for (const text of [plainly, disguised]) {
      await teams.sendMessage(aisha, text);
      words.push(wordsOf(shownTo(aisha).at(-1)));
    }
    assert.match(words[0] ?? '', /Only the head may agree leave/);
    assert.equal(words[1], words[0]);
    assert.doesNotMatch(await service().everything(), /[\u200b\u202e]|\u{e0041}/u);
  });

  it('opens its passage by a button', async () => {
    const { chat, teams } = service();
    const aisha = chat('Aisha Rahman');
    const { reply } = await ask(aisha, 'What are our priorities this year?');
    const { verb, data } = buttonOf(reply, 'answers.read');
    const { body } = await teams.pressButton(aisha, { verb, data });
    assert.match(JSON.stringify(body), /Tideway strategy 2026–27/);
  });

  it('keeps feedback with the question that it is about, also when another was asked since', async () => {
    const { chat, teams } = service();
    const fiona = chat('Fiona Grant');
    const first = 'What is our attendance policy on late arrival?';
    await ask(fiona, first);
    const replyTo = idOfLast(fiona);
    await ask(fiona, 'What does lunch in the canteen cost?');
    await teams.giveFeedback(fiona, { replyTo, reaction: 'dislike', words: 'too long' });
    const rows = (await kept()).filter((row) => row.reaction);
    assert.deepEqual(rows, [{ question: first, reaction: 'dislike', reason: 'too long' }]);
  });

  it('is answered from a restricted document only for its readers, and never in a channel', async () => {
    const { chat, channel } = service();
    const says = async (speaker: Speaker) => JSON.stringify((await ask(speaker, RESTRICTED)).reply);
    assert.match(await says(chat('Martin Lowe')), /Executive risk note/);
    assert.doesNotMatch(await says(chat('Aisha Rahman')), /Executive risk note/i);
    assert.doesNotMatch(await says(channel('Helen Marsh', 'Tideway leaders')), /Executive risk note/i);
  });

  it("cannot be used to open a restricted passage by a reader's button", async () => {
    const { chat, teams } = service();
    const { reply } = await ask(chat('Martin Lowe'), RESTRICTED);
    const { verb, data } = buttonOf(reply, 'answers.read');
    const { body } = await teams.pressButton(chat('Aisha Rahman'), { verb, data });
    assert.match(JSON.stringify(body), /no longer in the documents you can open/);
  });

  it('in a channel is answered in its thread, without the mention, and only when Waymark is named', async () => {
    const { channel, shownTo, teams } = service();
    const bea = channel('Bea Nowak', 'Harbour Primary', '1700000000001');
    await teams.sendMessage(bea, 'Anyone know our priorities this year?', { mention: false });
    assert.deepEqual(shownTo(bea), []);
    const { replies, reply } = await ask(bea, 'What are our priorities this year?');
    assert.equal(replies.length, 1);
    assert.match(wordsOf(reply), /\[1\]/);
    const asked = (await kept()).at(-1)?.question;
    assert.equal(asked, 'What are our priorities this year?');
    assert.deepEqual(shownTo(channel('Bea Nowak', 'Harbour Primary')), []);
  });

  it('that is edited has its earlier answer rewritten, once for each edit', async () => {
    const { chat, teams, shownTo } = service();
    const kit = chat('Kit Lawson');
    const { activityId } = await ask(kit, 'What does lunch in the canteen cost?');
    assert.match(wordsOf(shownTo(kit)[0]), /don't say/);
    const edit = { extra: { timestamp: '2026-11-23T07:31:00.000Z' } };
    for (const _ of [1, 2, 3, 4])
      await teams.editMessage(kit, activityId, 'What are our priorities this year?', edit);
    assert.equal(shownTo(kit).length, 1);
    assert.match(wordsOf(shownTo(kit)[0]), /\[1\]/);
    assert.equal(service().teams.arrivals.find((one) => one.activity === shownTo(kit)[0])?.edits, 1);
    await teams.editMessage(kit, activityId, 'What does lunch cost?', {
      extra: { timestamp: '2026-11-23T07:32:00.000Z' },
    });
    assert.equal(shownTo(kit).length, 1);
    assert.match(wordsOf(shownTo(kit)[0]), /don't say/);
    assert.equal((await kept()).at(-1)?.question, 'What does lunch cost?');
  });

  it('that is deleted takes its answer with it, and is forgotten', async () => {
    const { chat, teams, shownTo, everything } = service();
    const ravi = chat('Ravi Menon');
    const text = 'What are our priorities for breadsticks?';
    const { activityId } = await ask(ravi, text);
    assert.equal(shownTo(ravi).length, 1);
    assert.ok((await everything()).includes(text));
    await teams.deleteMessage(ravi, activityId);
    assert.deepEqual(shownTo(ravi), []);
    assert.equal((await everything()).includes(text), false);
  });

  function idOfLast(speaker: Speaker): string {
    const { teams, shownTo } = service();
    const last = shownTo(speaker).at(-1);
    return teams.arrivals.find((arrival) => arrival.activity === last)?.activityId ?? '';
  }
});

type Entity = {
  readonly type: string;
  readonly citation?: {
    readonly position: number;
    readonly appearance: { readonly name: string; readonly abstract: string };
  }[];
};

async function allDocuments(): Promise<string> {
  const texts: string[] = [];
  for (const file of [
    'strategy-2026-27.docx',
    'five-functions.md',
    'staff-handbook.pdf',
    'attendance-policy.md',
  ]) {
    const blocks = await readDocument(file, await readFile(`samples/documents/${file}`));
    if (isRefusal(blocks)) throw new Error(blocks.message);
    texts.push(JSON.stringify(blocks));
  }
  return flat(texts.join(' '));
}

/** Letters and digits only: how a reader wraps lines and marks lists is not the words. */
function flat(text: string): string {
  return text
    .replace(/\\n/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
