/**
 * What tells a colleague from a pupil of the same given name. A full name of a colleague's is theirs; a given name alone is
 * theirs only where work is spoken of, and nothing of a pupil's day stands in the same sentence. Anything else may be a child.
 * Pure; words and no more.
 */

/**
 * Folded words: given names of colleagues, and their names in full, the parts with one space between. `concerned`: given names
 * of those who write these words, get them or answer for what they are of.
 */
export type Colleagues = {
  readonly given: ReadonlySet<string>;
  readonly full: ReadonlySet<string>;
  readonly concerned: ReadonlySet<string>;
};

export const NO_COLLEAGUES: Colleagues = { given: new Set(), full: new Set(), concerned: new Set() };

/** Of names as the directory has them: `Anna Maria Kowalska` is also `Anna Kowalska`. */
export function colleaguesOf(names: readonly string[], concerned: readonly string[] = []): Colleagues {
  const given = new Set<string>();
  const full = new Set<string>();
  for (const name of names) {
    const parts = name.toLowerCase().match(/[\p{L}'-]+/gu) ?? [];
    const [first, last] = [parts[0], parts.at(-1)];
    if (first === undefined || last === undefined || parts.length < 2) continue;
    given.add(first);
    full.add(parts.join(' '));
    full.add(`${first} ${last}`);
  }
  const close = concerned.map((name) => name.normalize('NFC').toLowerCase()).filter(Boolean);
  return { given, full, concerned: new Set(close) };
}

const MOST_PARTS = 4;
/** A pupil may bear a colleague's name in full, too: beside a class, a parent or a child's word it is left standing. */
const OF_A_PUPIL =
  /^(?:'s)?\s*(?:[,(]\s*|in |of |from )?(?:(?:year|yr|y)\s?\d|\d{1,2}\s?[a-z]\b|reception|nursery|class \d|form \d)|^'?s? (?:mum|mother|mam|dad|father|nan|parents?|family|carer|brother|sister|attendance|lates|absences?)\b/i;
const AFTER_A_PUPIL =
  /\b(?:pupil|student|child|boy|girl|lad|learner|tutee|twins?|brothers?|sisters?)[,:]? $/i;

/** With more behind it, another person's name; spoken to, nobody else's. */
const SURNAME_NEXT = /^[ \t]+(?!I\b)\p{Lu}/u;
const SPOKEN_TO = /^[ \t]*(?:[,.!?;:\u2013\u2014]|\n|$)/;

/** A given name alone, of one whom the words concern; a child of the same name has a surname or a child's day behind it. */
function isConcerned(found: string, behind: string, { concerned }: Colleagues): boolean {
  if (!concerned.has(found) || SURNAME_NEXT.test(behind)) return false;
  return SPOKEN_TO.test(behind) || !isPupilsDay(behind);
}

/** Colleagues' full names put out of sight, and the given names of those whom the words concern. */
export function withoutFullNames(text: string, colleagues: Colleagues): string {
  const { full, concerned } = colleagues;
  if (full.size === 0 && concerned.size === 0) return text;
  const words = [...text.matchAll(/[\p{L}][\p{L}'-]*/gu)];
  let left = '';
  let from = 0;
  for (let place = 0; place < words.length; place += 1) {
    for (let parts = MOST_PARTS; parts > 0; parts -= 1) {
      const [first, last] = [words[place], words[place + parts - 1]];
      if (!first || !last) continue;
      const end = last.index + last[0].replace(/'s?$/, '').length;
      const found = text.slice(first.index, end).toLowerCase();
      if (!full.has(found) && !isConcerned(found, text.slice(end), colleagues)) continue;
      if (OF_A_PUPIL.test(text.slice(end)) || AFTER_A_PUPIL.test(text.slice(0, first.index))) break;
      left += `${text.slice(from, first.index)}\u00b7`;
      from = end;
      place += parts - 1;
      break;
    }
  }
  return left + text.slice(from);
}

const OTHER = "(?:\\p{Lu}[\\p{L}'-]*|I|me|us)";
/** What may stand between a name and what is done. */
const AUX =
  "(?:(?:will|would|can|could|may|should|must|has|have|had|is|are|was|were|be|been|to|now|also|both|already|then|still|just|cannot|can't|won't|hasn't|isn't|who) )*";

/** Done by colleagues for a milestone, and not by pupils in school as well. */
const WORK = [
  'sen(?:ds?|t|ding) (?!home|out|back|to the (?:office|head))',
  'l(?:eads?|ed|eading) (?!the (?:assembly|council|school|line))',
  't(?:each(?:es|ing)?|aught)\\b',
  '(?:train|cover|order|book|draft|coach|coordinat|liais|launch|deliver|design|timetabl|interview|survey|audit|review|email|phon)(?:e?s|e?d|ing)?\\b',
  '(?:chair|mentor|sign|appoint|approv|analys|prepar|introduc|organis|updat|chas|suggest|moderat|observ)(?:e?s|e?d|ing|e)?\\b',
  '(?:runs?|ran|running) (?:the|it|our|a|two|both)\\b(?! out)',
  '(?:writ(?:es?|ing|ten)|wrote) (?:the|to|up|our)\\b',
  '(?:presents?|presented|presenting) (?:to|at)\\b',
  '(?:reports?|reported) to\\b',
  '(?:build|built|builds|building) (?:the|a)\\b',
  '(?:rings?|rang|ringing) (?:home|parents|famil)',
  'agree[sd]? (?:the|with|a|to (?:coach|lead|run|teach|train|cover|chair|send|write|help))\\b',
  '(?:checks?|checked|checking|marks?|marked|marking) (?:the|each|all)\\b',
  'manag(?:es|ed|ing) (?:the|our)\\b',
  '(?:visits?|visited|visiting) (?:\\d|classrooms|lessons|schools|us|each school|on )',
  'visits\\b$',
  'standing in\\b',
  'joins? the team\\b',
  '(?:do|does|did|done|doing) the (?:phone calls|calls|data|rota|risk|training|visits|next)',
  'shar(?:es?|ing) the (?:class|work|role|job)',
  '(?:seen|saw) (?:\\d|all|most|some|two|three|four|five|six|seven|eight|nine|ten|twelve)',
  '(?:met|meets?|meeting) (?:\\d|with the|parents|famil|the (?:LA|trust|head|governors))',
  'support(?:s|ed|ing)? (?:two|three|all|our|staff|teachers|ECTs?|colleagues)',
  '(?:has|have|had) (?:the (?:figures|budget|list|data|order|report|papers|final say)|not had time|had no time|no time)',
  '(?:the|our|a) (?:\\p{Ll}+ )?(?:lead|link|SENC[oO]|deputy)\\b',
  'on (?:maternity|paternity|secondment)',
  '(?:writing|planning) the\\b',
  'back from (?:the|a) (?:course|training|conference|visit)',
  "at the (?:network|trust|governors'?|leaders'?|heads'?|LA|staff|cluster) meeting",
  'says? the (?:budget|data|LA|plan|dates|figures|builders)',
].join('|');

/** What follows a colleague's given name. */
const AFTER: readonly RegExp[] = [
  new RegExp(`^(?: (?:and|or) ${OTHER})? ${AUX}(?:${WORK})`, 'u'),
  new RegExp(`^, (?:he|she|they) ${AUX}(?:${WORK})`, 'u'),
  /^.*\bas (?:an? |our |the )?(?:teacher|TA|deputy|head(?! (?:boy|girl))|lead|SENC[oO]|cover)\b/u,
  /^'s (?:team|department|faculty|phase|slides|notes|training|sign-off|paper|figures|data|draft|email|visits|drop-ins|class is|group is)\b/u,
  /^,? (?:(?:who|our|the) )(?!boy|girl|lad|child|pupil)(?:\p{Ll}+ )?(?:runs|leads|teaches|covers|trains|lead|link|deputy)\b/u,
];

const PAPER = '(?:rota|list|plan|draft|order|budget|data|paper|letter|timetable|figures)';
const DONE =
  '(?:agreed|planned|moderated|drafted|check(?:ed)?|shared?|written|reviewed|led|run|taught|done|covered|signed off|discussed|delivered|organised|prepared|raised)';
/** What stands before a colleague's given name, or before two of them. */
const BEFORE: readonly RegExp[] = [
  new RegExp(
    `\\b${DONE}(?: (?:it|this|that|the \\p{Ll}+))? (?:with|by|between) (?:${OTHER}(?:,| and) )?$`,
    'iu',
  ),
  new RegExp(
    `\\b(?:visits?|drop-ins?|observations?|audit|survey|review|scrutiny|moderation|training|book look|learning walks?)(?: (?:done|led|run))? (?:by|with) (?:${OTHER}(?:,| and) )?$`,
    'iu',
  ),
  /\b(?:handed|passed|delegated|reported|emailed|given)(?: (?:it|this))?(?: (?:over|on))? to $/iu,
  /\b(?:help|training|advice|feedback|minutes|figures|data|sign-off|decision|answer) from $/iu,
  new RegExp(`\\b${PAPER} (?:is )?(?:now )?with $`, 'iu'),
  new RegExp(`\\bthe ${PAPER} that $`, 'iu'),
  /\bcover(?:s|ing|ed)? for $/iu,
];

/** A name that must be followed by what is asked for, or what is thanked for. */
const ASKED = /\b(?:asked|ask|chase|chasing|need) $/iu;
const ASKED_FOR =
  /^ (?:to (?:chair|lead|run|send|write|check|cover|train|teach|review|decide|agree|sign|help)\b|for (?:the|a|dates|figures|data|help)\b|about (?:the|dates|cover)\b|in the room\b)/u;
const MET = new RegExp(`\\bmet (?:with )?(?:${OTHER} and )?$`, 'iu');
const MET_FOR = new RegExp(
  `^(?: and ${OTHER})?(?: on \\p{Lu}\\p{Ll}+)? (?:about the (?:plan|data|dates|visits|budget|rota|audit)|to (?:plan|agree|review|moderate|write|draft))\\b`,
  'u',
);
const THANKED = /\bthanks to $/iu;
const THANKED_FOR =
  /^ for (?:(?:all )?the|all|his|her|their)? ?(?:data|help|figures|list|work|training|books|visits|support)\b/u;

/** What only those who work there write of: one such word in the sentence is enough. */
const OF_WORK =
  /\b(?:spreadsheets?|budgets?|rota|minutes of|the minutes|slides|drop-ins?|invoices?|polic(?:y|ies)|audits?|CPD|INSET|SLT|staff meeting|governors?|risk assessments?|case study|shared drive|moderation|lesson visits|book looks?|learning walks?|permission slips|the keys|agenda|handbook|appraisals?|curriculum maps?|schemes? of work|ECTs?|secondment|residential|the LA|the trust|procurement|quotes?|supplier|builders|panel|briefing|the team|lunchtime team|set up the|draw(?:s|n|ing)? up|keeps? the|write up|wrote up|PPA|supply cover|the system|(?:other|all) heads|headteachers|the calendar|(?:lesson|last|next|two|three|four|the) visits|new staff|takes? (?:this|it|that) on|owns? this|lead(?:s|ing)? (?:this|it|on this)|costs? the|our plan|the office)\b/;

/** What is said of pupils, in the sentence that the name stands in. */
const PUPIL_DAY =
  /\b(?:attend(?:s|ed|ance|ing)?|absen\w+|late|lates|lateness|refus\w+|miss(?:ed|es)?|exclu\w+|suspen\w+|detention|isolation|settl\w+|stopped coming|c(?:a|o)me?s? (?:in|back|to school|out)|coming (?:in|back|to school)|turn(?:ed)? up|every day|caught up|reduced timetable|on report|on roll|mock|exam|coursework|reads? well|reading (?:with|age)|nurture|blazer|uniform|mum|dad|nan|carers?|home visit|EHCP|EHA|PEP|CAMHS|refer\w+|social worker|key ?worker|placement|the unit|school council|support plan|swore|little gang|a place|behaviour plan|PLP|head boy|head girl|project|tutor|engage|catch up|in every lesson|her place|his place|sent home|phonics check|passed|nurse|library at lunch|keep\w* (?:running|leaving)|bitten|bit)\b|\d ?%/i;

/** Whether what stands around a given name speaks of a colleague at work; `before` and `after` are the text around it. */
export function isAtWork(before: string, after: string): boolean {
  const start = Math.max(
    before.lastIndexOf('. '),
    before.lastIndexOf('! '),
    before.lastIndexOf('? '),
    before.lastIndexOf('\n'),
  );
  const rest = /[.!?](?:\s|$)|\n/.exec(after);
  const ahead = before.slice(start + 1).trimStart();
  const behind = rest ? after.slice(0, rest.index) : after;
  if (PUPIL_DAY.test(ahead) || PUPIL_DAY.test(behind)) return false;
  if (THANKED.test(ahead)) return THANKED_FOR.test(behind) || OF_WORK.test(ahead);
  if (MET.test(ahead)) return MET_FOR.test(behind);
  if (ASKED.test(ahead) && !OF_WORK.test(behind)) return ASKED_FOR.test(behind);
  return (
    OF_WORK.test(ahead) ||
    OF_WORK.test(behind) ||
    AFTER.some((one) => one.test(behind)) ||
    BEFORE.some((one) => one.test(ahead))
  );
}

/** Said of pupils and hardly of colleagues, right behind a name: that settles it for a name which children seldom have. */
export function isPupilsDay(after: string): boolean {
  const rest = /[.!?](?:\s|$)|\n/.exec(after);
  return PUPIL_DAY.test((rest ? after.slice(0, rest.index) : after).slice(0, NEAR));
}

const NEAR = 50;
