/** Whose eyes a school's published figures are for, in an answer or a card of one's own. Pure. */
import type { Trust, TrustSchool } from '../config/trust.ts';
import type { Person } from '../directory/model.ts';

/** Its own staff, its head and data contact, the trust's leaders and whoever leads attendance. */
export function seesSchool(trust: Trust, person: Person, school: TrustSchool): boolean {
  if (!person.staff) return false;
  return (
    seesAll(trust, person.id) ||
    school.urn === person.schoolUrn ||
    [school.head, school.data_contact].includes(person.id)
  );
}

/** Leaders, and whoever leads the strand of attendance. */
function seesAll(trust: Trust, personId: string): boolean {
  return (
    trust.leaders.includes(personId) ||
    trust.priorities.some(({ lead, strands }) =>
      strands.some((strand) => strand.id === 'attendance' && (strand.lead ?? lead) === personId),
    )
  );
}
