/** Runs the forward-only migrations at start, under a lock that all instances of one schema share. */
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { AppError, messageOf } from '../kernel/errors.ts';
import type { Db } from './database.ts';
import { foundation } from './migrations/0001-foundation.ts';
import { directory } from './migrations/0002-directory.ts';
import { delivery } from './migrations/0003-delivery.ts';
import { scheduling } from './migrations/0004-scheduling.ts';
import { answers } from './migrations/0005-answers.ts';
import { attendance } from './migrations/0006-attendance.ts';
import { checkins } from './migrations/0007-checkins.ts';
import { digests } from './migrations/0008-digests.ts';
import { asks } from './migrations/0009-asks.ts';
import { releases } from './migrations/0010-releases.ts';
import { lateTurns } from './migrations/0011-late-turns.ts';
import { nudges } from './migrations/0012-nudges.ts';
import { auditChain } from './migrations/0013-audit-chain.ts';
import { documentHealth } from './migrations/0014-document-health.ts';
import { marks } from './migrations/0015-marks.ts';
import { questionContext } from './migrations/0016-question-context.ts';
import { benchmarks } from './migrations/0017-benchmarks.ts';
import { libraryColumns } from './migrations/0018-library-columns.ts';
import { leanGroupWeeks } from './migrations/0019-lean-group-weeks.ts';
import { reviewLists } from './migrations/0020-review-lists.ts';
import { pressAnswers } from './migrations/0021-press-answers.ts';
import { channelAsks } from './migrations/0022-channel-asks.ts';
import { leadershipChats } from './migrations/0023-leadership-chats.ts';
import { digestRhythm } from './migrations/0024-digest-rhythm.ts';
import { retention } from './migrations/0025-retention.ts';
import { channels } from './migrations/0026-channels.ts';
import { cardRefreshes } from './migrations/0027-card-refreshes.ts';
import { alarms } from './migrations/0028-alarms.ts';
import { interruptedTurns } from './migrations/0029-interrupted-turns.ts';
import { cadences } from './migrations/0030-cadences.ts';
import { reviewQuestions } from './migrations/0031-review-questions.ts';
import { checkinSettings } from './migrations/0032-checkin-settings.ts';
import { directions } from './migrations/0033-directions.ts';
import { nudgeCards } from './migrations/0034-nudge-cards.ts';
import { asking } from './migrations/0035-asking.ts';
import { pauses } from './migrations/0036-pauses.ts';
import { attendanceThreads } from './migrations/0037-attendance-threads.ts';
import { conversationPlaces } from './migrations/0038-conversation-places.ts';
import { milestonesInChat } from './migrations/0039-milestones-in-chat.ts';
import { milestoneList } from './migrations/0040-milestone-list.ts';
import { traces } from './migrations/0041-traces.ts';
import { openings } from './migrations/0042-openings.ts';
import { keyMarks } from './migrations/0043-key-marks.ts';
import { looks } from './migrations/0044-looks.ts';
import { gathered } from './migrations/0045-gathered.ts';
import { recalls } from './migrations/0046-recalls.ts';
import { openDeliveries } from './migrations/0047-open-deliveries.ts';
import { pace } from './migrations/0048-pace.ts';
import { milestoneTeams } from './migrations/0049-milestone-teams.ts';
import { milestoneReaders } from './migrations/0050-milestone-readers.ts';
import { withdrawnSends } from './migrations/0051-withdrawn-sends.ts';
import { leavers } from './migrations/0052-leavers.ts';
import { firstDue } from './migrations/0053-first-due.ts';
import { listedPlans } from './migrations/0054-listed-plans.ts';
import { settingsVersion } from './migrations/0055-settings-version.ts';
import { leftOut } from './migrations/0056-left-out.ts';
import { schemaStanding } from './schema-standing.ts';

/**
 * In order, for ever: a migration that has landed is never edited, a new one is added below. It only adds, so that the version
 * before can run beside it; one that cannot is named `…-ends-older` (schema-standing.ts).
 */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-foundation': foundation,
  '0002-directory': directory,
  '0003-delivery': delivery,
  '0004-scheduling': scheduling,
  '0005-answers': answers,
  '0006-attendance': attendance,
  '0007-checkins': checkins,
  '0008-digests': digests,
  '0009-asks': asks,
  '0010-releases': releases,
  '0011-late-turns': lateTurns,
  '0012-nudges': nudges,
  '0013-audit-chain': auditChain,
  '0014-document-health': documentHealth,
  '0015-marks': marks,
  '0016-question-context': questionContext,
  '0017-benchmarks': benchmarks,
  '0018-library-columns': libraryColumns,
  '0019-lean-group-weeks': leanGroupWeeks,
  '0020-review-lists': reviewLists,
  '0021-press-answers': pressAnswers,
  '0022-channel-asks': channelAsks,
  '0023-leadership-chats': leadershipChats,
  '0024-digest-rhythm': digestRhythm,
  '0025-retention': retention,
  '0026-channels': channels,
  '0027-card-refreshes': cardRefreshes,
  '0028-alarms': alarms,
  '0029-interrupted-turns': interruptedTurns,
  '0030-cadences': cadences,
  '0031-review-questions': reviewQuestions,
  '0032-checkin-settings': checkinSettings,
  '0033-directions': directions,
  '0034-nudge-cards': nudgeCards,
  '0035-asking': asking,
  '0036-pauses': pauses,
  '0037-attendance-threads': attendanceThreads,
  '0038-conversation-places': conversationPlaces,
  '0039-milestones-in-chat': milestonesInChat,
  '0040-milestone-list': milestoneList,
  '0041-traces': traces,
  '0042-openings': openings,
  '0043-key-marks': keyMarks,
  '0044-looks': looks,
  '0045-gathered': gathered,
  '0046-recalls': recalls,
  '0047-open-deliveries': openDeliveries,
  '0048-pace': pace,
  '0049-milestone-teams': milestoneTeams,
  '0050-milestone-readers': milestoneReaders,
  '0051-withdrawn-sends': withdrawnSends,
  '0052-leavers': leavers,
  '0053-first-due': firstDue,
  '0054-listed-plans': listedPlans,
  '0055-settings-version': settingsVersion,
  '0056-left-out': leftOut,
};

/**
 * The names that were applied now; none when a newer version has been here and only added. Throws AppError `migration-failed`, where
 * the failed one leaves nothing behind, or `store-ahead` when a newer version took away what this code needs.
 */
export async function migrate(db: Db, schema: string): Promise<string[]> {
  const known = Object.keys(MIGRATIONS).toSorted();
  const standing = schemaStanding(await appliedMigrations(db, schema), known);
  if (standing.kind === 'beyond') throw storeAhead(standing.ended, known);
  if (standing.kind !== 'behind') return [];
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: schema,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error) {
    const failed =
      results?.find((result) => result.status === 'Error')?.migrationName ?? 'the list of migrations';
    throw new AppError(
      'migration-failed',
      `The database could not be brought up to date at ${failed}: ${messageOf(error)}`,
      {
        remedy:
          'Nothing of that step was kept. Check that the database user may create tables; then start again.',
        cause: error,
      },
    );
  }
  return (results ?? [])
    .filter((result) => result.status === 'Success')
    .map((result) => result.migrationName);
}

function storeAhead(ended: readonly string[], known: readonly string[]): AppError {
  return new AppError(
    'store-ahead',
    `The database was brought up to date by a newer Waymark (${ended.join(', ')}); this one knows it up to ${known.at(-1)} and cannot use it any more.`,
    {
      remedy:
        'Nothing was changed. Start the newer version again, or restore the backup that was made before it (docs/OPERATIONS.md, roll back).',
    },
  );
}

/**
 * The migrations that the database says were applied, in order. The migrator asks the whole catalogue before it says so, which on
 * the embedded store takes half a second of every start.
 */
async function appliedMigrations(db: Db, schema: string): Promise<string[]> {
  const list = sql.table(`${schema}.kysely_migration`);
  const { rows: found } = await sql<{ name: string | null }>`
    select to_regclass(${`"${schema}".kysely_migration`})::text as name`.execute(db);
  if (!found[0]?.name) return [];
  const { rows } = await sql<{ name: string }>`select name from ${list} order by name`.execute(db);
  return rows.map(({ name }) => name);
}
