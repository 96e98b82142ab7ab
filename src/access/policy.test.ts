import { strict as assert } from 'node:assert';
import { isRefusal } from '../kernel/errors.ts';
import { must } from '../kernel/guards.ts';
import { decide, enter } from './decide.ts';
import { POLICY, type Verb } from './policy.ts';
import { type About, type Holder, ROLES, type Role, type Scope, type Standing } from './roles.ts';

/**
 * Who may do what, written from what the trust wants and not from the table. Roles stand under how far they reach: in all of the
 * trust, at their school, in their strand, for their tutor groups, or for the one thing that is theirs. `only` names the face of
 * a school's card on which a line holds, where it does not hold on each.
 */
type Line = {
  readonly verbs: string;
  readonly only?: string;
  readonly trust?: string;
  readonly school?: string;
  readonly team?: string;
  readonly strand?: string;
  readonly groups?: string;
  readonly thing?: string;
  readonly never?: string;
};

const CARD_READ = 'attendance.show attendance.open attendance.why';
const CARD_USED =
  'attendance.done attendance.not-this-week attendance.not-suitable attendance.happened attendance.not-yet attendance.help attendance.query attendance.send-query attendance.fewer';
const FOCUS = 'attendance.focus attendance.agree';
const MAKERS = { trust: 'trust-leader', school: 'head', team: 'team-lead', strand: 'priority-lead' };

const EXPECTED: readonly Line[] = [
  // Anybody's, staff or not: their own message, and whether the app is there.
  { verbs: 'app:meet app:part message:withdraw', trust: 'staff', thing: 'anyone' },
  { verbs: 'http:/healthz http:/readyz', thing: 'anyone' },
  { verbs: 'http:/api/messages', trust: 'teams' },
  { verbs: 'http:/api/graph/notifications', trust: 'graph' },

  // What every colleague may say, and gets what lies within their reach.
  { verbs: 'say:question feedback:answer', trust: 'staff' },
  {
    verbs: 'word:check-ins word:settings word:approvals word:digest word:how-to-check file:save',
    trust: 'staff',
  },
  { verbs: 'file:check', school: 'head data-contact' },
  { verbs: 'say:new-milestone say:export', ...MAKERS },
  { verbs: 'say:term-report digests.report digests.store-report', trust: 'chief-executive', school: 'head' },
  { verbs: 'word:pauses word:deliveries word:doctor', trust: 'operator' },

  // Questions: who asked, whom it was sent to, who answered.
  { verbs: 'answers.read', trust: 'staff' },
  { verbs: 'answers.ask answers.ask-anonymous answers.ask-alone', thing: 'asker' },
  { verbs: 'answers.answer', thing: 'question-reader channel-member', never: 'asker' },
  { verbs: 'answers.show answers.not-mine', thing: 'question-reader' },
  { verbs: 'answers.publish answers.confirm-publish', thing: 'answer-author' },
  { verbs: 'answers.withdraw-note', thing: 'answer-author stand-in' },

  // A school's week: its head and trust leaders on every face of the card, others where it stands for them.
  { verbs: `${CARD_READ} ${CARD_USED}`, trust: 'trust-leader', school: 'head' },
  { verbs: `${CARD_READ} ${CARD_USED}`, only: 'channel', school: 'school-staff data-contact' },
  { verbs: `${CARD_READ} ${CARD_USED}`, only: 'leaders', thing: 'chat-member' },
  { verbs: CARD_READ, only: 'channel', trust: 'attendance-lead' },
  { verbs: FOCUS, only: 'head', trust: 'trust-leader', school: 'head' },
  { verbs: FOCUS, only: 'leaders', trust: 'trust-leader', school: 'head', thing: 'chat-member' },
  { verbs: 'attendance.query-right attendance.query-wrong', school: 'head data-contact' },
  {
    verbs: 'attendance.every-week attendance.fortnightly attendance.pause attendance.tutor-fewer',
    trust: 'staff',
  },
  {
    verbs:
      'attendance.trust-show attendance.trust-done attendance.trust-not-this-week attendance.trust-not-suitable attendance.trust-happened attendance.trust-not-yet attendance.trust-help',
    trust: 'trust-leader',
    thing: 'helper',
  },
  // Pupils' names: nobody above the school, whatever they lead.
  { verbs: 'attendance.names', school: 'head' },
  {
    verbs:
      'attendance.tutor-open attendance.tutor-show attendance.tutor-close attendance.tutor-why attendance.tutor-query attendance.tutor-send-query attendance.tutor-done attendance.tutor-not-suitable attendance.tutor-not-this-week attendance.tutor-happened attendance.tutor-not-yet attendance.tutor-help',
    school: 'head',
    groups: 'tutor',
  },
  // Figures of groups, already suppressed.
  {
    verbs: 'see:school-figures',
    trust: 'trust-leader attendance-lead',
    school: 'school-staff head data-contact',
  },
  {
    verbs: 'see:preview',
    trust: 'trust-leader attendance-lead operator',
    school: 'school-staff head data-contact',
  },
  { verbs: 'see:trust-week', trust: 'trust-leader' },
  { verbs: 'see:school-week', trust: 'trust-leader attendance-lead', school: 'head' },

  // Check-ins: the owner says, the line manager reads, and nobody approves their own.
  { verbs: 'checkins.submit checkins.no-change checkins.save-for-later', thing: 'owner stand-in' },
  { verbs: 'checkins.help checkins.not-today checkins.reply', thing: 'owner' },
  { verbs: 'checkins.approve checkins.return checkins.question', thing: 'reviewer', never: 'owner' },
  { verbs: 'digests.approve', thing: 'reviewer', never: 'owner' },
  { verbs: 'checkins.show digests.open', thing: 'owner reviewer stand-in' },
  { verbs: 'checkins.view', thing: 'owner reviewer stand-in channel-member' },
  { verbs: 'checkins.send-draft reply:check-in', thing: 'owner stand-in channel-member' },
  { verbs: 'checkins.drop-draft', thing: 'draft-author' },
  { verbs: 'checkins.approve-all checkins.settings', trust: 'staff' },

  // Milestones: made by leaders of the place, seen by its owner and their manager too.
  {
    verbs:
      'checkins.milestone-new checkins.milestone-create checkins.milestone-edit checkins.milestone-save checkins.milestone-closing checkins.milestone-close',
    ...MAKERS,
  },
  { verbs: 'checkins.milestone-show checkins.milestone-trend', ...MAKERS, thing: 'owner reviewer' },
  { verbs: 'see:standing', ...MAKERS, thing: 'reviewer' },
  { verbs: 'digests.offer-help', ...MAKERS, thing: 'reviewer', never: 'owner' },
  { verbs: 'checkins.milestone-weekly checkins.milestone-not-weekly', thing: 'owner' },
  { verbs: 'digests.refresh digests.compare digests.why digests.fewer digests.weekly', trust: 'staff' },

  { verbs: 'messages.open', thing: 'recipient' },

  // Running Waymark.
  {
    verbs:
      'operations.pause operations.resume operations.report operations.resend operations.resend-one operations.change operations.note operations.recall operations.doctor',
    trust: 'operator',
  },
  {
    verbs:
      'cli:ask cli:ingest cli:attendance_import cli:attendance_week cli:attendance_cases cli:attendance_benchmarks cli:nudge_preview cli:nudge_test cli:nudge_recall cli:milestones_import cli:milestones_list cli:milestones_report cli:report_term cli:rehearse cli:tick cli:clock cli:deliveries_report cli:deliveries_resend cli:deliveries_edit cli:deliveries_recall cli:pause cli:resume cli:pauses cli:person_export cli:person_erase cli:retention_report cli:audit_verify cli:doctor',
    trust: 'command-line',
  },
];

const ABOUT: About = { urn: '100001', team: 'inclusion', strand: 'reading', groups: ['5A', '5B'] };
/** Each way in which a role may reach, and whether what is asked about lies within it. */
const SCOPES: readonly (readonly [scope: Scope, within: boolean])[] = [
  [{ kind: 'trust' }, true],
  [{ kind: 'school', urn: '100001' }, true],
  [{ kind: 'school', urn: '100002' }, false],
  [{ kind: 'team', id: 'inclusion' }, true],
  [{ kind: 'team', id: 'reading' }, false],
  [{ kind: 'strand', id: 'reading' }, true],
  [{ kind: 'strand', id: 'families' }, false],
  [{ kind: 'groups', urn: '100001', groups: ['5A', '5B', '6A'] }, true],
  [{ kind: 'groups', urn: '100001', groups: ['5A'] }, false],
  [{ kind: 'groups', urn: '100002', groups: ['5A', '5B'] }, false],
  [{ kind: 'thing' }, true],
];
const KINDS = ['trust', 'school', 'team', 'strand', 'groups', 'thing'] as const;
const FACES = [undefined, 'channel', 'leaders', 'head'] as const;

const verbs = Object.keys(POLICY) as Verb[];
const roles = Object.keys(ROLES) as Role[];

function linesFor(verb: Verb): Line[] {
  return EXPECTED.filter((line) => line.verbs.split(' ').includes(verb.replaceAll(' ', '_')));
}

/** What the lines of a verb come to: roles with their reach, and the face where there is one. */
function namedIn(verb: Verb): ReadonlySet<string> {
  return new Set(
    linesFor(verb).flatMap((line) =>
      KINDS.flatMap((kind) =>
        (line[kind] ?? '').split(' ').map((role) => `${role} ${kind} ${line.only ?? 'any'}`),
      ),
    ),
  );
}

function as(role: Role, scope: Scope): Holder {
  return { id: 'somebody', standings: [{ role, scope }] };
}

/** A standing that covers what is asked about. */
function within(role: Role): Standing {
  const [scope] = must(
    SCOPES.find(([{ kind }, covered]) => covered && kind === ROLES[role].reach),
    'a scope',
  );
  return { role, scope };
}

describe('the policy table', () => {
  it('has a line here for each of its verbs, and no other', () => {
    const written = new Set(EXPECTED.flatMap((line) => line.verbs.split(' ')));
    assert.deepEqual([...written].map((verb) => verb.replaceAll('_', ' ')).sort(), verbs.toSorted());
  });

  it('permits each role, in each reach, what is written here and nothing else', () => {
    const wrong: string[] = [];
    let judged = 0;
    for (const verb of verbs) {
      const named = namedIn(verb);
      for (const role of roles)
        for (const [scope, within] of SCOPES)
          for (const face of FACES) {
            judged += 1;
            const on = [`${role} ${scope.kind} any`, `${role} ${scope.kind} ${face}`];
            const wanted = within && on.some((one) => named.has(one));
            const got = !isRefusal(decide(verb, as(role, scope), { ...ABOUT, face }));
            if (got !== wanted)
              wrong.push(`${verb}, ${role}, ${JSON.stringify(scope)}, ${face ?? 'no card'}: ${String(got)}`);
          }
    }
    assert.deepEqual(wrong, []);
    assert.equal(judged, verbs.length * roles.length * SCOPES.length * FACES.length);
    assert.ok(judged > 100_000, `judged ${judged}`);
  });

  it('permits nobody who holds no role', () => {
    for (const verb of verbs)
      for (const face of FACES)
        assert.ok(isRefusal(decide(verb, { id: 'x', standings: [] }, { ...ABOUT, face })), verb);
  });

  it('refuses who is the wrong one to the thing, whatever else they are', () => {
    for (const verb of verbs) {
      const barred = linesFor(verb).flatMap(({ never }) => never?.split(' ') ?? []) as Role[];
      const everything = roles.filter((role) => !barred.includes(role));
      const all: Holder = {
        id: 'x',
        standings: everything.map(within),
      };
      const face = FACES.find((one) => !isRefusal(decide(verb, all, { ...ABOUT, face: one })));
      assert.ok(!isRefusal(decide(verb, all, { ...ABOUT, face })), verb);
      for (const role of barred) {
        const also: Holder = { id: 'x', standings: [...all.standings, within(role)] };
        assert.ok(isRefusal(decide(verb, also, { ...ABOUT, face })), `${verb}, ${role}`);
      }
    }
  });

  it('says in plain words why not, without a name where none is known', () => {
    for (const verb of verbs) {
      const refused = enter(verb, { id: 'x', standings: [] }, 'alone');
      assert.ok(isRefusal(refused), verb);
      assert.match(refused.message, /^[A-Z][^{}]+[.!?]$/, verb);
      assert.doesNotMatch(refused.message, /undefined|null|\bmust not\b|forbidden|unauthori[sz]ed/i, verb);
    }
  });
});
