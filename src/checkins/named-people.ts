/** Whom somebody means by a name, an address or an id, among the staff. Pure. */
import type { Person } from '../directory/model.ts';
import { fold } from '../kernel/text.ts';

export type Named =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'problem'; readonly message: string };

const SHOWN = 3;

/** By id, address or full name; nobody when two share the name. */
export function onePerson(staff: readonly Person[], words: string): string | undefined {
  const found = calledSo(staff, words);
  return found.length === 1 ? found[0]?.id : undefined;
}

/** The same for somebody who can be asked again: what is wrong, and whom they may have meant. */
export function personNamed(staff: readonly Person[], words: string): Named {
  const [only, second] = calledSo(staff, words);
  if (only && !second) return { kind: 'person', person: only };
  if (second)
    return { kind: 'problem', message: 'Several colleagues have that name. Please write the work address.' };
  const parts = fold(words).split(' ').filter(Boolean);
  const near = staff.filter(
    ({ name }) => parts.length > 0 && parts.every((part) => fold(name).includes(part)),
  );
  if (near.length === 0 || near.length > SHOWN)
    return {
      kind: 'problem',
      message: 'I know no colleague of that name. Please write the whole name, or the work address.',
    };
  const names = near.map(({ name }) => name).join(', or ');
  return { kind: 'problem', message: `Do you mean ${names}? Please write the whole name.` };
}

function calledSo(staff: readonly Person[], words: string): Person[] {
  const wanted = fold(words);
  return staff.filter(
    ({ id, mail, name }) => fold(id) === wanted || fold(mail) === wanted || fold(name) === wanted,
  );
}
