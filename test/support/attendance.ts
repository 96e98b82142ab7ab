/** Attendance on a real store for its tests: a small school's marks, an outbox that keeps what it is given. */
import { pupilNames } from '../../src/app/pupil-names.ts';
import { createAttendance } from '../../src/attendance/service.ts';
import type { Trust } from '../../src/config/trust.ts';
import type { Db, Store } from '../../src/storage/database.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { pupilsMissing, type TestPupil } from './marks.ts';
import { keepingOutbox, PEOPLE, sampleTrust } from './school.ts';

export const HARBOUR = '100001';
export const QUAYSIDE = '100002';
export const FRIDAY = new Date('2026-11-20T18:00:00Z');
export const MONDAY = new Date('2026-11-23T07:30:00Z');

/** A school of 20 disadvantaged pupils and 40 others who missed so many sessions in all. */
export function school(disadvantaged: number, others: number): TestPupil[] {
  return [
    ...pupilsMissing('d', 20, disadvantaged, { pp: 'Y' }),
    ...pupilsMissing('o', 40, others, { year: '6' }),
  ];
}

/** Opens attendance on a suite's store; `change` edits the small trust before. */
export function opening(store: () => Store) {
  return function open(
    outsiders = 0,
    unread: readonly string[] = [],
    change?: (trust: Trust) => void,
    digestReaders: readonly string[] = [],
  ) {
    const outbox = keepingOutbox();
    const trust = sampleTrust();
    change?.(trust);
    const focuses: unknown[] = [];
    const attendance = createAttendance({
      db: store().db,
      trust,
      directory: {
        person: async (id) => PEOPLE.find((one) => one.id === id),
        people: async (ids) => PEOPLE.filter((one) => ids.includes(one.id)),
        staff: async () => PEOPLE.filter((one) => one.staff),
        membersOf: async (teamId) => {
          if (unread.includes(teamId)) throw new Error('404 from Graph');
          return { ids: [], outsiders };
        },
      },
      outbox,
      pseudonymKey: 'a key for tests',
      pupilKey: 'ab'.repeat(32),
      log: silentLog,
      namesPupil: pupilNames(trust, { staff: async () => PEOPLE }),
      digestReaders: async () => new Set(digestReaders),
      openFocus: async (_trx, { id: _id, ...focus }) => void focuses.push(focus),
    });
    const take = (text: string, now = FRIDAY, more: { replace?: boolean; schoolUrn?: string } = {}) =>
      attendance.importMarks(text, { now, by: 'cho', ...more });
    return { attendance, outbox, take, focuses };
  };
}

export async function clearAttendance(db: Db): Promise<void> {
  await db.deleteFrom('attendance_threads').execute();
  await db.deleteFrom('nudge_cards').execute();
  await db.deleteFrom('nudge_choices').execute();
  await db.deleteFrom('nudge_queries').execute();
  await db.deleteFrom('nudge_weeks').execute();
  await db.deleteFrom('releases').execute();
  await db.deleteFrom('trust_releases').execute();
  await db.deleteFrom('group_weeks').execute();
  await db.deleteFrom('school_weeks').execute();
  await db.deleteFrom('attendance_imports').execute();
  await db.deleteFrom('audit').execute();
}
