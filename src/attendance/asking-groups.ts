/** Which group of pupils words mean, of those that a release may compare. Pure. */

/** `other`: a year, a class, two groups crossed: nothing is said of those in chat. */
export type Group = 'disadvantaged' | 'send' | 'other';

const DISADVANTAGED = /\b(?:disadvantaged?|pupil premium|premium|pp)\b/;
const SEND = /\b(?:send|sen|special educational needs)\b/;
const OTHER =
  /\b(?:years?|yr|y\d{1,2}|reception|nursery|class|classes|form|tutor|key stage|ks\d|\d{1,2}[a-z]|boys|girls|sixth|eal|fsm|looked after)\b/;

export function groupIn(words: string): Group {
  const [pp, send] = [DISADVANTAGED.test(words), SEND.test(words)];
  if (pp === send || OTHER.test(words)) return 'other';
  return pp ? 'disadvantaged' : 'send';
}
