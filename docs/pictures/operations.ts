/** The cards of operators, and of what waited for a reader, that are pictured, through the same code as the service. */
import { doctorCard } from '../../src/app/doctor-card.ts';
import type { Card } from '../../src/cards/elements.ts';
import { gatheredCard } from '../../src/delivery/gathering-card.ts';
import { reportOf } from '../../src/delivery/report.ts';
import { changeCard, reportCard, runChoice } from '../../src/delivery/report-card.ts';
import { pauseCard } from '../../src/scheduling/pause-card.ts';

const NAMES = ['Jo Bennett', 'Rosa Delgado', 'Gareth Vaughan', 'Neil Barton', 'Chloe Sanders', 'Martin Lowe'];

export function operationsCards(): Readonly<Record<string, Card>> {
  return {
    pauses: pauses(),
    deliveries: deliveries(),
    'run-change': change(),
    gathered: gathered(),
    doctor: doctor(),
  };
}

function pauses(): Card {
  return pauseCard({
    pauses: [
      {
        id: 'one',
        scope: { kind: 'school', urn: '900001' },
        reason: 'a burst pipe, closed until Thursday',
        by: 'owen',
        since: new Date('2026-11-23T07:10:00Z'),
      },
    ],
    zone: 'Europe/London',
    words: () => 'Harbour Primary',
    nameOf: () => 'Owen Pryce',
    choices: [
      ['everything', 'everything scheduled'],
      ['rule:digest', 'digests'],
    ],
    done: 'Paused: Harbour Primary. 2 messages that waited will not be sent. Answers, approvals and messages that somebody waits for still go out.',
  });
}

function deliveries(): Card {
  const lines = Array.from({ length: 64 }, (_, index) => {
    const target = { kind: 'person', personId: NAMES[index] ?? `p${index}` } as const;
    const id = `dlv_${index}`;
    if (index < 2) return { id, target, state: 'blocked', reason: 'the person has blocked Waymark' } as const;
    if (index < 4)
      return {
        id,
        target,
        state: 'unreachable',
        reason: 'no conversation yet: the app is not installed for this person',
      } as const;
    if (index === 4)
      return { id, target, state: 'cancelled', reason: 'paused: Harbour Primary (a burst pipe)' } as const;
    if (index === 5) return { id, target, state: 'uncertain', reason: 'Teams answered 502' } as const;
    return { id, target, state: index < 50 ? 'delivered' : 'due', activityId: 'a' } as const;
  });
  const runId = 'digest/2026-11-23';
  return reportCard({
    skipped: [],
    report: reportOf(
      runId,
      lines.map((line) => ({ ...line, runId })),
    ),
    name: 'digests of Monday 23 November',
    nameOf: (recipient) => recipient,
    others: [[runChoice('attendance.week/2026-11-23'), 'attendance cards of Monday 23 November']],
  });
}

function doctor(): Card {
  const wrong = (part: string, says: string, remedy: string) =>
    ({ part, state: 'wrong', says, remedy }) as const;
  const well = (part: string) => ({ part, state: 'well', says: 'Well.' }) as const;
  return doctorCard(
    [
      wrong(
        'people',
        'There is no copy of the staff yet, so nobody is answered.',
        'Ask a Global Administrator to grant stage 2 (people): npm run consents.',
      ),
      {
        part: 'channel 900001',
        state: 'attention',
        says: "The app is not in Harbour Primary's team, so its card cannot be posted.",
        remedy: 'An owner of the team adds Waymark to it; the first card follows by itself.',
      },
      ...['clock', 'documents', 'calendars', 'schedules', 'deliveries', 'audit'].map(well),
    ],
    '08:12',
  );
}

function change(): Card {
  return changeCard('digest/2026-11-23', 'digests of Monday 23 November', 44);
}

function gathered(): Card {
  const check = 'A check-in is ready for you: about 20 seconds.';
  const about = (title: string) => `Hello Aisha. Check-in, about 20 seconds.\n${title}`;
  const titles = [
    'Every Year 5 teacher greets and checks in first with the pupils who carry most',
    'Year 5 families and school agree what makes Fridays hard, and remove it',
  ];
  return gatheredCard([
    ...titles.map((title, index) => ({
      key: `checkin/${index}/ask`,
      summary: check,
      text: about(title),
      opened: index === 1,
    })),
    { key: 'documents', summary: 'Two remarks on your documents.', text: '', opened: false },
    { key: 'radar', summary: 'What colleagues asked in vain this week.', text: '', opened: false },
  ]);
}
