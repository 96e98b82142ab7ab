/** Three questions that governors may ask of a term, from what its report holds: the first that apply, in a set order. Pure. */
import { capital, numberInWords } from '../kernel/text.ts';
import type { TermReport } from './report.ts';

export type GovernorFacts = Pick<TermReport, 'priorities' | 'milestones' | 'schools'>;

const QUESTIONS = 3;
/** Days between two groups, for every ten pupils in a week, from which a gap is asked about. */
const WIDE = 2;

export function questionsFor({ priorities, milestones, schools }: GovernorFacts): string[] {
  const behind = ({ atRisk, offTrack }: GovernorFacts['priorities'][number]['statuses']) => atRisk + offTrack;
  const [hardest] = priorities
    .filter(({ statuses }) => behind(statuses) > 0)
    .toSorted((one, other) => behind(other.statuses) - behind(one.statuses));
  const wide = schools.filter(({ latest }) => {
    const days = latest?.missedByTen;
    return days !== undefined && days.disadvantaged - days.others >= WIDE;
  }).length;
  const hidden = schools.filter(({ latest }) => latest?.hidden && latest.hidden !== 'unknown').length;
  const unsaid = milestones.filter(({ status }) => status === undefined).length;
  const found = [
    ...(hardest
      ? [
          `${hardest.name}: ${ofMilestones(behind(hardest.statuses))} at risk or off track. What would help most, and who can give it?`,
        ]
      : []),
    ...(wide > 0
      ? [
          `In ${places(wide)}, pupils experiencing disadvantage missed at least two more days for every ten pupils than others did. What is being tried there, and how shall we know that it works?`,
        ]
      : []),
    ...(unsaid > 0
      ? [
          `${capital(ofMilestones(unsaid))} without an approved check-in. What do we know of that work by other means?`,
        ]
      : []),
    ...(hidden > 0
      ? [
          `In ${places(hidden)}, figures of few pupils are kept back. How do we make sure that those pupils do well?`,
        ]
      : []),
    'What went better this term than last, and which school could borrow it?',
    'Which milestone would we stop, so that another can succeed?',
    'What do families and pupils say of this term that no figure shows?',
  ];
  return found.slice(0, QUESTIONS);
}

function ofMilestones(number: number): string {
  return `${numberInWords(number)} ${number === 1 ? 'milestone is' : 'milestones are'}`;
}

function places(number: number): string {
  return `${numberInWords(number)} ${number === 1 ? 'school' : 'schools'}`;
}
