/**
 * Questions of who is late, slow or has not answered. Staff are not measured, so they have one friendly answer for everybody
 * but a line manager, who may know of their own people. Recognises the words; pure.
 */
import { fold } from '../kernel/text.ts';

const THINGS = '(?:check-?ins?|milestones?|updates?|answers?|replies|reviews?|approvals?|cards?)';
const WITH = `(?: (?:with|on|for|in) (?:(?:their|his|her|the|a|an|my|our) )?${THINGS})?`;
const PEOPLE =
  '(?:staff|colleagues|people|owners|teachers|managers|heads|leads?|of (?:us|my (?:people|team)|the team))';
const LATE = '(?:late|overdue|behind|slow|slowest|latest|missing|outstanding|not in)';
const WHEN = '(?: (?:yet|so far|today|this (?:week|fortnight|month|term|half-term|year)|again|now))*';

const ASKED: readonly RegExp[] = [
  new RegExp(`^who(?:'s| is| are)? (?:(?:always|often|usually|the|most) )*${LATE}${WITH}${WHEN}$`),
  new RegExp(
    `^who (?:has|have|is|did)(?:n't| not|nt)? (?:yet )?(?:answer(?:ed)?|repl(?:y|ied)|check(?:ed)? in|sent|send|respond(?:ed)?|update[d]?|done|do|approve[d]?|read|review(?:ed)?|finish(?:ed)?)(?: (?:(?:their|his|her|the|a|any) )?${THINGS})?${WHEN}$`,
  ),
  new RegExp(`^whose ${THINGS} (?:is|are) ${LATE}${WHEN}$`),
  new RegExp(
    `^which ${PEOPLE} (?:is|are|have|has)(?:n't| not)? (?:yet )?(?:${LATE}|answered|replied|checked in)${WITH}${WHEN}$`,
  ),
  new RegExp(
    `^(?:show (?:me )?|list (?:me )?|give me |what are )?(?:(?:all|the|my|our) )*(?:late|overdue|missing|outstanding) (?:check-?ins?|updates?|${PEOPLE})${WHEN}$`,
  ),
  /^how (?:fast|quick|quickly|slow|slowly|promptly|soon|long|late|often) (?:do|does|did|has|have|is|are) (?!we\b|i\b|you\b|the\b|an?\b|parents\b|pupils\b|schools\b|governors\b).{1,60}? (?:take to |usually |always )*(?:answer|reply|respond|check in|approve|review|late|reminded)\b.{0,30}$/,
  /^who (?:answers?|replies|responds|checks in|approves|reviews?) (?:first|last|late|fastest|slowest|quickest|the (?:fastest|slowest|quickest|latest))$/,
  /^(?:show (?:me )?|what are |list )?(?:(?:the|all|my|our) )*(?:staff|team|people'?s?|colleagues'?)?\s*(?:response|reply|answering) times$/,
  new RegExp(`^who (?:needs?|got|gets|had) (?:a |the most |most |so many )?remind(?:ing|ers?)${WHEN}$`),
];

export function asksWhoIsLate(text: string): boolean {
  const words = fold(text)
    .replaceAll('’', "'")
    .replace(/^(?:please |can you (?:tell|show) me |could you (?:tell|show) me |tell me )+/, '')
    .replace(/[?.!\s]+$/, '');
  return ASKED.some((pattern) => pattern.test(words));
}

/** For whoever manages nobody, and wherever others read along. */
export const NOBODY_IS_MEASURED =
  'I keep no such list: nobody is measured here by how soon they answer. Your own check-ins are under "my work". A line manager alone is told, after a fortnight, whom of their people a word may help.';
