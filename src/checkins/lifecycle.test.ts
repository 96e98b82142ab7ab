import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  type Actor,
  type Answer,
  type Checkin,
  type CheckinState,
  type Command,
  type CommandKind,
  decide,
} from './lifecycle.ts';

const now = new Date('2026-11-23T09:00:00Z');
const ANSWER: Answer = {
  status: 'on-track',
  confidence: 'high',
  value: 96,
  note: 'Calls are working.',
  blocker: '',
  evidence: '',
};
const OPEN: Checkin = {
  id: 'c1',
  milestoneId: 'm1',
  round: '2026-11-23',
  ownerId: 'tom',
  state: 'open',
  version: 1,
  unchanged: false,
  asked: 1,
  askOn: '2026-11-26',
  resting: false,
};
const OWNER: Actor = { kind: 'person', personId: 'tom', mayReview: false };
const OWNER_WHO_LEADS: Actor = { kind: 'person', personId: 'tom', mayReview: true };
const REVIEWER: Actor = { kind: 'person', personId: 'jo', mayReview: true };
const STRANGER: Actor = { kind: 'person', personId: 'eve', mayReview: false };
const WAYMARK: Actor = { kind: 'waymark' };

function at(state: CheckinState): Checkin {
  const answered =
    state === 'open' || state === 'withdrawn'
      ? {}
      : { answer: ANSWER, submittedAt: now, question: 'Which families?' };
  return { ...OPEN, state, version: 4, ...answered };
}

function commandOf(kind: CommandKind, version: number): Command {
  switch (kind) {
    case 'submit':
      return { kind, version, answer: ANSWER };
    case 'no-change':
      return { kind, version, last: ANSWER };
    case 'not-today':
      return { kind, version, askOn: '2026-11-24' };
    case 'question':
      return { kind, version, question: 'Which year?' };
    case 'reply':
      return { kind, version, reply: 'Year 7.' };
    case 'return':
      return { kind, version, comment: 'Which families?', askOn: '2026-11-26' };
    default:
      return { kind, version };
  }
}

const STATES: readonly CheckinState[] = ['open', 'submitted', 'approved', 'returned', 'withdrawn'];
const KINDS: readonly CommandKind[] = [
  'submit',
  'no-change',
  'help',
  'not-today',
  'approve',
  'return',
  'question',
  'reply',
  'withdraw',
];

/** What each state becomes, by command, given by whoever may give it; `-` is stale. */
const TRUTH: Readonly<Record<CheckinState, readonly string[]>> = {
  open: ['submitted', 'submitted', 'open', 'open', '-', '-', '-', '-', 'withdrawn'],
  submitted: ['submitted', '-', '-', '-', 'approved', 'returned', 'submitted', 'submitted', 'withdrawn'],
  returned: ['submitted', '-', 'returned', 'returned', '-', '-', '-', '-', 'withdrawn'],
  approved: ['-', '-', '-', '-', '-', '-', '-', '-', '-'],
  withdrawn: ['-', '-', '-', '-', '-', '-', '-', '-', '-'],
};

function isReview(kind: CommandKind): boolean {
  return kind === 'approve' || kind === 'return' || kind === 'question';
}

function rightful(kind: CommandKind): Actor {
  if (kind === 'withdraw') return WAYMARK;
  return isReview(kind) ? REVIEWER : OWNER;
}

function outcome(checkin: Checkin, command: Command, actor: Actor): string {
  const result = decide(checkin, command, actor, now);
  return result.kind === 'refusal' ? result.reason : result.next.state;
}

describe('the life of a check-in', () => {
  for (const state of STATES) {
    KINDS.forEach((kind, column) => {
      const wanted = TRUTH[state][column];
      it(`${state} + ${kind} is ${wanted === '-' ? 'refused as stale' : wanted}`, () => {
        const checkin = at(state);
        const result = decide(checkin, commandOf(kind, 4), rightful(kind), now);
        if (wanted === '-') {
          assert.equal(result.kind === 'refusal' && result.reason, 'stale');
        } else {
          assert.equal(result.kind === 'decision' && result.next.state, wanted);
          assert.equal(result.kind === 'decision' && result.next.version, 5);
        }
      });
    });
  }

  it('refuses everyone but the rightful, in every state and before telling whether a card is old', () => {
    for (const state of STATES) {
      for (const kind of KINDS) {
        for (const version of [3, 4]) {
          const command = commandOf(kind, version);
          assert.equal(outcome(at(state), command, STRANGER), 'not-yours');
          if (isReview(kind)) {
            assert.equal(outcome(at(state), command, OWNER), 'own-check-in');
            assert.equal(outcome(at(state), command, OWNER_WHO_LEADS), 'own-check-in');
            assert.equal(outcome(at(state), command, WAYMARK), 'not-yours');
          } else if (kind === 'withdraw') {
            assert.equal(outcome(at(state), command, OWNER), 'not-yours');
            assert.equal(outcome(at(state), command, REVIEWER), 'not-yours');
          } else {
            assert.equal(outcome(at(state), command, REVIEWER), 'not-yours');
            assert.equal(outcome(at(state), command, WAYMARK), 'not-yours');
          }
        }
      }
    }
  });

  it('refuses a card of another version, older or newer', () => {
    for (const version of [0, 3, 5]) {
      assert.equal(outcome(at('submitted'), commandOf('approve', version), REVIEWER), 'stale');
      assert.equal(outcome(at('open'), commandOf('submit', version), OWNER), 'stale');
    }
  });

  it('does not take "no change" before there was an answer', () => {
    assert.equal(outcome(at('open'), { kind: 'no-change', version: 4 }, OWNER), 'nothing-before');
  });

  it('asks for help once', () => {
    const asked = decide(at('open'), { kind: 'help', version: 4 }, OWNER, now);
    assert.ok(asked.kind === 'decision');
    assert.equal(outcome(asked.next, { kind: 'help', version: 5 }, OWNER), 'help-known');
  });

  it('takes an answer only to a question, and a new question without the old answer', () => {
    const { question: _question, ...unasked } = at('submitted');
    assert.equal(outcome(unasked, commandOf('reply', 4), OWNER), 'nothing-asked');
    const replied = decide(at('submitted'), commandOf('reply', 4), OWNER, now);
    assert.ok(replied.kind === 'decision');
    assert.equal(replied.next.reply, 'Year 7.');
    const again = decide(replied.next, commandOf('question', 5), REVIEWER, now);
    assert.ok(again.kind === 'decision');
    assert.deepEqual([again.next.question, again.next.reply], ['Which year?', undefined]);
    const anew = decide(again.next, commandOf('submit', 6), OWNER, now);
    assert.ok(anew.kind === 'decision');
    assert.equal(anew.next.question, undefined, 'asked of the words that were');
  });

  it('forgets the old review when an answer is sent again', () => {
    const returned = decide(at('submitted'), commandOf('return', 4), REVIEWER, now);
    assert.ok(returned.kind === 'decision');
    assert.equal(returned.next.comment, 'Which families?');
    const again = decide(returned.next, commandOf('submit', 5), OWNER, now);
    assert.ok(again.kind === 'decision');
    assert.equal(again.next.comment, undefined);
    assert.equal(again.next.decidedBy, undefined);
  });

  it('never reaches an illegal state, whatever is pressed by whomever in whatever order', () => {
    const step = fc.record({
      kind: fc.constantFrom(...KINDS),
      actor: fc.constantFrom(OWNER, OWNER_WHO_LEADS, REVIEWER, STRANGER, WAYMARK),
      drift: fc.constantFrom(0, 0, 0, -1, 1),
      first: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let checkin = OPEN;
        for (const { kind, actor, drift, first } of steps) {
          const whole = commandOf(kind, checkin.version + drift);
          const command: Command =
            whole.kind === 'no-change' && first ? ({ kind, version: whole.version } as Command) : whole;
          const result = decide(checkin, command, actor, now);
          if (result.kind === 'refusal') continue;
          const { next } = result;
          assert.equal(drift, 0);
          assert.equal(next.version, checkin.version + 1);
          assert.ok(checkin.state !== 'approved' && checkin.state !== 'withdrawn', 'an end was left');
          if (next.state !== 'open' && next.state !== 'withdrawn') assert.ok(next.answer);
          if (next.state === 'approved' || next.state === 'returned') {
            assert.ok(
              next.decidedBy && next.decidedBy !== next.ownerId,
              'reviewed by nobody or by the owner',
            );
          }
          assert.equal(next.state === 'returned', next.comment !== undefined && next.state !== 'withdrawn');
          assert.equal(next.ownerId, 'tom');
          checkin = next;
        }
      }),
      { numRuns: 500 },
    );
  });
});
