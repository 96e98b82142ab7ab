/**
 * The safety recogniser's words, by what they mean: people, harm, worry, a policy question. English as staff type it, after
 * `safety-text.ts`. Written from the kinds of harm that safeguarding guidance names, never from a list of messages.
 */
import { once } from '../kernel/once.ts';

/** What a pattern is asked. */
export type Pattern = Pick<RegExp, 'test' | 'exec'>;

/**
 * A pattern from phrases separated by commas. `*` stands for any ending; a phrase stands between word boundaries. Made at its
 * first use: there are many, and the service should listen before.
 */
export function phrases(...lists: readonly string[]): Pattern {
  const pattern = once(() => {
    const parts = lists
      .flatMap((list) => list.split(','))
      .map((phrase) => phrase.trim().replaceAll('*', '\\p{L}*').replaceAll(' ', '\\s+'))
      .filter((phrase) => phrase.length > 0);
    return new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join('|')})(?![\\p{L}\\p{N}])`, 'u');
  });
  return { test: (text) => pattern().test(text), exec: (text) => pattern().exec(text) };
}

const CHILDREN =
  '(?:child|childs|children|childrens|kid|kids|kiddo|pupil|pupils|student|students|girl|girls|boy|boys|lad|lads|lass|lasses|toddler|baby|babies|twin|twins|tutee|tutees|teen|teenager|learner|youngster|little one|little ones|sixth former|sixth formers|year \\d{1,2}(?: (?:child|pupil|student|girl|boy|kid|lad))?|nipper|schoolboy|schoolgirl)';
const FAMILY =
  '(?:mum|mums|mummy|mother|mam|mom|dad|dads|daddy|father|stepdad|stepmum|stepfather|stepmother|parent|parents|carer|carers|uncle|aunt|auntie|nan|nanny|gran|grandad|grandfather|grandmother|brother|brothers|sister|sisters|stepbrother|stepsister|cousin|cousins|family|boyfriend|girlfriend|guardian)';
const STAFF =
  '(?:colleague|colleagues|teacher|teachers|ta|tas|teaching assistant|dsl|safeguarding lead|hod|member of staff|members of staff|staff member|staff|headteacher|head|head of \\w+|head of year|deputy|slt|principal|caretaker|site manager|coach|supervisor|midday|dinner lady|cover|supply|tutor|mentor|volunteer|governor|cleaner|technician|receptionist|governess|sir|line manager|manager|boss|someone on our team|someone i work with|coworker|co worker|(?:mr|mrs|ms|miss|dr) \\p{L}+)';
const ANIMATE = `(?:him|her|them|me|us|someone|somebody|anyone|people|himself|herself|themselves|each other|(?:(?:a|an|the|my|our|his|her|their|another|this|that|one of (?:the|my|our|his|her)|little|younger|older|small|year \\d+) ){0,3}(?:${CHILDREN}|${FAMILY}|${STAFF}|friend|partner|wife|husband|baby|dog))`;
const BODY =
  '(?:arm|arms|leg|legs|wrist|wrists|neck|face|back|body|belly|stomach|tummy|head|thigh|thighs|hand|hands|chest|bottom|bum|privates|private parts|skin|eye|hair|foot|feet)';

export const CHILD = new RegExp(`(?<!\\p{L})${CHILDREN}(?!\\p{L})`, 'u');
export const FAMILY_MEMBER = new RegExp(`(?<!\\p{L})${FAMILY}(?!\\p{L})`, 'u');
export const STAFF_MEMBER = new RegExp(`(?<!\\p{L})${STAFF}(?!\\p{L})`, 'u');
export const PRONOUN = phrases('he, she, him, her, his, hers, they, them');

const HURT = `(?:hit|hits|hitting|hurt|hurts|hurting|beat|beats|beating|slap\\p{L}*|smack\\p{L}*|punch\\p{L}*|kick\\p{L}*|shov(?:e|ed|es|ing)|drag(?:s|ged|ging)?|grab(?:s|bed|bing)?|push\\p{L}*|throttl\\p{L}*|pin(?:s|ned) down|attack\\p{L}*|whip\\p{L}*|belt(?:s|ed)|bit(?:es|ten)|burn(?:s|ed|t|ing)?|pinch\\p{L}*|shak(?:es|en|ing)|threw|throws|threat\\p{L}*|spit|spat|touch\\p{L}*|grop\\p{L}*|fondl\\p{L}*|kiss\\p{L}*|stalk\\p{L}*|follow(?:s|ed|ing)|watch(?:es|ing)|film(?:s|ed|ing)|harass\\p{L}*|intimidat\\p{L}*|humiliat\\p{L}*|scream(?:s|ed|ing)? at|shout(?:s|ed|ing)? at|yell(?:s|ed|ing)? at|swor?e?a?r?(?:s|ing)? at|swore at|lock(?:s|ed|ing)|restrain(?:ed|ing|s)|starv\\p{L}*|bull(?:y|ies|ied|ying)|kill(?:s|ed|ing)?|stab\\p{L}*|shoot(?:s|ing)?|poison\\p{L}*|chok\\p{L}*|strangl\\p{L}*)`;

/** Harm done by one being to another: a verb with somebody as its object, or somebody to whom it is done. */
const DONE = new RegExp(
  `(?<!\\p{L})(?:${HURT} (?:on |at )?${ANIMATE}(?!\\p{L})|(?:being|been|gets|getting|got|was|is|are|were) (?:\\p{L}+ )?(?:hit|hurt|beaten|slapped|smacked|punched|kicked|threatened|attacked|touched|groped|bullied|harassed|abused|raped|locked in|locked out|whipped|choked|strangled|stabbed|followed|watched|starved|burned|burnt|shaken|forced|exploited|trafficked|groomed|blackmailed)(?! (?:by (?:snow|the weather|cuts))))(?!\\p{L})`,
  'u',
);

/** Words that mean grave harm whoever says them. */
const GRAVE = phrases(
  'abuse*, abusing, molest*, rape, raped, rapes, raping, assault*, incest, groomed, grooming, grooms, exploit*, traffick*',
  'bruis*, black eye*, split lip, bloody nose, bleeding nose, fractur*, unexplained injur*, handprint*, hand print*, burn mark*, cigarette burn*, bite mark*, belt mark*, broken ribs',
  'self harm*, suicid*, overdos*, overdosed, taken pills, took pills, paracetamol, noose',
  'kill (?:him|her|my|them|your)sel\\p{L}+, kills? (?:him|her|them)sel\\p{L}+, hang (?:him|her|my|them|your)sel\\p{L}+, top (?:him|her|my|them)sel\\p{L}+, killing (?:him|her|my|them)sel\\p{L}+, hanging (?:him|her|my|them)sel\\p{L}+',
  '(?:hurt|hurts|hurting|cut|cuts|cutting|harm|harms|harming|burn|burns|burning|scratch|scratches|scratching|starve|starves|starving|hate|hates|hit|hits|hitting|bite|bites|biting) (?:him|her|my|them|your)sel\\p{L}+',
  'want(?:s|ed)? to die, wish(?:es|ed)? (?:he|she|i|they) (?:was|were) dead, wanted to be dead, better off dead, (?:not|nt) want(?:s|ed)? to (?:be here|live|be alive|wake up|exist), not worth living, no reason to live, end(?:ing)? (?:it all|his life|her life|my life|their life|things|it), not (?:be )?here (?:much longer|tomorrow), want to disappear, slit*',
  'nude, nudes, naked, sext*, porn*, sexual*, dick pic*, sex, indecent, private parts, privates, genital*, virgin*',
  'knife, knives, machete, gun, blade, weapon*, stab*, strangl*, chok(?:e|ed|ing), acid attack, shank',
  'starving, starved, always hungry, so hungry, very hungry, no food, not (?:been )?fed, have not eaten, has not eaten, not eaten, not eating, stopped eating, refus\\p{L}+ to eat, making h\\p{L}+ sick, malnourish*',
  'drunk, stoned, high on, on drugs, taking drugs, selling drugs, dealing, drug deal*, county lines, weed, cocaine, heroin, crack, spice, vap(?:e|ing) thc, running drugs, drug runner, in a gang, a gang',
  'forced marriage, forced to marry, be married, getting married, to marry, fgm, have her cut, get her cut, circumcis*, honour based, genital mutilation',
  'pregnant, miscarr*, sti, morning after',
  'domestic violence, domestic abuse, violent, violence, terroris*, extremis*, radicalis*, isis, far right, bomb*, neo nazi*, holocaust denial',
  'homeless, sleeping rough, sleep\\p{L}* on (?:a|the) (?:sofa|floor|street)\\p{L}*, evicted, home alone, left alone, alone all, on (?:his|her|their) own all, looking after (?:himself|herself|themselves), neglect*, unsafe, not safe, in danger, at risk',
  'wet himself, wet herself, smell\\p{L}* of (?:urine|wee|pee|alcohol|drink|weed|smoke), stinks of \\p{L}+, smell\\p{L}* of drink, soiled, filthy, same (?:dirty )?clothes, dirty clothes, lice, unwashed, unkempt',
  'locked (?:him|her|them|me|in|out|up), lock\\p{L}* (?:him|her|them|me), tied (?:him|her|them) up, chained, caged, cupboard',
  'run away, ran away, runs away, run off, ran off, ran out of school, absconded, missing from home, goes missing, gone missing, went missing, going missing, (?:can|could) not find (?:him|her|them), vanished, disappeared, did not come home',
  'blackmail*, threaten\\p{L}*, death threat*, trolled, stalk*',
  'flinch*, cower*, terrified, petrified, scared (?:of|to go|to tell|about going|for), afraid (?:of|to go|to tell), frightened (?:of|to go|to tell), fears for, (?:not|nt) want(?:s|ed)? to go home, refus\\p{L}+ to go home, too scared',
  'hear(?:s|ing)? voices, hallucinat*, psychotic, eating disorder, anorexi*, bulimi*, making (?:himself|herself|themselves) (?:sick|throw up)',
  'goodbye (?:letter|letters|note|notes|cards?), suicide note*, rope, unconscious, collapsed, fainted, passed out, bleeding, bled, fit(?:ting)? on the floor, not breathing, overdosing',
  'doorstep, died, dying, dead body, murder*, shot, drugged, spiked, bat, took pills, swallowed *',
);
/** Harm with a part of the body as its place. */
const MARKS = new RegExp(
  `(?<!\\p{L})(?:mark|marks|cut|cuts|scar|scars|scratch|scratches|burn|burns|burned|burnt|swollen|swelling|wound|wounds|sore|sores|lump|welt|welts|fingerprints|grip marks|broken)(?: \\p{L}+){0,3} (?:on|up|all over|over|across|down|round|around|to|is|are) (?:(?:\\p{L}+ ){0,2})${BODY}(?!\\p{L})|(?<!\\p{L})${BODY}(?: \\p{L}+){0,2} (?:is|are|was|were)(?: all)? (?:burn\\p{L}*|cut|scarred|swollen|marked|bleeding|black and blue)|(?<!\\p{L})(?:red|nasty|strange|odd|weird|suspicious|finger|unexplained) (?:mark|marks|injury|injuries)`,
  'u',
);

export function saysHarm(read: string): boolean {
  return GRAVE.test(read) || DONE.test(read) || MARKS.test(read);
}

/** What is told of a particular child and may be a sign of harm, though each is ordinary alone. */
export const SIGN = phrases(
  'hurt*, hit, hits, hitting, touch*, hungry, dirty, smell*, smells, tired all the time, falling asleep, asleep in class, crying, cries, cried, sobbing, in tears, very upset, distressed, withdrawn, scared, frightened, afraid, shaking, panicking, in a state',
  'told me (?:something|that (?:his|her|at home)|about (?:his|her)), tell\\p{L}* me (?:something|about (?:his|her)), said something, says something, something about (?:his|her|a), something happened, happened to (?:him|her|one of|a), disclos*, confided, opened up, secret, keep it secret, tell anyone, not to tell, does not feel safe, at home, go home, going home, home life',
  'does not wake up, nobody answers, no one answers, not answering the door, have not seen, has not been seen, not been seen, older man, older men, older boy*, older lads, a man, strange man, stranger, met online, online friend, gifts, new phone, two phones, packages, carry* packages, missing, disappear*, goes missing, boyfriend is \\d+',
  'not right, not rite, does not add up, do not believe, not believe, walked into a door, says (?:he|she) fell, gut feeling, bad feeling, uneasy, something is wrong, something wrong, alarm*, red flag*, concerning, disturbing, worrying',
  'acting out, toilets together, changing room*, in the bath, comes in (?:his|her) room, in (?:his|her) bed, in bed with, sleeps with, at night, every night, in prison, out of prison, arrested, using, drinking, drink, drugs',
  'hates (?:him|her)self, no friends, not (?:sleeping|coping), not worth, pulling (?:his|her) hair, low mood, dark thoughts, depressed, worthless, hopeless, give up on life, hate*, killed, fight after school, after school today',
);

/** What a question about policy, training or teaching is about. */
export const POLICY = phrases(
  'policy, policies, procedure*, process, curriculum, pshe, rse, training, trained, train, course, handbook, guidance, guide, code of conduct, strategy, strategies, statement, assembly, lesson, lessons, teach, teaching about, teach about, unit, scheme, resource*, leaflet, poster, template, form, definition*, define*, mean, means, stand for, stands for, acronym, difference between, signs of, signs might, signs that, warning signs, indicators, kinds of, types of, categor*, steps, threshold*, ratio*, risk assess*, kcsie, prevent duty, priorit*, document*, section, chapter, summar*, update, induction, essay, blog, legislation, law, statutory, responsib*, role of, champion, covered, cover it',
);
/** How a question or a request begins, after a greeting. */
export const ASKS =
  /^(?:(?:please|hi|hello|hiya|hey|so|ok|and|sorry|morning|good morning|quick question|quick q|just checking|just wondering) )*(?:what|who|whom|whose|where|when|which|why|how|(?:is|are|do|does|did|can|could|may|might|should|shall|will|would|has|have)(?! not)|am i (?:allowed|meant|supposed|expected|able|right)|tell me (?:about|what|how|more)|explain|summari[sz]e|show|list|find|give|remind|any \p{L}+|i (?:need|want|would like) (?:the|a copy|to (?:know|find|ask|run|deliver|book|order|check))|i am (?:planning|writing|looking for|preparing|making))(?: |$)/u;
/** A question later in the message: after a comma or a full stop, in the words as typed. */
export const ASKS_LATER =
  /\?|[.,;:!\u2013-]\s*(?:so |and |but )?(?:what|who|where|when|which|why|how|is|are|do|does|did|can|could|should|any)\b/i;
/** A question behind a sentence that tells: `She is hurt. What do I do?` */
export const TELLS_AND_ASKS = new RegExp(
  `(?:^|[.?] |(?<!\\p{L})(?:do|go|help|tell|please|need) )(?:he|she|(?:a|the|my|our|this) ${CHILDREN}) (?:is|was|has|says|said|told|keeps)(?!\\p{L})`,
  'u',
);
/** A verb that tells. */
export const TELLING =
  /(?<!\p{L})(?:is|was|were|has|had|been|am|keeps?|kept|told|says?|said|came|comes|went|goes|got|gets|did|took|takes|puts?|left|made|makes|wants?|shows|saw|ran|thinks|hides?|hid|hears?|heard|fell|feels|felt|wrote|drew|sat|sits|stood|hit|hurts?|will|would|can not|\p{L}{2,}ed)(?!\p{L})/u;

/** A case that has not happened: if, when, in case. */
export const SUPPOSED = new RegExp(
  `(?<!\\p{L})(?:if|when|whenever|where|whether|after|before|once|until|that|in case|suppose|supposing|imagine|should|must|may|can) (?:a|an|any|some|another|the|our|these|most|younger|vulnerable)? ?(?:\\p{L}+ )?(?:${CHILDREN}|someone|somebody|anyone|staff|we|i|${STAFF}|${FAMILY})(?!\\p{L})`,
  'u',
);

/** Somebody in particular, or something that has happened. */
export const PARTICULAR = new RegExp(
  [
    `(?<!\\p{L})(?:my|our|one of (?:my|our|the|mine|ours|them)|(?:this|that|the|another|same)(?: (?!an? |any |our |some )\\p{L}+)?) ${CHILDREN}(?!\\p{L})`,
    `(?<!\\p{L})one of (?:mine|ours|my|our)(?!\\p{L})`,
    `${CHILDREN}(?: \\p{L}+)? (?:in|from|of) (?:my|our|the|year|yr|\\d|reception|nursery|here)`,
    `(?<!\\p{L})(?:just|today|yesterday|tonight|tomorrow|last night|this morning|this afternoon|this week|last week|right now|again|earlier|ago|at the moment|on (?:monday|tuesday|wednesday|thursday|friday)|at lunch|at break|all weekend|asap|urgent\\p{L}*|help now)(?!\\p{L})`,
    `(?<!\\p{L})(?:i (?:saw|have seen|heard|overheard|noticed|witnessed|found|think|suspect|believe|know|am sure|am worried|am scared|am concerned|have got|have a|feel)|told me|tells me|telling me|said to me|says to me|showed me|came to me|confided|got a)(?!\\p{L})`,
    `(?<!\\p{L})(?:he|she) (?:is|was|has|had|says|said|told|keeps|does|did|will|wants|wrote|drew|came|comes|went|goes|ran|flinches|looks|seems|can|thinks|never|always|will|got|gets|\\p{L}+(?:ed|s))(?!\\p{L})`,
    `(?<!\\p{L})(?:her|his) ${FAMILY}(?!\\p{L})`,
    '(?<!\\p{L})is it (?:ok|okay|normal|right|all right|usual|appropriate|allowed) (?:that|for my|for our|for this|for \\p{L}+ to keep)',
  ].join('|'),
  'u',
);

/** Everyday English that says hit, kill, cut, dead or touch and harms nobody. Taken out before anything is looked for. */
export const IDIOM =
  /(?<!\p{L})(?:(?:hit|hits|hitting) (?:a |the |our |my |their )?(?:problem|snag|wall|target|targets|attendance target|deadline|ground running|mark|road|jackpot|button|send|submit|key|enter)|(?:dying|dead keen) to (?:know|see|hear|try|read|learn|get|meet|go|find)|(?:is|are|was|keeps|keep) killing (?:me|it|us|my \p{L}+|the \p{L}+)|killing (?:it|time)|(?:cut|cuts|cutting) (?:down|back|out|off|short|and paste|corners|costs)|(?:budget|funding|pay|staffing|haircuts?|short) cuts?|touch (?:screen|screens|typing|base|rugby|pad)|in touch|keep in touch|get in touch|beat the (?:queue|traffic|rush|clock)|dead ?lines?|dead end|bullet points?|shoot (?:me|them|us) (?:an email|a message|over)|crack on|knife and fork|kick(?:s|ed|ing)? off|punch line|push back|stab at|a shot at|give it a shot|screen ?shots?|photo ?shoot|head ?lice|fire drill|high (?:expectations|school|quality|standards|needs|five)|spice up|drama|black and white|burn(?:ing)? question|to die for|killer app|no brainer)(?!\p{L})/gu;

/** Reporting in so many words. */
export const REPORT =
  /(?<!\p{L})(?:safeguarding|child protection|welfare) (?:\p{L}+ )?(?:concern|concerns|issue|issues|problem|emergency|worry|matter|incident)(?: (?:about|with|re|regarding|involving|for|to report|today|now|here|on)|$)|(?<!\p{L})(?:need to|want to|have to|must|got to|like to|can i|where do i|how do i|who do i) (?:\p{L}+ )?(?:report|log|raise|pass on|tell \p{L}+ about|make|refer) (?:\p{L}+ ){0,3}(?:disclosure|concern about (?:a|one|my)|child|pupil|student|allegation|abuse)(?!\p{L})|(?<!\p{L})disclosed to me|has disclosed|just disclosed|made a disclosure/u;

/** Worry whose object is a child or somebody's child, not their reading or attendance. */
export const WORRY_FOR = new RegExp(
  `(?<!\\p{L})(?:worried|worry|concerned|scared|frightened|fear|fearful|anxious|afraid|terrified|concern|bad feeling|uneasy) (?:sick )?(?:about|for|over|with|re|regarding|of what might happen to) (?:(?:a|an|one of|my|our|this|that|the|another|some|little|young|two|three) ?(?:of )?(?:my|our|the)? ?)*(?:\\p{L}+ )?(?:${CHILDREN}|him|her|them)(?! (?:reading|maths|math|writing|progress|attendance|results|marks|grades|behind|homework|uniform|mocks|exam\\p{L}*|numbers|behaviour|spelling|phonics|sats))(?!\\p{L})(?!(?: \\p{L}+){0,6} (?:reading|maths|behind in|mocks|exam\\p{L}*|times tables|homework|phonics|spelling|results|grades|coursework))`,
  'u',
);

/** What staff ordinarily talk of: learning, registers, illness, kit, rooms, pay, meetings. Tells of a person with one of these are not worries by themselves. */
export const ORDINARY = phrases(
  'attendance, absent, absence*, late, lateness, code, codes, coded, register*, session, sessions, missed, off sick, off ill, been off, be off, ill, illness, poorly, flu, chickenpox, covid, appointment*, dentist, doctor, hospital, holiday*, annual leave, sick leave, on leave, leave of absence, leave early, leave form, leave in term, days leave, what leave, off for a, maternity, paternity, off roll, on roll, admission*, transfer*, moved school*, moving, moved abroad',
  'reading, read, reads, writing, maths, mathematics, numeracy, literacy, spelling*, phonics, times tables, tables, english, science, history, geography, french, spanish, music lesson*, art, computing, homework, coursework, exam*, mock, mocks, gcse*, sats, test, tests, results, grade*, score*, progress, assessment*, behind in, behind with, catch up, keep up, tutoring, intervention*, curriculum, handwriting, gifted, eal, new to english, level, levels, option*, ucas',
  'send, sen, plp, ehcp, ehc, taf, dyslexi*, adhd, autis*, senco, review, support plan, laptop*, ipad*, password*, login, log in, printer*, photocopier, projector, timetable, rooms, seating plan, glasses, uniform, tie, shoes, kit, pe, swimming, football team, netball, fixture*, club, clubs, bus pass, lunch order, menu, allerg*, nut, asthma, inhaler*, epilep*, diabet*, medicine*, medication, first aid, accident book, graze*, bump*, nosebleed*, splinter, sting, tooth, plaster, nits',
  'cover for, covers for, cover work, cover lesson*, covering for, covering period, covering a, ppa, appraisal, objectives, line management, induction, cpd, inset, training, course, qualification*, pension, pay, pays, payslip, salary, expenses, mileage, contract, part time, full time, flexible working, hours, job share, job, jobs, interview*, promotion, vacancy, network, networks, priority, priorities, milestone*, check in, digest, ledgerleaf, coachwell, ledger*, spreadsheet*, budget, order, orders, invoice*, meeting, meetings, meet, meets, met with, not met, met me, parents evening, email*, emails, newsletter, website, permission, consent form*, form, assembly, nativity, play, concert, award*, certificate, birthday, collection, leaving do, leaving, retire*, retiring, marking, planning, workload, report cards, reports, policy, policies, handbook, strategy, document*, essay, transition, joined, joining, joins, starts on, start on, starting, new starter, what support, which support, what do we offer, what is there, volunteer, volunteers, dbs, student teacher, secondary school, new school, sixth form place, university, careers, work experience, apprentice*, disadvantage first, half term, weekend plans, weather',
  'breakfast club, costs, cost, paid, parking, key, keys, badge, visitor*, open evening, tour, prospectus, translator, interpreter, language',
);

const TELLS = `(?:is|was|has|had|keeps|kept|told|said|says|told|came|comes|went|goes|got|gets|did|does|will|would|can|could|seems|looks|looked|asked|asks|took|takes|put|puts|left|made|makes|wants|needs|shows|showed|walked|ran|tried|thinks|refus\\p{L}+|with|who|being|\\p{L}{3,}(?:ed|ing|s))`;
/** Tells of one person: a pronoun with a verb, a child, a parent or a colleague who does something. */
export const TOLD_OF = new RegExp(
  [
    `(?<!\\p{L})(?<!(?:does|did|do|is|was|has|can|will|would|what|when|why|how|who|where) )(?:he|she) (?:\\p{L}+)(?!\\p{L})`,
    `(?<!\\p{L})(?:to|at|on|about|with|of|for|and|not|let|hurt\\p{L}*|made|make|makes|gave|give|gives|saw|seen|ask|asks|asked|tell|told|telling|left) (?:him|her|them)(?!\\p{L})`,
    `(?:^|(?<!\\p{L}))(?:a|an|the|this|that|my|our|one of (?:my|our|the)|another|some|two|three|little|lil|poor|young|(?:^|[.?] )) ?(?:\\p{L}+ )?(?:${CHILDREN}|${FAMILY})(?: in \\p{L}+(?: (?:year )?\\p{N}+)?| \\p{L}+ly| just| also| here| always| who){0,2} ${TELLS}(?!\\p{L})`,
    `^(?:urgent\\p{L}* |help |please )*(?:${CHILDREN}|${FAMILY}) ${TELLS}(?!\\p{L})`,
    `(?<!\\p{L})(?:his|her) (?:\\p{L}+ )?(?:${BODY}|${FAMILY}|clothes|bag|bed|coat)(?!\\p{L})`,
    `(?<!\\p{L})(?:the|a|her|his|this|that) (?:baby|toddler|child|kid|boy|girl|lad|pupil|student|teenager)(?!\\p{L})`,
  ].join('|'),
  'u',
);
export const TOLD_OF_STAFF = new RegExp(
  `(?:^|(?<!\\p{L}))(?:a|an|the|this|that|my|our|one of (?:my|our|the)|another|some|new|(?:^|[.?] ))? ?(?:\\p{L}+ )?${STAFF}(?: in \\p{L}+ \\p{L}+| \\p{L}+ly| just| here)? ${TELLS}(?!\\p{L})|(?:about|around) (?:mr|mrs|ms|miss) \\p{L}+`,
  'u',
);
/** Somebody on the staff seen doing something. */
export const WATCHED_STAFF = new RegExp(
  `(?<!\\p{L})(?:saw|seen|watched|heard|caught|overheard|witnessed|found) (?:a|an|the|my|our|another|one of (?:the|our)) (?:\\p{L}+ )?${STAFF}(?!\\p{L})`,
  'u',
);
/** Feelings that weigh on the one who writes. */
export const AFFECT = phrases(
  'numb, empty, lost, i am broken, feel broken, alone, lonely, struggling, drowning, overwhelmed, crying, cry, sobbing, in tears, tearful, shaking, scared, frightened, terrified, hate myself, hates me, hate my life, hate being, worthless, useless, a failure, failing everyone, trapped, way out, give up, giving up, to stop, make it stop, alive, dead, die, goodbye, the end, rope, bridge, pills, tablets, bottle of, wine, vodka, gin, drink, drinking, not ok, not okay, not alright, not all right, not well, not myself, not coping, not eating, not sleeping, feel sick, feels sick, nothing feels, feel nothing, not real, can not see myself, so low, hate my, signed off, depression, can not sleep, no energy, no hope, hopeless, desperate, despair, dread*, panic*, anxiety, depress*, miserable, ashamed, guilt*, burden, grief, grieving, meds, medication, thoughts, therapist, losing it, lose it, losing my mind, going mad, going crazy, my mental health, snap, can not make myself, can not get up, can not get out of bed, can not stop, being sick, throwing up, in front of (?:a|the) (?:train|bus|car|lorry), off (?:a|the) bridge, at the end of, had enough, too much',
);
