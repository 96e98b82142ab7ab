/** Rubbish with a good address: activities, presses, notices and raw bodies, true to form and then spoilt. Repeatable from a seed. */
import type { Seeded } from '../../src/kernel/seeded.ts';

export type FuzzWorld = {
  readonly serviceUrl: string;
  readonly botId: string;
  readonly tenantId: string;
  /** Nobody may ever call it: it is planted wherever an address can stand. */
  readonly canary: string;
  readonly staff: readonly [string, ...string[]];
  readonly verbs: readonly [string, ...string[]];
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Values that have broken readers elsewhere. */
function hostile(random: Seeded, { canary }: FuzzWorld): Json {
  return random.pick<() => Json>([
    () => null,
    () => '',
    () => random.pick([-1, 0, 1e308, Number.MAX_SAFE_INTEGER + 1, 0.1]),
    () => random.chance(0.5),
    () => [],
    () => ({}),
    () => '../../../../etc/passwd',
    () => `file:///etc/passwd`,
    () => `${canary}/planted`,
    () => `https://graph.microsoft.com@${new URL(canary).host}/v1.0/users`,
    () => '__proto__',
    () => ({ constructor: { prototype: { staff: true } } }),
    () => "'; drop table deliveries; --",
    () => '\u0000\ud800\u202e',
    () => 'x'.repeat(random.whole(1_000, 20_000)),
    () => Array.from({ length: random.whole(1, 200) }, () => ({ id: 'x' })),
    () => nested(random.whole(10, 80)),
    () => '<at>Waymark</at> [link](javascript:alert(1)) <script>',
    () => '{"type":"AdaptiveCard"}',
    () => '29:someone-else',
  ])();
}

function nested(depth: number): Json {
  return depth === 0 ? 'deep' : { deeper: nested(depth - 1) };
}

/** Changes between one and four places: a value, a missing field, one too many. */
function spoilt(random: Seeded, world: FuzzWorld, whole: Json): Json {
  let value = whole;
  for (let left = random.whole(1, 4); left > 0; left -= 1) value = spoiltOnce(random, world, value);
  return value;
}

function spoiltOnce(random: Seeded, world: FuzzWorld, value: Json): Json {
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return hostile(random, world);
  if (isList(value)) {
    const at = random.whole(0, Math.max(0, value.length - 1));
    return value.map((one, index) => (index === at ? spoiltOnce(random, world, one) : one));
  }
  const fields = Object.entries(value);
  const at = random.whole(0, Math.max(0, fields.length - 1));
  if (random.chance(0.15)) return Object.fromEntries(fields.filter((_, index) => index !== at));
  if (random.chance(0.1))
    return { ...value, [random.pick(['__proto__', 'toString', 'extra'])]: hostile(random, world) };
  return Object.fromEntries(
    fields.map(([name, field], index) => [name, index === at ? spoiltOnce(random, world, field) : field]),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A whole activity of some kind, as Teams would send it. `who`: the sender's id in the directory. */
function activityOf(random: Seeded, world: FuzzWorld, who: string): { readonly [name: string]: Json } {
  const { serviceUrl, botId, tenantId, canary } = world;
  const id = `fuzz-${random.whole(1, 1e9)}`;
  const common = {
    id,
    serviceUrl,
    channelId: 'msteams',
    from: { id: `29:${who}`, aadObjectId: who },
    recipient: { id: `28:${botId}` },
    conversation: { id: `a:fuzz-${who}`, tenantId, conversationType: 'personal' },
    channelData: { tenant: { id: tenantId } },
  };
  const card = {
    waymark: 1,
    verb: random.pick(world.verbs),
    id: random.pick(['900001/2026-W47', 'm-1', 'chk_1', '../x', `${canary}/x`]),
    version: random.whole(-1, 5),
    note: 'We met on Friday.',
    evidence: `${canary}/evidence`,
  };
  const invoke = (name: string, value: Json) => ({ ...common, type: 'invoke', name, value });
  return random.pick<() => { readonly [name: string]: Json }>([
    () => ({ ...common, type: 'message', text: `What is our aim for ${id}?` }),
    () => ({ ...common, type: 'message', value: card, replyToId: 'a-card' }),
    () =>
      invoke('adaptiveCard/action', {
        action: { type: 'Action.Execute', verb: card.verb, data: card },
        trigger: 'manual',
      }),
    () =>
      invoke('message/submitAction', {
        actionName: 'feedback',
        actionValue: { reaction: 'like', feedback: '{}' },
      }),
    () =>
      invoke('fileConsent/invoke', {
        action: 'accept',
        context: { id: 'x' },
        uploadInfo: {
          uploadUrl: `${canary}/upload`,
          contentUrl: `${canary}/file`,
          name: 'term.docx',
          uniqueId: id,
          fileType: 'docx',
        },
      }),
    () => ({
      ...common,
      type: 'messageUpdate',
      text: 'changed',
      channelData: { ...common.channelData, eventType: 'editMessage' },
    }),
    () => ({
      ...common,
      type: 'messageDelete',
      channelData: { ...common.channelData, eventType: 'softDeleteMessage' },
    }),
    () => ({ ...common, type: 'installationUpdate', action: random.pick(['add', 'remove']) }),
    () => ({
      ...common,
      type: 'conversationUpdate',
      membersAdded: [{ id: `29:${who}` }],
      membersRemoved: [],
    }),
    () => ({
      ...common,
      type: 'message',
      text: '',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.teams.file.download.info',
          name: 'marks.csv',
          contentUrl: `${canary}/marks.csv`,
          content: { downloadUrl: `${canary}/marks.csv`, fileType: 'csv', uniqueId: id },
        },
      ],
    }),
  ])();
}

function noticeOf(random: Seeded, { tenantId, canary }: FuzzWorld): Json {
  return {
    value: [
      {
        subscriptionId: `s-${random.whole(1, 1e6)}`,
        tenantId,
        clientState: 'guess',
        changeType: 'created',
        resource: `${canary}/teams('t')/channels('c')/messages('1')/replies('2')`,
        resourceData: { id: '2', '@odata.type': '#microsoft.graph.chatMessage', '@odata.id': `${canary}/x` },
        encryptedContent: {
          data: 'QUJD',
          dataKey: 'QUJD',
          dataSignature: 'QUJD',
          encryptionCertificateId: 'x',
        },
      },
    ],
    validationTokens: ['a.b.c'],
  };
}

export type Fuzz = {
  readonly family: 'body' | 'stranger' | 'press' | 'notice';
  readonly path: string;
  readonly body: string | Buffer;
  readonly contentType: string;
};

const JSON_TYPE = 'application/json';

/** A request of a family that is drawn too. */
export function fuzz(random: Seeded, world: FuzzWorld): Fuzz {
  const messages = '/api/messages';
  const stranger = `deadbeef-0000-4000-8000-${String(random.whole(0, 999_999_999_999)).padStart(12, '0')}`;
  const family = random.pick(['body', 'stranger', 'press', 'notice'] as const);
  switch (family) {
    case 'body': {
      const text = JSON.stringify(activityOf(random, world, stranger));
      const at = random.whole(0, text.length);
      const body = random.pick<() => string | Buffer>([
        () => text.slice(0, at),
        () => Buffer.from(Array.from({ length: random.whole(0, 400) }, () => random.whole(0, 255))),
        () => `${text.slice(0, at)}${random.pick(['"', '}', '\\u0000', ',', '[['])}${text.slice(at)}`,
        () => `[${text}]`,
        () => JSON.stringify(text),
      ])();
      const contentType = random.pick([
        JSON_TYPE,
        'text/plain',
        'application/xml',
        'multipart/form-data; boundary=x',
      ]);
      return { family, path: messages, body, contentType };
    }
    case 'stranger':
    case 'press': {
      const who = family === 'press' ? random.pick(world.staff) : stranger;
      const body = JSON.stringify(spoilt(random, world, activityOf(random, world, who)));
      return { family, path: messages, body, contentType: JSON_TYPE };
    }
    case 'notice': {
      const query = random.chance(0.2) ? `?validationToken=${encodeURIComponent('<b>hello</b>')}` : '';
      const body = JSON.stringify(spoilt(random, world, noticeOf(random, world)));
      return { family, path: `/api/graph/notifications${query}`, body, contentType: JSON_TYPE };
    }
  }
}
