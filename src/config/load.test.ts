import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { loadTrust, parseTrust } from './load.ts';

const SAMPLE = readFileSync('samples/trust.yaml', 'utf8');

/** The problems of the sample after one replacement, which must have found its place. */
function problemsAfter(change: string | RegExp, by: string): string[] {
  const text = SAMPLE.replace(change, by);
  assert.notEqual(text, SAMPLE, `${change} is not in the sample`);
  const result = parseTrust(text, 'trust.yaml');
  return Array.isArray(result) ? result : [];
}

const BREAKS: readonly [name: string, change: string | RegExp, by: string, says: RegExp][] = [
  ['a key it does not know', '  short_name:', '  shortname:', /^trust\.yaml:\d+ trust .*shortname/],
  [
    'a key it does not know, by its own line',
    '  zone:',
    '  zonne:',
    /^trust\.yaml:6 trust has "zonne", which is not known here$/m,
  ],
  ['a key that is missing', '  zone:', '  zonne:', /trust\.zone is missing/],
  [
    'a number where text belongs',
    /zone: .*/,
    'zone: 5',
    /trust\.zone must be text, and is a number: put it in quotes/,
  ],
  [
    'a list where text belongs, which quotes would not mend',
    /zone: .*/,
    'zone: [Europe/London]',
    /trust\.zone must be text, and is a list$/,
  ],
  [
    'a fraction where a whole number belongs',
    /^schools:/m,
    'retention: { drafts_days: 7.5 }\nschools:',
    /retention\.drafts_days must be a whole number$/,
  ],
  [
    'text where a number belongs',
    /^schools:/m,
    'retention: { drafts_days: seven }\nschools:',
    /retention\.drafts_days must be a number, and is text$/,
  ],
  [
    'a list where lines below it belong',
    /^schools:/m,
    'retention: [7]\nschools:',
    /retention must be a group of lines below it, and is a list$/,
  ],
  ['nothing where something belongs', /zone: .*/, 'zone:', /trust\.zone is empty/],
  [
    'a word that is none of those',
    /kind: policy/,
    'kind: paper',
    /\.kind must be one of policy, essay, outside/,
  ],
  [
    'too few days',
    /^schools:/m,
    'retention: { drafts_days: 3 }\nschools:',
    /retention\.drafts_days must be at least 7/,
  ],
  [
    'a date that does not exist',
    'date: 2026-11-18',
    'date: 2026-11-31',
    /schools\[2\]\.closures\[0\]\.date must be a date/,
  ],
  ['a zone that does not exist', 'Europe/London', 'Europe/Tideway', /trust\.zone must be a time zone/],
  [
    'a calendar that does not exist',
    'calendar: driftwood',
    'calendar: drift',
    /calendar that does not exist: drift/,
  ],
  [
    'a term that ends before it begins',
    'to: 2026-12-18',
    'to: 2026-10-30',
    /ends \(2026-10-30\) before it begins/,
  ],
  ['terms out of order', 'from: 2027-01-04', 'from: 2026-12-01', /before the term above it has ended/],
  [
    'two schools of one name',
    'name: Lantern Primary',
    'name: harbour  primary',
    /schools\[1\]\.name is the same as/,
  ],
  [
    'a strand that does not exist',
    'strand: disadvantage-first',
    'strand: luck',
    /names no strand of a priority: luck/,
  ],
  [
    'a weekly milestone whose owner has not agreed',
    'every_weeks: 3',
    'cadence: weekly',
    /cadence is weekly, which its owner must agree to/,
  ],
  [
    'a cadence beside a number of weeks',
    'every_weeks: 3',
    'every_weeks: 3\n    cadence: fortnightly',
    /every_weeks is given beside cadence/,
  ],
  [
    'asks every week, said in weeks, to which nobody says that the owner agreed',
    'every_weeks: 3',
    'every_weeks: 1',
    /every_weeks is weekly, which its owner must agree to/,
  ],
  [
    'a person with more milestones than the trust allows',
    'milestones:',
    'policies:\n  milestones_each: 1\nmilestones:',
    /owns 2 milestones, and the trust allows 1 each/,
  ],
  [
    'a milestone that a team answers outside a channel',
    '    every_weeks: 3',
    '    answered_by: team\n    every_weeks: 3',
    /answered_by is team, and the milestone is not asked in a channel/,
  ],
  ['a milestone at no school', /school: (["'])900001\1/, 'school: "900009"', /names no school: 900009/],
  [
    'a milestone of no team',
    /school: (["'])900001\1/,
    'team: nowhere',
    /milestones\[0\]\.team names no team: nowhere/,
  ],
  [
    'a milestone of a school and a team',
    /school: (["'])900001\1\n {4}owner/,
    'school: "900001"\n    team: inclusion\n    owner',
    /team is given beside school: keep one of them/,
  ],
  [
    'a team in whose channel nobody can be asked, since it has none',
    /school: (["'])900001\1\n {4}owner/,
    'team: inclusion\n    ask_in: channel\n    owner',
    /names no school or team whose channel that is/,
  ],
  [
    'a milestone that its owner would read',
    /owner: (\S+) # Aisha Rahman/,
    'owner: $1\n    reviewer: $1',
    /reviewer is the owner, and nobody reads their own/,
  ],
  [
    'a milestone of the chief executive with a reader',
    /owner: \S+ # Aisha Rahman/,
    'owner: 00000000-0000-4000-8000-000000000101\n    reviewer: head',
    /reviewer is given for the chief executive/,
  ],
  [
    'a head as reader where there is none',
    /school: (["'])900001\1\n {4}owner/,
    'reviewer: head\n    owner',
    /reviewer is head, and no school or team is named/,
  ],
  [
    'a team called like a school',
    'name: Inclusion team',
    'name: Harbour Primary',
    /teams\[0\]\.name is the same as Harbour Primary's/,
  ],
  [
    'a milestone twice',
    'id: harbour-friday-barriers',
    'id: harbour-greet-first',
    /is used twice: harbour-greet-first/,
  ],
  ['a leave that ends before it begins', 'to: 2026-12-04', 'to: 2026-11-04', /people\[3\]\.leave ends/],
  [
    'a person as their own delegate',
    /delegate: \S+ # Dee Walters/,
    'delegate: 00000000-0000-4000-8000-000000000603',
    /people\[2\]\.delegate is the person themself/,
  ],
  [
    'a document twice',
    'file: strategy-2025-26.pdf',
    'file: strategy-2026-27.docx',
    /documents\[1\]\.file is listed twice/,
  ],
  ['a document that ends before it begins', 'to: 2027-08-31', 'to: 2026-08-31', /documents\[0\]\.to ends/],
  ['YAML that cannot be read', 'leaders:', 'leaders: [', /^trust\.yaml:\d+ /],
];

describe('trust.yaml', () => {
  for (const [name, change, by, says] of BREAKS) {
    it(`is refused with ${name}, by its line`, () => {
      const problems = problemsAfter(change, by);
      assert.ok(
        problems.some((problem) => says.test(problem) && /^trust\.yaml:\d+ /.test(problem)),
        problems.join('\n') || 'no problem found',
      );
    });
  }

  it('names the line that a problem stands on', () => {
    const line = SAMPLE.split('\n').findIndex((text) => text.includes('zone: Europe/London')) + 1;
    const [problem] = problemsAfter('Europe/London', 'Europe/Tideway');
    assert.ok(problem?.startsWith(`trust.yaml:${line} `), problem);
  });

  it('that is not there is one clear message', async () => {
    await assert.rejects(loadTrust('samples/none.yaml'), { code: 'trust-file' });
  });
});
