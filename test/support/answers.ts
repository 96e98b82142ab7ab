/** The answers of a small trust of one school, on whatever documents a test lists; nobody is in a group unless it says so. */
import { type Answers, type AnswersResources, createAnswers } from '../../src/answers/service.ts';
import { TrustFile } from '../../src/config/trust.ts';
import type { Db } from '../../src/storage/database.ts';
import { silentLog } from '../../src/telemetry/log.ts';

export function answersOn(
  db: Db,
  documents: readonly Record<string, unknown>[],
  more: Partial<AnswersResources> = {},
): Answers {
  return createAnswers({
    db,
    trust: trustWith(documents),
    namesPupil: async () => false,
    log: silentLog,
    isInGroup: async () => false,
    nameOf: async () => undefined,
    directory: { person: async () => undefined },
    outbox: { enqueue: async () => 0, revise: async () => undefined, forget: async () => [] },
    personKey: 'key',
    ...more,
  });
}

/** A trust of one school that lists these documents. */
export function trustWith(documents: readonly Record<string, unknown>[]) {
  const contact = { name: 'Mel Okafor', phone: 'ext. 204' };
  return TrustFile.parse({
    trust: {
      name: 'Harbour Trust',
      short_name: 'Harbour',
      zone: 'Europe/London',
      staff_group: 'g',
      ceo: 'ceo',
      safeguarding_lead: contact,
      questions_contact: 'priya',
    },
    calendars: { default: { terms: [{ term: 1, from: '2026-09-01', to: '2026-12-18' }] } },
    schools: [
      {
        urn: '100001',
        name: 'Quay',
        phase: 'primary',
        team: 't',
        channel: 'c',
        head: 'h',
        data_contact: 'd',
        safeguarding_lead: contact,
      },
    ],
    priorities: [{ id: 'p', name: 'P', lead: 'l', strands: [{ id: 's', name: 'S' }] }],
    leaders: ['ceo'],
    documents,
    schedules: {
      attendance_week: { when: 'Mondays 07:30' },
      check_ins: { when: 'school days 08:00' },
      digest: { when: 'Mondays 08:00' },
    },
  });
}
