/**
 * What people do with a nudge: its buttons, the choice that is kept, the call for help, the card's other side. Identity
 * comes from the caller and never from the card; the first choice counts, and everybody sees it.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { refuse } from '../kernel/errors.ts';
import { dateInWords, dateOf, timeOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import { helpCard, type NudgeState, type NudgeView, nudgeCard, whyCard } from './card.ts';
import { keepChoice, readChoices } from './choices-store.ts';
import { type Release, reopenRelease } from './release.ts';
import { readRelease } from './release-store.ts';

export type ChoiceResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person'>;
  readonly outbox: Outbox;
};

export interface NudgeChoices {
  /** What the card shows now: the release with what people have chosen. */
  view(school: TrustSchool, release: Release, now: Date): Promise<NudgeView>;
  act(command: CardCommand, actor: Person, now: Date): Promise<CardReply>;
}

/** The ledger's name of a school's nudge for a week. */
export function nudgeKey(week: string, schoolUrn: string): string {
  return `attendance.week/${week}/${schoolUrn}`;
}

export function createNudgeChoices({ db, trust, directory, outbox }: ChoiceResources): NudgeChoices {
  /** The person who is asked for help: whoever leads the strand `attendance`, else the school's head. */
  function helperId(school: TrustSchool): string {
    for (const priority of trust.priorities)
      for (const strand of priority.strands)
        if (strand.id === 'attendance') return strand.lead ?? priority.lead;
    return school.head;
  }

  async function helperName(school: TrustSchool): Promise<string> {
    const helper = await directory.person(helperId(school));
    return helper?.givenName ?? 'the trust';
  }

  async function view(school: TrustSchool, release: Release, now: Date): Promise<NudgeView> {
    const choices = await readChoices(db, school.urn, release.week);
    const named = async (kind: 'outcome' | 'help') => {
      const choice = choices.find((one) => one.kind === kind);
      return choice && { ...choice, by: (await directory.person(choice.actor))?.name ?? 'A colleague' };
    };
    const outcome = await named('outcome');
    const help = await named('help');
    const state: NudgeState = {
      outcome: outcome && {
        choice: outcome.choice === 'done' ? 'done' : 'not-this-week',
        by: outcome.by,
        on: dateOf(outcome.at, trust.trust.zone),
      },
      helpAsked: help && { by: help.by },
    };
    return { release, today: dateOf(now, trust.trust.zone), helper: await helperName(school), state };
  }

  async function act({ envelope }: CardCommand, actor: Person, now: Date): Promise<CardReply> {
    const [urn = '', week = ''] = envelope.id.split('/');
    const school = schoolByUrn(trust, urn);
    const kept = school && /^\d{4}-W\d{2}$/.test(week) ? await readRelease(db, urn, week) : undefined;
    if (!school || !kept)
      return refuse('unknown-nudge', 'I do not have that week any more. The next card comes on Monday.');
    if (!mayAct(actor, school))
      return refuse('not-yours', `This card is for the staff of ${school.name}. Nothing was changed.`);
    const release = reopenRelease(kept.body);
    switch (envelope.verb) {
      case 'attendance.why':
        return { kind: 'card', card: whyCard(await view(school, release, now), receivedInWords(release)) };
      case 'attendance.show':
        return { kind: 'card', card: nudgeCard(await view(school, release, now)) };
      case 'attendance.done':
        return choose(school, release, 'outcome', 'done', actor, now);
      case 'attendance.not-this-week':
        return choose(school, release, 'outcome', 'not-this-week', actor, now);
      case 'attendance.help':
        return choose(school, release, 'help', 'asked', actor, now);
      default:
        return refuse('unknown-verb', 'I do not recognise that button. Please use the newest card.');
    }
  }

  function mayAct(actor: Person, school: TrustSchool): boolean {
    const named = [school.head, school.data_contact, ...trust.leaders];
    return actor.staff && (actor.schoolUrn === school.urn || named.includes(actor.id));
  }

  function receivedInWords(release: Release): string {
    const at = new Date(release.receivedAt);
    return `${dateInWords(dateOf(at, trust.trust.zone))} at ${timeOf(at, trust.trust.zone)}`;
  }

  /** Keeps the first choice; a second press, or a colleague's later one, is shown how things stand. */
  async function choose(
    school: TrustSchool,
    release: Release,
    kind: 'outcome' | 'help',
    choice: string,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const before = await view(school, release, now);
    const today = dateOf(now, trust.trust.zone);
    const state: NudgeState =
      kind === 'help'
        ? { ...before.state, helpAsked: { by: actor.name } }
        : {
            ...before.state,
            outcome: { choice: choice === 'done' ? 'done' : 'not-this-week', by: actor.name, on: today },
          };
    const after = nudgeCard({ ...before, state });
    const fresh = await inTransaction(db, async (trx) => {
      const first = await keepChoice(trx, school.urn, release.week, {
        kind,
        choice,
        actor: actor.id,
        at: now,
      });
      if (!first) return false;
      const key = nudgeKey(release.week, school.urn);
      await writeAudit(trx, {
        at: now,
        actor: actor.id,
        action: `attendance.${kind === 'help' ? 'help' : choice}`,
        subject: key,
      });
      if (kind === 'help') {
        const draft: Draft = {
          key: `attendance.help/${release.week}/${school.urn}`,
          target: { kind: 'person', personId: helperId(school) },
          card: helpCard(release, actor.name, today),
          urgent: true,
        };
        await outbox.enqueue(trx, draft.key, [draft], now);
      }
      await outbox.revise(trx, key, after, now);
      return true;
    });
    return { kind: 'card', card: fresh ? after : nudgeCard(await view(school, release, now)) };
  }

  return { view, act };
}
