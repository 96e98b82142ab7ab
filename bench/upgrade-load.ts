/**
 * Load for an upgrade: people who write and press without a pause while instances come and go, through a front end that sends each
 * turn to the next instance in its rotation, as App Service does. It judges every turn by what came back to the person.
 */
import { strict as assert } from 'node:assert';
import { must } from '../src/kernel/guards.ts';
import { sleep, stopwatch } from '../src/kernel/time.ts';
import type { Arrival } from '../src/sandbox/arrivals.ts';
import type { SandboxConnector } from '../src/sandbox/connector.ts';
import { createInbound, type Inbound, type Sent } from '../src/sandbox/inbound.ts';
import { BOT_ID, buttonsOf } from '../test/support/service.ts';

const WORDS = [
  'What are our priorities this year?',
  'my work',
  'How often are phonics groups changed?',
  'digest',
];
/** What a person is shown when a turn was lost, or its work failed. */
const FAILED = /something went wrong|If you have no answer to it/;
/** What an owner says in a form; the words that a form does not ask for are left unread. */
const UPDATE = {
  status: 'on-track',
  'choice-status': 'on-track',
  confidence: 'high',
  'choice-confidence': 'high',
  value: '3',
  note: 'Begun in two classes.',
};
/** Milliseconds. */
const PATIENCE = 60_000;
const ANSWERED = new Set(['checkins.submit', 'checkins.approve']);

export type Rotation = {
  add(port: number): void;
  /** From now on no turn goes there; what it has in hand goes on. */
  remove(port: number): void;
  next(): Inbound;
};

export function createRotation(connectorUrl: string): Rotation {
  const doors = new Map<number, Inbound>();
  let turn = 0;
  return {
    add: (port) => void doors.set(port, createInbound(connectorUrl, `http://127.0.0.1:${port}/api/messages`)),
    remove: (port) => void doors.delete(port),
    next: () => {
      turn += 1;
      return must([...doors.values()][turn % doors.size], 'an instance in rotation');
    },
  };
}

export type LoadOptions = {
  readonly rotation: Rotation;
  readonly teams: SandboxConnector;
  readonly people: readonly string[];
  readonly tenantId: string;
  readonly perSecond: number;
};

export type Judged = {
  readonly messages: number;
  readonly presses: number;
  /** A sentence for each turn that failed: who, what, and what came back. */
  readonly failed: readonly string[];
  /** Milliseconds from a message to the end of its turn. */
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
};

export type Load = {
  /** What was driven since the last call; turns in hand are waited for first. */
  judge(): Promise<Judged>;
  stop(): Promise<void>;
};

type Turn = { readonly personId: string; readonly what: string; readonly sent: Sent };

export function startLoad({ rotation, teams, people, tenantId, perSecond }: LoadOptions): Load {
  let stopped = false;
  let turns: Turn[] = [];
  let times: number[] = [];
  let failed: string[] = [];
  let presses = 0;
  let seen = 0;
  const open = new Set<Promise<void>>();
  const speaker = (personId: string) => ({ personId, tenantId, botId: BOT_ID });

  function take(personId: string, what: string, work: () => Promise<void>): void {
    const turn = work()
      .catch((error: Error) => void failed.push(`${personId}, ${what}: ${error} ${error.cause ?? ''}`))
      .finally(() => open.delete(turn));
    open.add(turn);
  }

  async function write(personId: string, what: string): Promise<void> {
    const elapsed = stopwatch();
    const sent = await rotation.next().sendMessage(speaker(personId), what);
    times.push(elapsed());
    turns.push({ personId, what, sent });
  }

  async function press(personId: string, arrival: Arrival): Promise<void> {
    const button = buttonsOf(arrival.activity).find(({ verb }) => ANSWERED.has(verb));
    if (!button) return;
    const { verb, data } = button;
    const action = { verb, data: { ...data, ...UPDATE }, replyTo: arrival.activityId };
    presses += 1;
    const { status, body } = await rotation.next().pressButton(speaker(personId), action);
    const answer = JSON.stringify(body);
    assert.ok(
      status === 200 && /"statusCode":200/.test(answer) && !FAILED.test(answer),
      `${status} ${answer.slice(0, 400)}`,
    );
  }

  /** Whoever is asked for a check-in answers, and whoever is asked to approve does. */
  function answerCards(): void {
    for (const arrival of teams.arrivals.slice(seen)) {
      const personId = people.find((id) => arrival.conversationId === `a:chat-${id}`);
      if (personId) take(personId, 'a press', () => press(personId, arrival));
    }
    seen = teams.arrivals.length;
  }

  async function run(): Promise<void> {
    const elapsed = stopwatch();
    for (let turn = 0; !stopped; turn += 1) {
      await sleep(Math.max(0, (turn * 1000) / perSecond - elapsed()));
      const personId = must(people[turn % people.length], 'a person');
      const what = must(WORDS[Math.floor(turn / people.length) % WORDS.length], 'words');
      take(personId, what, () => write(personId, what));
      answerCards();
    }
  }
  const running = run();

  /** Replies by what they answer. A turn that takes long is answered over HTTP before its reply is out. */
  function repliesSeen(): Map<string, string[]> {
    const replies = new Map<string, string[]>();
    for (const { activity } of teams.arrivals) {
      const to = String(activity.replyToId ?? '');
      replies.set(to, [...(replies.get(to) ?? []), JSON.stringify(activity)]);
    }
    return replies;
  }

  /** The replies of these turns, or what there is of them when a person would have given up. */
  async function repliesTo(judged: readonly Turn[]): Promise<Map<string, string[]>> {
    const elapsed = stopwatch();
    for (;;) {
      const replies = repliesSeen();
      const missing = judged.some(({ sent }) => !replies.has(sent.activityId));
      if (!missing || elapsed() > PATIENCE) return replies;
      await sleep(500);
    }
  }

  /** What is wrong with a turn that was answered over HTTP. */
  function problemOf(
    { personId, what, sent }: Turn,
    replies: ReadonlyMap<string, readonly string[]>,
  ): string[] {
    const words = replies.get(sent.activityId) ?? [];
    if (sent.status !== 200) return [`${personId}, ${what}: ${sent.status}`];
    if (words.length === 0) return [`${personId}, ${what}: no reply`];
    return words
      .filter((text) => FAILED.test(text))
      .map((text) => `${personId}, ${what}: ${text.slice(0, 200)}`);
  }

  return {
    judge: async () => {
      await Promise.all([...open]);
      const [judged, pressed, took] = [turns, presses, times.sort((one, other) => one - other)];
      [turns, presses, times] = [[], 0, []];
      const replies = await repliesTo(judged);
      const problems = [...failed, ...judged.flatMap((turn) => problemOf(turn, replies))];
      failed = [];
      const at = (share: number) =>
        Math.round(took[Math.min(took.length - 1, Math.ceil(share * took.length) - 1)] ?? 0);
      return {
        messages: judged.length,
        presses: pressed,
        failed: problems,
        p50: at(0.5),
        p99: at(0.99),
        longest: at(1),
      };
    },
    stop: async () => {
      stopped = true;
      await running;
      await Promise.all([...open]);
    },
  };
}
