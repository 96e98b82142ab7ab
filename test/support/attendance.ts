/** Attendance on a real store for its tests: a small school's marks, an outbox that keeps what it is given. */
import { holderOf } from '../../src/access/appointments.ts';
import { pupilNames } from '../../src/app/pupil-names.ts';
import type { PressedIn } from '../../src/attendance/choice-service.ts';
import { createAttendance } from '../../src/attendance/service.ts';
import type { CardCommand } from '../../src/cards/envelope.ts';
import type { CardReply } from '../../src/cards/reply.ts';
import type { Trust } from '../../src/config/trust.ts';
import type { Person } from '../../src/directory/model.ts';
import { isRefusal } from '../../src/kernel/errors.ts';
import type { Db, Store } from '../../src/storage/database.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { enteredCard } from './access.ts';
import { pupilsMissing, type TestPupil } from './marks.ts';
import { directoryOf, keepingOutbox, PEOPLE, PUPIL_KEYS, sampleTrust } from './school.ts';

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
    const directory = directoryOf(PEOPLE, trust);
    const attendance = createAttendance({
      db: store().db,
      trust,
      directory: {
        ...directory,
        person: async (id) => PEOPLE.find((one) => one.id === id),
        membersOf: async (teamId) => {
          if (unread.includes(teamId)) throw new Error('404 from Graph');
          return { ids: [], outsiders };
        },
      },
      outbox,
      pseudonymKey: 'a key for tests',
      pupilKeys: PUPIL_KEYS,
      log: silentLog,
      namesPupil: pupilNames(trust, { staff: async () => PEOPLE }),
      digestReaders: async () => new Set(digestReaders),
      openFocus: async (_trx, { id: _id, ...focus }) => void focuses.push(focus),
    });
    const take = (text: string, now = FRIDAY, more: { replace?: boolean; schoolUrn?: string } = {}) =>
      attendance.importMarks(text, { now, by: 'cho', ...more });
    /** A press in the presser's own chat, judged at the edge as the bot does. */
    const act = async (
      command: CardCommand,
      actor: Person,
      now: Date,
      where?: PressedIn,
    ): Promise<CardReply> => {
      const holder = holderOf(await directory.appointments(), actor);
      const entry = enteredCard('attendance', command.envelope.verb, holder);
      return isRefusal(entry) ? entry : attendance.act(entry, command, actor, now, where);
    };
    return { attendance, outbox, take, focuses, act };
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
