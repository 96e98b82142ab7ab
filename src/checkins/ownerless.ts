/**
 * Milestones whose owner has left, or has no open account for another reason (a long leave, a first day to come): nobody is asked about
 * them, and nobody would notice. Once a round of one has come, whoever leads its place or its priority is told, one card for all that
 * one owner left to them. Which of the reasons it is stands nowhere, and is not guessed. Pure.
 */
import { button, type Card, card, line, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { ONLY_YOU, whoSees } from '../cards/who-sees.ts';
import type { Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import { shorten } from '../kernel/text.ts';
import { isCarried, type Milestone } from './milestone.ts';
import { VERBS } from './milestone-card.ts';
import { concernedBy } from './unblockers.ts';
import { titleOf } from './words.ts';

/** As many as are shown; with one given away, the list of milestones shows the rest. */
const SHOWN = 4;

/** The same message of the same leaver to the same person on each day: while the ledger remembers it, it is sent once. */
export function ownerlessCards(facts: {
  readonly trust: Trust;
  readonly milestones: readonly Milestone[];
  readonly today: string;
  readonly isStaff: (personId: string) => boolean;
  /** Undefined for whoever is known no more. */
  readonly nameOf: (personId: string) => string | undefined;
}): Draft[] {
  const { trust, milestones, today, isStaff, nameOf } = facts;
  const left = milestones.filter((one) => isCarried(one, today) && !isStaff(one.ownerId));
  const keeperOf = (milestone: Milestone) =>
    [...concernedBy(trust, milestone, []), trust.trust.ceo, trust.trust.questions_contact].find(isStaff);
  const together = Map.groupBy(left, (one) => `${one.ownerId}/${keeperOf(one) ?? ''}`);
  return [...together].flatMap(([who, theirs]): Draft[] => {
    const [first] = theirs;
    const personId = first && keeperOf(first);
    if (!first || personId === undefined || !theirs.some(({ nextRound }) => (nextRound ?? '~') <= today))
      return [];
    const target = { kind: 'person', personId } as const;
    return [
      { key: `milestones/ownerless/${who}`, target, card: ownerlessCard(nameOf(first.ownerId), theirs) },
    ];
  });
}

function ownerlessCard(owner: string | undefined, milestones: readonly Milestone[]): Card {
  const shown = milestones.slice(0, SHOWN);
  const more = milestones.length - shown.length;
  return card({
    summary: 'A milestone has an owner whom I cannot reach.',
    body: [
      title(`I cannot reach ${owner === undefined ? 'the owner' : said(owner)}. Who takes this on?`),
      ...shown.map((milestone) => line(titleOf(milestone))),
      ...(more > 0 ? [line(`And more; type "milestones" to see them all.`)] : []),
      line(
        'They have no open staff account, so nobody is asked about this. Please give it to somebody, or close it.',
      ),
      whoSees(ONLY_YOU),
    ],
    actions: shown.map(({ id, title: name }) =>
      button(shorten(`See ${name}`, 40), envelope(VERBS.show, id, 0), { withoutInputs: true }),
    ),
  });
}
