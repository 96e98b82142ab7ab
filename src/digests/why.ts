/** "Why am I seeing this?": the roles that bring a digest, where they are written down, and what its figures are. Pure. */
import { bullets, button, type Card, card, line, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { ONLY_YOU, whoSees } from '../cards/who-sees.ts';
import type { Trust } from '../config/trust.ts';
import { numberInWords, shorten, someInWords } from '../kernel/text.ts';
import { ledBy, type Scope } from './audience.ts';
import { type EveryWeeks, oftenActs } from './card.ts';

const RHYTHMS: Readonly<Record<EveryWeeks, string>> = {
  1: 'every week',
  2: 'every second week',
  4: 'every fourth week',
};

/** More schools, teams or priorities than fit into so many letters are counted. */
const LETTERS = 70;
const LONGEST_NAME = 60;

function named(names: readonly { readonly name: string }[]): string {
  const short = names.map(({ name }) => shorten(name, LONGEST_NAME));
  let letters = 0;
  const most = short.filter((name) => {
    letters += name.length;
    return letters <= LETTERS;
  }).length;
  return someInWords(short.map(said), Math.max(most, 1));
}

/** `people`: how many milestone owners they manage today. */
export function whyCard(
  trust: Trust,
  scope: Scope,
  about: { readonly people: number; readonly everyWeeks: EveryWeeks | undefined },
): Card {
  const schools = trust.schools.filter(({ urn }) => scope.urns.includes(urn));
  const teams = trust.teams.filter(({ id }) => scope.teams.includes(id));
  const led = ledBy(trust, scope);
  const roles = [
    ...(scope.trust ? [`You are one of ${said(trust.trust.short_name)}'s leaders: every school.`] : []),
    ...(schools.length > 0 ? [`You are the head of ${named(schools)}.`] : []),
    ...(teams.length > 0 ? [`You lead ${named(teams)}: its milestones.`] : []),
    ...(led.length > 0 ? [`You lead ${named(led)}: its milestones at every school.`] : []),
    ...(about.people > 0
      ? [
          `You manage ${numberInWords(about.people)} ${about.people === 1 ? 'person who owns' : 'people who own'} milestones.`,
        ]
      : []),
  ];
  return card({
    summary: 'Why you get a digest',
    body: [
      title('Why you are seeing this'),
      bullets(roles.length > 0 ? roles : ['A check-in waits for you to read.']),
      line(
        'Attendance comes from released weeks; milestones from check-ins. I look at your roles again each time.',
      ),

      whoSees(about.everyWeeks ? `${ONLY_YOU} It comes ${RHYTHMS[about.everyWeeks]}.` : ONLY_YOU),
    ],
    actions: [
      button('Back to the digest', envelope('digests.refresh', 'mine'), { withoutInputs: true }),
      ...oftenActs(about.everyWeeks),
    ],
  });
}
