/**
 * Who reads the check-ins of a milestone, as somebody chose for it: the owner's line manager, who leads its school or team, who
 * leads its priority, or one colleague. Whom that means today, how people write it, and what cannot be chosen. Pure; what happens
 * when the one who is meant is away, has left or is the owner is the hierarchy's.
 */
import { schoolByUrn, type Trust } from '../config/trust.ts';
import { fold } from '../kernel/text.ts';
import type { Milestone } from './milestone.ts';
import { type Place, teamById } from './place.ts';

/** `line-manager` is what holds when nothing is said; any other word is a person's id. */
export const LINE_MANAGER = 'line-manager';
export const HEAD = 'head';
export const PRIORITY_LEAD = 'priority-lead';

type Ruled = Pick<Milestone, 'schoolUrn' | 'teamId' | 'strand' | 'reviewer'>;

/** The id of whom the rule means; undefined: the line of management decides. May be a leaver's, or the owner's own. */
export function ruledReader(trust: Trust, { reviewer, ...place }: Ruled): string | undefined {
  switch (reviewer) {
    case undefined:
    case LINE_MANAGER:
      return undefined;
    case HEAD:
      return leadOf(trust, place);
    case PRIORITY_LEAD:
      return priorityLead(trust, place.strand);
    default:
      return reviewer;
  }
}

/** How a rule is written in a file or a list, in the order in which a form offers them. */
export const RULES: readonly (readonly [rule: string, says: string, written: RegExp])[] = [
  [LINE_MANAGER, 'The owner’s line manager', /^(?:the |their )?line[- ]manager$/],
  [
    HEAD,
    'The head of the school, or the lead of the team',
    /^(?:the )?(?:head(?: of (?:the )?school)?|headteacher|team lead|lead of (?:the )?team)$/,
  ],
  [PRIORITY_LEAD, 'Whoever leads the priority', /^(?:the )?(?:priority[- ]lead|lead of (?:the )?priority)$/],
];

/** Undefined: these words are no rule; they may be a person's name. */
export function ruleFrom(words: string): string | undefined {
  const folded = fold(words);
  return RULES.find(([, , written]) => written.test(folded))?.[0];
}

/** As a list's row says it. `nameOf`: what a list calls a person by. */
export function ruleInWords(rule: string | undefined, nameOf: (personId: string) => string): string {
  if (rule === undefined || rule === LINE_MANAGER) return 'line manager';
  if (rule === HEAD) return 'head';
  return rule === PRIORITY_LEAD ? 'priority lead' : nameOf(rule);
}

/** Why a rule cannot be chosen: after the name of its field in a file, and as a sentence. */
export type RuleProblem = { readonly reason: string; readonly sentence: string };

const CHIEF: RuleProblem = {
  reason: 'is given for the chief executive, whose own go to whom `people` names as manager',
  sentence:
    'The chief executive’s check-ins are read by whom the chair named. Please choose the line manager.',
};
const OWN: RuleProblem = {
  reason: 'is the owner, and nobody reads their own',
  sentence: 'Nobody reads their own check-ins. Please choose somebody else to read them.',
};
const NO_HEAD: RuleProblem = {
  reason: 'is head, and no school or team is named',
  sentence: 'The central team has no head. Please choose a school or a team, or somebody else to read it.',
};

/** Undefined when it can be chosen. */
export function ruleProblem(
  trust: Trust,
  {
    ownerId,
    reviewer,
    ...place
  }: Place & { readonly ownerId: string; readonly reviewer?: string | undefined },
): RuleProblem | undefined {
  if (reviewer === undefined || reviewer === LINE_MANAGER) return undefined;
  if (ownerId === trust.trust.ceo) return CHIEF;
  if (reviewer === ownerId) return OWN;
  return reviewer === HEAD && leadOf(trust, place) === undefined ? NO_HEAD : undefined;
}

function leadOf(trust: Trust, { schoolUrn, teamId }: Place): string | undefined {
  if (schoolUrn !== undefined) return schoolByUrn(trust, schoolUrn)?.head;
  return teamById(trust, teamId)?.lead;
}

function priorityLead({ priorities }: Trust, strand: string): string | undefined {
  const priority = priorities.find(({ strands }) => strands.some(({ id }) => id === strand));
  return priority?.strands.find(({ id }) => id === strand)?.lead ?? priority?.lead;
}
