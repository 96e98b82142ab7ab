/** Greetings, thanks, help and orders to the assistant: told apart from questions before anything is searched. */
import { fold } from '../kernel/text.ts';
import { asksOfPupil } from './pupil.ts';
import { isEnglish } from './spelling.ts';

export type Talk = 'greeting' | 'thanks' | 'help' | 'bye' | 'order' | 'pupil';

const TALK: readonly (readonly [Talk, RegExp])[] = [
  [
    'greeting',
    /^(?:hi+|hiya|hello+|hey+|yo|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|alright|greetings|hi there|hello there|how are you|how is it going|you ok)(?: (?:all|everyone|team|waymark|there|again|mate|how are you|how are you today|to you))*$/,
  ],
  [
    'thanks',
    /^(?:(?:ok|okay|oh|ah|great|brilliant|lovely|perfect|super|cool|many|wow)[ ,]+)*(?:thanks?|thank you|thankyou|ta|cheers|thx|much appreciated|appreciate it|that(?: i|')?s (?:great|helpful|perfect|brilliant|brill|useful|fab|all)|great|brilliant|brill|fab|perfect|lovely|helpful|very helpful|nice one|got it|cool|ok|okay)\b(?:[ ,]+(?:so much|very much|a lot|a million|that(?: i|')?s|thanks|thank you|ta|cheers|great|helpful|perfect|brilliant|lovely|really|very|for|your|the|help|that|it|was|waymark|again|all|you|i need|everyone|mate))*(?:[ ,]+(?:and )?(?:bye|goodbye|see you(?: tomorrow| soon| later| monday)?|have a (?:good|nice|lovely|great) \w+))?$/,
  ],
  ['bye', /^(?:bye|goodbye|bye bye|see you|see ya|have a (?:good|nice|lovely) \w+|good night)(?: .{0,20})?$/],
  [
    'help',
    /^(?:help|help me|menu|start|what (?:can|do) (?:you|u) do(?: for me)?|what can i ask(?: you)?|what are you(?: for)?|who are you|how do (?:you|i) (?:work|use (?:you|this|waymark))|how does (?:this|it|waymark) work|what (?:is|do you know about) waymark|what do you know|can you help(?: me)?|how can you help(?: me)?)$/,
  ],
];

/** What tries to steer the assistant, or asks it to make something. It is data, and it is not a question about documents. */
const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:rules?|instructions?|prompts?|guidelines?|restrictions?|previous|above|safety|training)\b/i,
  /\b(?:system|hidden|initial|original|secret) (?:prompt|instructions?|message)\b/i,
  /\byou are (?:now|no longer)\b|\bpretend (?:to be|you(?: a|')re|that you)\b|\bact as (?:if|an?|the)\b|\brole-?play\b|\bno restrictions\b|\bdeveloper mode\b|\bjailbreak/i,
  /\b(?:reply|respond|answer) (?:only|just|exactly) with\b|\brepeat after me\b|\bsay exactly\b/i,
  /^(?:please |can you |could you |now )*(?:write|compose|draft|generate|create|code|make)\b(?: me| us)?(?: an?| the| some)? .*\b(?:poem|song|story|stories|script|code|program|essay|joke|limerick|rap|letter|email|e-mail|recipe|lesson plan|worksheet|report comments?)\b/i,
  /\b(?:print|reveal|show|output|dump)\b.{0,30}\b(?:prompt|instructions|configuration|password|token|api key|secret)/i,
];

/** Words that try to steer whoever reads them. */
export function isOrder(text: string): boolean {
  return ORDERS.some((order) => order.test(text));
}

/** A named pupil's records are looked up in the trust's information system, never here. */
const PUPIL =
  /\b(?:attendance|marks?|grades?|behaviour|sanctions?|address|timetable|absences?|lateness|registers?|phone number|parents?'? (?:number|phone|contact))\b.{0,20}\b(?:of|for)\b (?!the\b|our\b|all\b|each\b|every\b|any\b|this\b|next\b|last\b|pupils?\b|year\b|term\b)(?:pupil |student )?\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|\b\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?['’]s (?:attendance|marks?|grades?|behaviour|absences?|timetable|register|lateness)\b|\b(?:has|was|is|did) (?!the\b)\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+ (?:been |in )?(?:absent|late|in school|excluded|suspended|attend(?:ed|ing)?)\b/u;

/** Months, weekdays and organisations are no pupils. */
const NO_PUPIL =
  /^(?:The|Our|This|Last|Next|Ofsted|Monday|Tuesday|Wednesday|Thursday|Friday|January|February|March|April|May|June|July|August|September|October|November|December|Autumn|Spring|Summer|England|Britain|Year|Trust|School|Academy|Government|What|Which|Who|Everyone)\b| (?:Primary|Secondary|Academy|School|College|Trust|Junior|Juniors|Infants)$/;

export function recogniseTalk(
  typed: string,
  isOurName: (name: string) => boolean = () => false,
): Talk | undefined {
  const plain = fold(typed.replace(/[^\p{L}\p{N}\s'’,-]/gu, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  if (!plain) return 'greeting';
  const unspelt = plain
    .replaceAll(',', '')
    .replace(/\bu\b/g, 'you')
    .replace(/\bur\b/g, 'your')
    .replace(/\br\b/g, 'are');
  // "Morning! Who are you?" is asked after a greeting.
  const after = unspelt.replace(
    /^(?:(?:hi+|hiya|hello+|hey+|good morning|good afternoon|morning|afternoon|evening) )+/,
    '',
  );
  for (const text of [plain, unspelt, after])
    for (const [talk, shape] of TALK) if (shape.test(text)) return talk;
  if (isOrder(typed)) return 'order';
  if (asksOfPupil(typed, (word) => isEnglish(word) || isOurName(word))) return 'pupil';
  const pupil = PUPIL.exec(typed);
  const name =
    /\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)?(?=['’]s|$| (?:been|in|absent|late|excluded|suspended|attend))/u.exec(
      pupil?.[0] ?? '',
    )?.[0];
  if (pupil && name && !NO_PUPIL.test(name) && !isOurName(name)) return 'pupil';
  return undefined;
}
