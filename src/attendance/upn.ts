/**
 * Unique pupil numbers: the check letter, and nothing else. A UPN is for use inside education only; it is checked where a
 * file is read, and then forgotten. Source: GOV.UK data standards catalogue, Unique Pupil Number 2.0.
 */

/** The 23 check letters; I, O and S are left out because they look like digits. */
const LETTERS = 'ABCDEFGHJKLMNPQRTUVWXYZ';
const SHAPE = /^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$/;

/** The check letter of the twelve characters after it: digit × position (2 to 13), summed, modulo 23. */
export function checkLetter(twelve: string): string {
  let sum = 0;
  for (let index = 0; index < twelve.length; index += 1) {
    const character = twelve.charAt(index);
    const letter = LETTERS.indexOf(character);
    sum += (letter >= 0 ? letter : Number(character)) * (index + 2);
  }
  return LETTERS.charAt(sum % LETTERS.length);
}

/** Capital letters only. A temporary UPN ends in a letter, which has its place in the alphabet above as its value. */
export function isUpn(text: string): boolean {
  return SHAPE.test(text) && checkLetter(text.slice(1)) === text.charAt(0);
}
