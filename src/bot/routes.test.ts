import { strict as assert } from 'node:assert';
import { colleague, operator } from '../../test/support/access.ts';
import type { Entry } from '../access/decide.ts';
import type { CardVerb, WordVerb } from '../access/policy.ts';
import { card, line } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Person } from '../directory/model.ts';
import type { Actor } from './identity.ts';
import type { Conversation } from './inbound.ts';
import { mixedCompanyLine, OWN_CHAT_LINE, outsiderLine } from './lines.ts';
import { isForAll, onCommand, onMessage, type UseCases } from './routes.ts';

const NOW = new Date('2026-11-23T07:30:00Z');
const CARD = card({ summary: 'Speak to somebody', body: [line('999')] });

function person(id: string, staff = true): Person {
  return { id, name: id, givenName: id, mail: `${id}@tideway.example`, jobTitle: 'Staff', staff };
}

const PERSONAL: Conversation = {
  id: 'a:chat',
  kind: 'personal',
  serviceUrl: 'https://smba.trafficmanager.net/uk/',
  botId: '28:waymark',
  tenantId: 'tenant',
};
const CHANNEL: Conversation = {
  ...PERSONAL,
  id: '19:a',
  kind: 'channel',
  teamId: 'team-1',
  channelId: '19:a',
};
const GROUP: Conversation = { ...PERSONAL, id: '19:g', kind: 'group' };
const ADA: Actor = { person: person('ada'), holder: colleague('ada'), conversation: PERSONAL };

/** Use cases that say what was asked of them, in order. */
function cases(over: Partial<UseCases> = {}) {
  const asked: string[] = [];
  const word = (said: string) => ({
    said: [said],
    answer: async (entry: Entry<WordVerb>, who: Person): Promise<MessageReply> => {
      asked.push(`${entry.verb} for ${who.id}`);
      return { kind: 'reply', text: said };
    },
  });
  const act = async (entry: Entry<CardVerb>, _command: unknown, who: Person): Promise<CardReply> => {
    asked.push(`${entry.verb} by ${who.id}`);
    return { kind: 'text', text: 'done' };
  };
  const all: UseCases = {
    trustName: 'Tideway',
    people: async (ids) => ids.map((id) => person(id, id !== 'pupil')),
    membersOf: async () => ({ ids: ['ada', 'jo'], outsiders: 0 }),
    chatMembers: async () => ['ada', 'jo'],
    safety: (text) => (text.includes('worry') ? CARD : undefined),
    ask: async (_entry, question) => {
      asked.push(`ask ${question.text} for ${question.readers.join(',')} ${question.place}`);
      return { kind: 'reply', text: 'An answer' };
    },
    saveFile: async () => ({ kind: 'reply', text: 'Saved' }),
    checkFile: async () => ({ kind: 'reply', text: 'Checked' }),
    words: {
      'word:digest': word('digest'),
      'word:approvals': word('approvals'),
      'word:check-ins': word('my check-ins'),
      'word:settings': word('settings'),
      'word:how-to-check': word('check my file'),
      'word:pauses': word('pauses'),
      'word:deliveries': word('deliveries'),
      'word:doctor': word('doctor'),
    },
    acts: { answers: act, attendance: act, checkins: act, digests: act, operations: act, messages: act },
    ...over,
  };
  return { all, asked };
}

const say = (text: string, conversation = PERSONAL, addressed = true) => ({ text, addressed, conversation });

describe('what is typed', () => {
  it('that is not meant for Waymark gets silence, whoever types', async () => {
    const { all, asked } = cases();
    assert.deepEqual(await onMessage(all, say('worry', CHANNEL, false), ADA, NOW), { kind: 'silence' });
    assert.deepEqual(asked, []);
  });

  it('by someone outside the staff gets the fixed line in their chat, silence elsewhere, and is not searched', async () => {
    const { all, asked } = cases();
    assert.deepEqual(await onMessage(all, say('digest'), undefined, NOW), {
      kind: 'fixed',
      text: outsiderLine('Tideway'),
    });
    assert.deepEqual(await onMessage(all, say('digest', CHANNEL), undefined, NOW), { kind: 'silence' });
    assert.deepEqual(asked, []);
  });

  it('that may concern somebody’s safety is not searched, and is answered where only staff read it', async () => {
    const { all, asked } = cases();
    for (const where of [undefined, CHANNEL, GROUP]) {
      const outcome = await onMessage(all, say('a worry', where), ADA, NOW);
      assert.deepEqual(outcome, { kind: 'safety', card: CARD, alone: false });
    }
    assert.deepEqual(asked, []);
  });

  it('that may concern somebody’s safety is answered in private where somebody outside reads it, or may', async () => {
    const outsider = async () => ({ ids: ['ada'], outsiders: 1 });
    for (const membersOf of [outsider, () => Promise.reject(new Error('Graph is down'))]) {
      const { all, asked } = cases({ membersOf });
      const outcome = await onMessage(all, say('a worry', CHANNEL), ADA, NOW);
      assert.deepEqual(outcome, { kind: 'safety', card: CARD, alone: true });
      assert.deepEqual(asked, []);
    }
  });

  it('is answered for everyone who reads it', async () => {
    const { all, asked } = cases();
    await onMessage(all, say('why'), ADA, NOW);
    await onMessage(all, say('why', CHANNEL), ADA, NOW);
    await onMessage(all, say('why', GROUP), ADA, NOW);
    assert.deepEqual(asked, [
      'ask why for ada personal',
      'ask why for ada,jo channel',
      'ask why for ada,jo group',
    ]);
  });

  it('in mixed company gets no answer: silence in a team, one line in a group chat', async () => {
    const { all, asked } = cases({
      membersOf: async () => ({ ids: ['ada'], outsiders: 1 }),
      chatMembers: async () => ['ada', 'pupil'],
    });
    assert.deepEqual(await onMessage(all, say('why', CHANNEL), ADA, NOW), { kind: 'silence' });
    assert.deepEqual(await onMessage(all, say('why', GROUP), ADA, NOW), {
      kind: 'fixed',
      text: mixedCompanyLine('Tideway'),
    });
    const { teamId: _, ...nowhere } = CHANNEL;
    assert.deepEqual(await onMessage(all, say('why', nowhere), ADA, NOW), { kind: 'silence' });
    assert.deepEqual(asked, []);
  });

  it('opens what a word stands for in one’s own chat only, however it is written', async () => {
    const { all, asked } = cases();
    await onMessage(all, say('Digest!'), ADA, NOW);
    for (const where of [CHANNEL, GROUP]) {
      const outcome = await onMessage(all, say('digest', where), ADA, NOW);
      assert.deepEqual(outcome, { kind: 'fixed', text: OWN_CHAT_LINE });
    }
    assert.deepEqual(asked, ['word:digest for ada']);
  });

  it('is refused in words to whoever may not open what it stands for, and reaches nothing', async () => {
    const { all, asked } = cases();
    const outcome = await onMessage(all, say('pauses'), ADA, NOW);
    assert.ok(outcome.kind === 'reply');
    assert.match(outcome.reply.text ?? '', /^That is for those who run Waymark at Tideway\./);
    assert.deepEqual(asked, []);
    await onMessage(all, say('pauses'), { ...ADA, holder: operator('ada') }, NOW);
    assert.deepEqual(asked, ['word:pauses for ada']);
  });

  it('is a question even when it is the name of something every object has', async () => {
    const { all, asked } = cases();
    for (const text of ['constructor', 'toString', '__proto__', 'hasownproperty'])
      assert.equal((await onMessage(all, say(text), ADA, NOW)).kind, 'reply');
    assert.equal(asked.length, 4);
  });
});

describe('a button', () => {
  it('goes to the capability that its verb begins with, as the signed sender', async () => {
    const { all, asked } = cases();
    const data = { ...envelope('digests.refresh', 'x'), personId: 'jo' };
    assert.deepEqual(await onCommand(all, data, ADA, NOW), { kind: 'text', text: 'done' });
    assert.deepEqual(asked, ['digests.refresh by ada']);
  });

  it('of anyone outside the staff, of an unknown kind or of an old card is refused in a sentence', async () => {
    const { all, asked } = cases();
    const good = envelope('digests.refresh', 'x');
    const refused = async (data: unknown, actor: Actor | undefined) => {
      const reply = await onCommand(all, data, actor, NOW);
      return reply.kind === 'refusal' ? reply.reason : reply.kind;
    };
    assert.equal(await refused(good, undefined), 'not-staff');
    assert.equal(await refused(envelope('unheard.of', 'x'), ADA), 'unknown-card');
    assert.equal(await refused(envelope('constructor.name', 'x'), ADA), 'unknown-card');
    assert.equal(await refused(envelope('digests.erase', 'x'), ADA), 'unknown-card');
    assert.equal(await refused(envelope('operations.pause', 'everything'), ADA), 'not-an-operator');
    assert.equal(await refused(envelope('checkins.milestone-new', 'x'), ADA), 'no-rights');
    assert.equal(await refused({ ...good, format: 99 }, ADA), 'old-card');
    assert.equal(await refused(undefined, ADA), 'unknown-card');
    assert.deepEqual(asked, []);
  });
});

describe('a button whose outcome a whole channel would read', () => {
  it('is one of the week’s card as it stands there, and of no card that was passed on', () => {
    for (const id of ['900001/2026-W47', '900001/2026-W47/leaders'])
      assert.equal(isForAll(envelope('attendance.done', id)), true, id);
    const own = [
      ['attendance.show', '900001/2026-W47/head'],
      ['attendance.tutor-close', '900001/2026-W47/5A'],
      ['attendance.pause', '900001'],
      ['attendance.query-right', 'query_1'],
      ['digests.refresh', '900001/2026-W47'],
    ] as const;
    for (const [verb, id] of own) assert.equal(isForAll(envelope(verb, id)), false, verb);
    assert.equal(isForAll({ ...envelope('attendance.done', '900001/2026-W47'), note: 'words' }), false);
  });
});
