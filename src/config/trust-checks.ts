/** What the schema of `trust.yaml` cannot say: what its parts must agree on among themselves. Pure. */
import { fold } from '../kernel/text.ts';
import type { Trust, TrustProblem } from './trust.ts';

/** References that lead nowhere, dates in the wrong order, ids given twice. */
export function crossCheck(trust: Trust): TrustProblem[] {
  return [
    ...roleProblems(trust),
    ...calendarProblems(trust),
    ...schoolProblems(trust),
    ...teamProblems(trust),
    ...priorityProblems(trust),
    ...noteProblems(trust),
    ...documentProblems(trust),
  ];
}

/** A trust that nobody leads would get no digest of itself. */
function roleProblems(trust: Trust): TrustProblem[] {
  if (trust.leaders.length > 0 || trust.leaders_group !== undefined) return [];
  return [
    { path: ['leaders'], message: 'names nobody: list people by id, or name a group as leaders_group' },
  ];
}

/** Listed twice, the line without a group would open to all staff what the other one restricts. */
function documentProblems(trust: Trust): TrustProblem[] {
  const seen = new Set<string>();
  const open: TrustProblem[] =
    trust.library?.columns && trust.library.permissions !== 'library'
      ? [
          {
            path: ['library', 'columns'],
            message:
              'needs permissions: library, since trust.yaml names no readers of files that it does not list',
          },
        ]
      : [];
  const listed = trust.documents.flatMap(({ file, from, to }, index): TrustProblem[] => {
    const path = ['documents', index];
    const twice = seen.has(file);
    seen.add(file);
    return [
      ...(twice ? [{ path: [...path, 'file'], message: `is listed twice: ${file}` }] : []),
      ...(from && to && to < from
        ? [{ path: [...path, 'to'], message: `ends (${to}) before it begins (${from})` }]
        : []),
    ];
  });
  return [...open, ...listed];
}

function calendarProblems(trust: Trust): TrustProblem[] {
  const problems: TrustProblem[] = [];
  for (const [name, calendar] of Object.entries(trust.calendars)) {
    calendar.terms.forEach((term, index) => {
      const path = ['calendars', name, 'terms', index];
      if (term.to < term.from)
        problems.push({ path, message: `ends (${term.to}) before it begins (${term.from})` });
      const before = calendar.terms[index - 1];
      if (before && term.from <= before.to) {
        problems.push({
          path,
          message: `begins (${term.from}) before the term above it has ended (${before.to})`,
        });
      }
    });
  }
  return problems;
}

function schoolProblems(trust: Trust): TrustProblem[] {
  const problems: TrustProblem[] = [];
  const seen = new Map<string, string>();
  trust.schools.forEach((school, index) => {
    const path = ['schools', index];
    if (!trust.calendars[school.calendar]) {
      problems.push({
        path: [...path, 'calendar'],
        message: `names a calendar that does not exist: ${school.calendar}`,
      });
    }
    if (school.pupils === 'on' && !school.pupils_agreed)
      problems.push({
        path: [...path, 'pupils'],
        message: 'is on, so `pupils_agreed` must name the dpo, the dpia (its date) and the head',
      });
    else if (school.pupils_agreed && school.pupils_agreed.head !== school.head)
      problems.push({ path: [...path, 'pupils_agreed', 'head'], message: 'is not the head of this school' });
    for (const [key, value] of [
      ['urn', school.urn],
      // People are matched to a school by its name in their office location.
      ['name', fold(school.name)],
      ['channel', school.channel],
      ['leadership_chat', school.leadership_chat],
    ] as const) {
      if (value === undefined) continue;
      const other = seen.get(`${key}:${value}`);
      if (other)
        problems.push({
          path: [...path, key],
          message: `is the same as ${other}'s; each school has its own`,
        });
      seen.set(`${key}:${value}`, school.name);
    }
  });
  return problems;
}

/** A team that is called like a school, or like another, could not be told apart in a file. */
function teamProblems(trust: Trust): TrustProblem[] {
  const ids = new Set<string>();
  const names = new Map(trust.schools.map(({ name }) => [fold(name), name]));
  return trust.teams.flatMap((team, index): TrustProblem[] => {
    const path = ['teams', index];
    const other = names.get(fold(team.name));
    const twice = ids.has(team.id);
    ids.add(team.id);
    names.set(fold(team.name), team.name);
    return [
      ...(twice ? [{ path: [...path, 'id'], message: `is used twice: ${team.id}` }] : []),
      ...(other === undefined
        ? []
        : [
            {
              path: [...path, 'name'],
              message: `is the same as ${other}'s; each school and team has its own`,
            },
          ]),
    ];
  });
}

function priorityProblems(trust: Trust): TrustProblem[] {
  const problems: TrustProblem[] = [];
  const strands = new Set(
    trust.priorities.flatMap((priority) => priority.strands.map((strand) => strand.id)),
  );
  const urns = new Set(trust.schools.map((school) => school.urn));
  const ids = new Set<string>();
  const owned = new Map<string, number>();
  trust.milestones.forEach((milestone, index) => {
    const path = ['milestones', index];
    if (!strands.has(milestone.strand))
      problems.push({
        path: [...path, 'strand'],
        message: `names no strand of a priority: ${milestone.strand}`,
      });
    if (milestone.school && !urns.has(milestone.school))
      problems.push({ path: [...path, 'school'], message: `names no school: ${milestone.school}` });
    const own = (owned.get(milestone.owner) ?? 0) + 1;
    owned.set(milestone.owner, own);
    const most = trust.policies.milestones_each;
    if (own > most)
      problems.push({
        path: [...path, 'owner'],
        message: `owns ${own} milestones, and the trust allows ${most} each (policies.milestones_each)`,
      });
    if (milestone.cadence && milestone.every_weeks !== undefined)
      problems.push({ path: [...path, 'every_weeks'], message: 'is given beside cadence: keep one of them' });
    const weekly = milestone.cadence === 'weekly' ? 'cadence' : milestone.every_weeks === 1 && 'every_weeks';
    if (weekly && !milestone.owner_agreed)
      problems.push({
        path: [...path, weekly],
        message: 'is weekly, which its owner must agree to: ask them, then add owner_agreed: true',
      });
    const team = trust.teams.find(({ id }) => id === milestone.team);
    if (milestone.team && !team)
      problems.push({ path: [...path, 'team'], message: `names no team: ${milestone.team}` });
    if (milestone.team && milestone.school)
      problems.push({ path: [...path, 'team'], message: 'is given beside school: keep one of them' });
    const ruled = milestone.reviewer !== undefined && milestone.reviewer !== 'line-manager';
    if (ruled && milestone.owner === trust.trust.ceo)
      problems.push({
        path: [...path, 'reviewer'],
        message: 'is given for the chief executive, whose own go to whom `people` names as manager',
      });
    else if (milestone.reviewer === milestone.owner)
      problems.push({ path: [...path, 'reviewer'], message: 'is the owner, and nobody reads their own' });
    else if (milestone.reviewer === 'head' && !milestone.school && !milestone.team)
      problems.push({ path: [...path, 'reviewer'], message: 'is head, and no school or team is named' });
    if (milestone.ask_in === 'channel' && !milestone.school && !team?.channel)
      problems.push({
        path: [...path, 'ask_in'],
        message: 'is channel, and the milestone names no school or team whose channel that is',
      });
    if (milestone.answered_by === 'team' && milestone.ask_in !== 'channel')
      problems.push({
        path: [...path, 'answered_by'],
        message: 'is team, and the milestone is not asked in a channel: add ask_in: channel',
      });
    if (ids.has(milestone.id))
      problems.push({ path: [...path, 'id'], message: `is used twice: ${milestone.id}` });
    ids.add(milestone.id);
  });
  return problems;
}

function noteProblems(trust: Trust): TrustProblem[] {
  const problems: TrustProblem[] = [];
  const ids = new Set<string>();
  trust.people.forEach((note, index) => {
    const path = ['people', index];
    if (ids.has(note.id)) problems.push({ path: [...path, 'id'], message: `is noted twice: ${note.id}` });
    ids.add(note.id);
    if (note.leave && note.leave.to < note.leave.from) {
      problems.push({
        path: [...path, 'leave'],
        message: `ends (${note.leave.to}) before it begins (${note.leave.from})`,
      });
    }
    note.delegations.forEach((span, at) => {
      const where = [...path, 'delegations', at];
      if (span.to < span.from)
        problems.push({
          path: [...where, 'to'],
          message: `ends (${span.to}) before it begins (${span.from})`,
        });
      if (span.delegate === note.id)
        problems.push({
          path: [...where, 'delegate'],
          message: 'is the person themself; name somebody else',
        });
    });
    for (const key of ['manager', 'delegate'] as const) {
      if (note[key] === note.id)
        problems.push({ path: [...path, key], message: 'is the person themself; name somebody else' });
    }
  });
  return problems;
}
