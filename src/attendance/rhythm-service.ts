/**
 * How often a person gets attendance cards of their own: each week, every second week, or not until the next term. Each
 * decides for themself alone; a school's channel card and what a colleague gets stay as they are.
 */
import { decide, type Entry } from '../access/decide.ts';
import { button, type Card, card, line, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { calendarOf, schoolByUrn, type TrustSchool } from '../config/trust.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { addDays, dateInWords, dateOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction } from '../storage/database.ts';
import { notice } from './card.ts';
import type { ChoiceResources } from './choice-service.ts';
import { savePreference } from './nudge-store.ts';
import type { Preference } from './sending.ts';

export type Rhythm = 'every-week' | 'fortnightly' | 'pause';

const RHYTHMS = {
  'attendance.every-week': 'every-week',
  'attendance.fortnightly': 'fortnightly',
  'attendance.pause': 'pause',
} as const satisfies Readonly<Record<string, Rhythm>>;

type RhythmEntry = Entry<keyof typeof RHYTHMS | 'attendance.tutor-fewer'>;

export interface Rhythms {
  form(school: TrustSchool): CardReply;
  /** `id`: the school's URN, or what a tutor's card is named by. */
  act(entry: RhythmEntry, id: string, now: Date): Promise<CardReply>;
}

export function createRhythms({ db, trust }: Pick<ChoiceResources, 'db' | 'trust'>): Rhythms {
  const zone = trust.trust.zone;

  /** The first day of the school's next term; four weeks on when its calendar ends. */
  function nextTerm(school: TrustSchool, today: string): string {
    const starts = calendarOf(trust, school)
      .terms.map((term) => term.from)
      .filter((from) => from > today)
      .sort();
    return starts[0] ?? addDays(today, 28);
  }

  function form(school: TrustSchool): CardReply {
    return { kind: 'card', card: rhythmForm(school.urn) };
  }

  async function act({ verb, holder }: RhythmEntry, id: string, now: Date): Promise<CardReply> {
    const school = schoolByUrn(trust, id.split('/')[0] ?? '');
    const permit = decide(verb, holder, {});
    if (isRefusal(permit)) return permit;
    if (!school) return refuse('unknown-card', 'I do not recognise that button. Please use the newest card.');
    if (permit.verb === 'attendance.tutor-fewer') return form(school);
    const rhythm = RHYTHMS[permit.verb];
    const today = dateOf(now, zone);
    const preference: Preference = {
      everyWeeks: rhythm === 'fortnightly' ? 2 : 1,
      pausedUntil: rhythm === 'pause' ? nextTerm(school, today) : null,
    };
    await inTransaction(db, async (trx) => {
      await savePreference(trx, permit.by, preference, now);
      await writeAudit(trx, {
        at: now,
        actor: permit.by,
        action: 'attendance.rhythm',
        subject: permit.by,
        detail: { rhythm },
      });
    });
    return { kind: 'card', card: chosen(preference) };
  }

  return { form, act };
}

function rhythmForm(schoolUrn: string): Card {
  const press = (label: string, rhythm: Rhythm) => button(label, envelope(`attendance.${rhythm}`, schoolUrn));
  return card({
    summary: 'How often would you like attendance cards?',
    body: [
      title('How often would you like these?'),
      line('This is about what I bring to you. Your school’s channel and your colleagues keep theirs.'),
    ],
    actions: [
      press('Every second week', 'fortnightly'),
      press('Not until next term', 'pause'),
      press('Every week', 'every-week'),
    ],
  });
}

function chosen({ everyWeeks, pausedUntil }: Preference): Card {
  const said =
    pausedUntil !== null
      ? `Nothing more until ${dateInWords(pausedUntil)}.`
      : everyWeeks === 2
        ? 'Every second week from now on.'
        : 'Every week again.';
  return notice('Your attendance cards', said, [
    'You can ask at any time: “How is attendance at our school?”',
  ]);
}
