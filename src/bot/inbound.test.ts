import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { messageActivity } from '../../test/support/activities.ts';
import { readActivity } from './inbound.ts';

const SERVICE = 'https://smba.trafficmanager.net/uk/';

function read(over: Readonly<Record<string, unknown>> = {}) {
  const inbound = readActivity(messageActivity(SERVICE, over));
  assert.ok(inbound);
  return inbound;
}

const channel = {
  conversation: { id: '19:a@thread.tacv2;messageid=17', conversationType: 'channel', isGroup: true },
  channelData: { team: { id: '19:t', aadGroupId: 'team-1' }, channel: { id: '19:a@thread.tacv2' } },
};
const mention = {
  type: 'mention',
  text: '<at>Waymark</at>',
  mentioned: { id: '28:waymark', name: 'Waymark' },
};

describe('what is read from an activity', () => {
  it('is who speaks, where, and the words, in a personal chat without being named', () => {
    const inbound = read();
    assert.equal(inbound.kind, 'message');
    assert.deepEqual(inbound.sender, {
      userId: '29:ada',
      name: 'Ada Reed',
      personId: '5b0c7f6e-0b1d-4b7c-9a55-1c2d3e4f5a6b',
    });
    assert.equal(inbound.conversation.kind, 'personal');
    assert.ok(inbound.kind === 'message' && inbound.addressed);
  });

  it('is the person by the signed sender alone, whatever a card says, and in one spelling', () => {
    const inbound = read({
      text: undefined,
      from: { id: '29:ada', aadObjectId: 'ABCDEF' },
      value: { verb: 'checkins.approve', from: { aadObjectId: 'someone-else' } },
    });
    assert.equal(inbound.sender.personId, 'abcdef');
    assert.equal(read({ from: { id: '29:x' } }).sender.personId, undefined);
  });

  it('is the text without the mention of Waymark; a mention of another stays and does not address it', () => {
    const named = read({ ...channel, text: '<at>Waymark</at>&nbsp; what  now?', entities: [mention] });
    assert.ok(named.kind === 'message');
    assert.deepEqual([named.text, named.addressed], ['what now?', true]);
    const other = { ...mention, text: '<at>Jo</at>', mentioned: { id: '29:jo', name: 'Jo' } };
    const passed = read({ ...channel, text: '<at>Jo</at> what now?', entities: [other] });
    assert.ok(passed.kind === 'message');
    assert.equal(passed.addressed, false);
  });

  it('is the team by its group and the channel, from within a thread', () => {
    const { conversation } = read(channel);
    assert.deepEqual(
      [conversation.kind, conversation.teamId, conversation.channelId, conversation.id],
      ['channel', 'team-1', '19:a@thread.tacv2', '19:a@thread.tacv2;messageid=17'],
    );
    const group = read({ conversation: { id: '19:g', conversationType: 'groupChat' } });
    assert.equal(group.conversation.kind, 'group');
  });

  const add = [{ id: '28:waymark' }];
  const cases: readonly (readonly [what: string, kind: string, over: Record<string, unknown>])[] = [
    ['an install', 'installed', { type: 'installationUpdate', action: 'add' }],
    ['an upgrade', 'installed', { type: 'installationUpdate', action: 'add-upgrade' }],
    ['a removal', 'uninstalled', { type: 'installationUpdate', action: 'remove' }],
    ['Waymark joining', 'installed', { type: 'conversationUpdate', membersAdded: add }],
    ['Waymark leaving', 'uninstalled', { type: 'conversationUpdate', membersRemoved: add }],
    ['a colleague joining', 'other', { type: 'conversationUpdate', membersAdded: [{ id: '29:jo' }] }],
    ['an edit', 'edited', { type: 'messageUpdate', channelData: { eventType: 'editMessage' } }],
    [
      'a soft deletion',
      'deleted',
      { type: 'messageUpdate', channelData: { eventType: 'softDeleteMessage' } },
    ],
    ['a deletion', 'deleted', { type: 'messageDelete' }],
    ['typing', 'other', { type: 'typing' }],
    ['a form sent by Submit', 'command', { text: undefined, value: { verb: 'x.y' } }],
    ['an unknown invoke', 'other', { type: 'invoke', name: 'task/fetch', value: {} }],
    ['feedback without its message', 'other', { type: 'invoke', name: 'message/submitAction', value: {} }],
  ];
  for (const [what, kind, over] of cases) {
    it(`takes ${what} as ${kind}`, () => {
      assert.equal(read(over).kind, kind);
    });
  }

  it('is the data of a pressed button, and nothing when the press is malformed', () => {
    const press = (value: unknown) => read({ type: 'invoke', name: 'adaptiveCard/action', value });
    const good = press({ action: { data: { verb: 'a.b' } } });
    assert.deepEqual(good.kind === 'command' && [good.invoke, good.data], [true, { verb: 'a.b' }]);
    for (const value of [undefined, null, 'x', {}, { action: 3 }]) {
      const bad = press(value);
      assert.ok(bad.kind === 'command' && bad.data === undefined);
    }
  });

  it('is the reason of a feedback press, as Teams and as other clients send it', () => {
    const reason = (feedback: unknown) => {
      const inbound = read({
        type: 'invoke',
        name: 'message/submitAction',
        replyToId: 'r1',
        value: { actionName: 'feedback', actionValue: { reaction: 'dislike', feedback } },
      });
      assert.ok(inbound.kind === 'feedback');
      assert.deepEqual([inbound.helpful, inbound.replyId], [false, 'r1']);
      return inbound.reason;
    };
    assert.equal(reason('{"feedbackText":"too long"}'), 'too long');
    assert.equal(reason('too long'), 'too long');
    assert.equal(reason({ feedbackText: 'too long' }), 'too long');
    assert.equal(reason('{"feedbackText":'), '');
    assert.equal(reason(undefined), '');
    assert.equal(reason('x'.repeat(5000)).length, 1000);
  });

  it('has one key for every repeat, another for anything else, and no id of a person in it', () => {
    assert.equal(read().key, read({ text: 'again' }).key);
    const others = [
      read(),
      read({ id: 'other' }),
      read({ conversation: { id: 'a:other', conversationType: 'personal' } }),
      read({ type: 'messageUpdate', timestamp: 't1' }),
      read({ type: 'messageUpdate', timestamp: 't2' }),
      read({ type: 'messageDelete' }),
      read({ type: 'invoke', name: 'adaptiveCard/action' }),
      read({ type: 'invoke', name: 'message/submitAction' }),
    ].map(({ key }) => key);
    assert.equal(new Set(others).size, others.length);
    const press = { type: 'invoke', name: 'adaptiveCard/action' };
    const other = { id: '29:other', aadObjectId: '00000000-0000-4000-8000-00000000dead' };
    assert.notEqual(read(press).key, read({ ...press, from: other }).key, 'a press sent again by another');
    const edited = read({ type: 'messageUpdate' });
    assert.ok(edited.kind === 'edited' && edited.original === read().key);
    for (const key of others) assert.doesNotMatch(key, /a:chat|1732176000001/);
  });

  it('is nothing for what is no activity, and it never throws', () => {
    assert.equal(readActivity({ type: 'message' }), undefined);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        readActivity(value);
        readActivity({ ...messageActivity(SERVICE), value, channelData: value, entities: value });
      }),
    );
  });
});
