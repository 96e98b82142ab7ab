/**
 * Two kinds of worry that are not about a child at home: what a colleague does, and how the sender is. Pure patterns over
 * `readMessage`; what to do about either is the card's.
 */
import { CHILD, PARTICULAR, phrases, STAFF_MEMBER, saysHarm } from './safety-words.ts';

/** The sender's own despair or danger, in the first person. Enough by itself, even inside a question. */
const DESPAIR: readonly RegExp[] = [
  /(?<!\p{L})(?:cut|cutting|scratch|scratched|scratching|burn|burned|burning|hurting|picking) my (?:own )?(?:arms?|legs?|wrists?|skin|thighs?|face)(?!\p{L})/u,
  /(?<!\p{L})(?:i wish i (?:was|were) dead|wish i was(?:nt| not) (?:here|alive)|me being alive|my goodbye\p{L}*|goodbye letters?(?= to)|want it all to stop|make it all stop|no way out|better off without me|(?:no one|nobody) would (?:miss me|care if i)|keep living|go on living|live like this|living like this|(?:if|wish) i (?:just )?(?:was|were) not (?:around|here|alive)|not (?:want to )?be around any ?more|my (?:head|mind) is (?:so|all|in|too|really|going|full)|(?:he|she|they) (?:hit|hits|choked|raped|strangled|punched|kicked|beat|beats|hurts?|attacked|forced|threatened) me(?! (?:says|said)))(?!\p{L})/u,
  /(?<!\p{L})(?:i|i am|i have|me|myself|just|and)(?: \p{L}+){0,4} (?:want to|going to|about|thinking about|thinking of|thought about|thoughts of|like|wanna|consider\p{L}*|plan\p{L}*|tempted to|could) (?:die|dying|kill(?:ing)? myself|end(?:ing)? it(?: all)?|hurt(?:ing)? myself|harm(?:ing)? myself|cut(?:ting)? myself|jump(?:ing)? off|suicide|not waking up|disappear(?:ing)?|driving (?:into|off)|crash(?:ing)? (?:my|the) car|not being here|ending (?:my life|things))(?!\p{L})/u,
  /^(?:just )?(?:feel|feeling|thinking|thoughts|want to|want)(?: \p{L}+){0,4} (?:end(?:ing)? it all|die|dying|kill(?:ing)? myself|hurt(?:ing)? myself|suicide|suicidal|hopeless|worthless)/u,
  /(?<!\p{L})(?:kill|killed|killing|hurt|hurting|harm|harming|harmed|cut|cutting|hang|hanging|starv\p{L}+|burn\p{L}*|hate) myself(?!\p{L})/u,
  /(?<!\p{L})i (?:do|did|really|just|honestly|am)?(?: \p{L}+){0,2} ?not (?:want to|wanting to|wanna) (?:be here|be alive|live|wake up|exist|go on|carry on|be around)/u,
  /(?<!\p{L})i? ?can not (?:\p{L}+ )?(?:cope|go on|carry on|keep going|do this|do it|take it|take this|take any|take much|face|stand it|stop crying|breathe|manage|handle|live)(?! (?:with )?(?:the |this |that |my |our )?(?:ledger\p{L}*|printer|form|system|spreadsheet|laptop|software|computer|app|wifi|password|photocopier|register|new \p{L}+))(?! (?:on )?(?:mon|tues|wednes|thurs|fri)day)(?: (?:any ?more|anymore|any longer|like this|going in|the day|it|this|with))?/u,
  /(?<!\p{L})i(?: am| have been| was|ve been)?(?: \p{L}+){0,3} (?:crying|cry|sobbing|in tears|drinking|drink)(?: \p{L}+){0,5} (?:every|each|all|most|to get through|to cope|to sleep|myself to sleep)/u,
  /(?<!\p{L})(?:crying|in tears|drinking|awake|sick) (?:\p{L}+ ){0,3}(?:every|each) (?:day|night|morning|evening|lunchtime|weekend)(?!\p{L})(?! \p{L}+ (?:says|said))/u,
  /(?<!\p{L})my (?:husband|wife|partner|boyfriend|girlfriend|ex|ex husband|ex wife|ex partner|fiance|son|father|dad)(?: \p{L}+){0,3} (?:hit|hits|beat|beats|hurt|hurts|punch\p{L}*|kick\p{L}*|push\p{L}*|slap\p{L}*|strangl\p{L}*|chok\p{L}*|threat\p{L}*|controls|follows|stalk\p{L}*|rap\p{L}+|attack\p{L}*|abus\p{L}*|violent|not let me|thr[eo]w\p{L}*|smash\p{L}*|broke|spits?|spat|scream\p{L}*|shout\p{L}*|calls me|checks my|tracks|tracking|locks|took my|forces?|forced)/u,
  /(?<!\p{L})i (?:am|feel)(?: \p{L}+){0,2} (?:frightened|scared|afraid|terrified|unsafe|not safe|in danger)(?: \p{L}+){0,2} (?:to go home|going home|at home|of my (?:husband|wife|partner|boyfriend|ex|son|dad)|of him|myself)/u,
  /(?<!\p{L})i (?:was|have been|got|am being)(?: \p{L}+){0,2} (?:raped|assaulted|attacked|abused|stalked|beaten)/u,
  /(?<!\p{L})i (?:have not|did not|can not|am not|not)(?: \p{L}+){0,2} (?:slept|sleep|sleeping|eaten|eating)(?: \p{L}+){0,4} (?:weeks|days|nights|months|anymore|hopeless)/u,
  /(?<!\p{L})(?:i am|am|so) done (?:with (?:life|everything|it all|living)|$)|(?<!\p{L})can not do this any ?more/u,
];

/** Heavy words, when the sender has spoken of themselves before them. */
const HEAVY =
  /(?<!\p{L})(?:not coping|struggling to cope|breaking point|end of my tether|at my limit|break(?:ing)? ?down|mental breakdown|nervous breakdown|having a breakdown|falling apart|going under|rock bottom|lost the will|burnt out|burned out|in a dark place|dark thoughts|panic attack|panic attacks|suicidal|want to die|no point (?:in |to )?(?:any|living|life|going|me)|see the point|not worth living|better off without me|nobody would (?:miss|care)|no one would (?:miss|care)|so alone|all alone|hopeless|worthless|so low|really low|very low|depressed|in despair|desperate)(?!\p{L})/u;

export function isDespair(read: string): boolean {
  if (DESPAIR.some((pattern) => pattern.test(read))) return true;
  const heavy = HEAVY.exec(read);
  return (
    heavy !== null &&
    /(?<!\p{L})(?:i|me|my|feel|feeling|think|can not)(?!\p{L})/u.test(read.slice(0, heavy.index))
  );
}

/** What a grown-up may do at work that the head should hear of. */
const CONDUCT = phrases(
  'hit, hits, hitting, hurt, hurts, slap*, smack*, punch*, kick*, shov*, drag*, grab*, push*, pinch*, shook, shakes, threw, manhandl*, rough, too rough, rough with, restrain*, pinned, force*, touch*, grop*, kiss*, cuddl*, hug, hugs, hugging, stroke*, strok*, tickl*',
  'swore, swears, swearing, shout*, scream*, yell*, humiliat*, belittl*, bull(?:y|ies|ied|ying), call(?:s|ed) (?:a|the|him|her|them|one|some) *, insult*, mock*, racist, sexist, homophobic, slur*, slurs, comment*, jokes, inappropriate*, creep*, leer*, perv*, flirt*, sexual*, dirty messages, uncomfortable, harass*, intimidat*, threat*, discriminat*',
  'alone with, door shut, door locked, locked, behind closed doors, messag*, text, texts, texting, texted, snapchat*, instagram*, whatsapp*, follows, lift home, lifts home, gave * lift, presents, gifts, seen together, relationship, dating, going out with, sleeping with, affair, favourit*, photo*, photos of, pictures, picture, film*, video*, own phone, changing room*, toilets, shower*',
  'drunk, drinking, smell* of, smelt of, smells like, hungover, stoned, high, drugs, cocaine, stole, stealing, steals, fraud, falsif*, cheat*, covered up, cover up, cover * up, covering up, lied, lying, lies, cupboard, wet himself, wet herself, abus*, neglect*, unsafe, asleep, vap*',
);
const ABOUT =
  /(?<!\p{L})(?:report|whistleblow\p{L}*|blow the whistle|complain about|complaint about|raise a concern about|concern about|concerned about|worried about|allegation (?:about|against)|accus\p{L}+|misconduct|allegation) (?:\p{L}+ ){0,3}$/u;

/** A colleague's conduct: somebody on the staff, something done, told of and not asked about in general. */
export function isAboutColleague(read: string, general: boolean): boolean {
  if (general) return false;
  if (/(?<!\p{L})whistleblow\p{L}*|(?<!\p{L})blow the whistle/u.test(read)) return true;
  const staff = STAFF_MEMBER.exec(read);
  if (!staff) return false;
  if (
    ABOUT.test(read.slice(0, staff.index)) &&
    PARTICULAR.test(`i think ${read}`) &&
    /(?<!\p{L})i (?:want|need|would like|have|am|wish|feel|must|think)/u.test(read) &&
    !/(?:leaving|pension|collection|birthday|cover|timetable|leave)/u.test(read)
  )
    return true;
  const rest = `${read.slice(0, staff.index)} ${read.slice(staff.index + staff[0].length)}`;
  if (!CONDUCT.test(rest) && !(saysHarm(rest) && !CHILD.test(read))) return false;
  return isActor(read, staff.index, staff[0].length);
}

/** The person on the staff does it, rather than being told of it (`a boy told his TA that daddy hurts him`). */
function isActor(read: string, at: number, length: number): boolean {
  const before = read.slice(0, at);
  const after = read.slice(at + length);
  if (
    /(?:told|tell|tells|telling|said to|asked|ask|showed|to|call|called|inform\p{L}*) (?:his|her|the|my|their|a|our)? ?$/u.test(
      before,
    ) &&
    !/(?:happened|done) to (?:the|a)? ?$/u.test(before)
  )
    return false;
  if (/^(?: \p{L}+){0,12}/u.exec(after) === null) return false;
  return (
    CONDUCT.test(after) ||
    /(?:by|from|with|my|bullied by|touched by|groped by)(?: (?:my|a|an|the|another|our|one of the))* ?$/u.test(
      before,
    ) ||
    saysHarm(after)
  );
}

/** The sender writes of themselves: `I`, `me`, `myself`, or begins without a subject (`feel so low`). */
export function isFirstPerson(read: string): boolean {
  return /(?<!\p{L})(?:i|me|my|myself)(?!\p{L})|^(?:so |been |just |really |honestly |feel\p{L}* |struggl\p{L}* |crying |not )/u.test(
    read,
  );
}
