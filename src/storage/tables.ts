/**
 * The rows of every table, for Kysely. A table is written by one store only; each slice's rows stand in `tables/<slice>.ts`
 * and its migration in `migrations/`.
 */

import type { AnswersTables } from './tables/answers.ts';
import type { AttendanceTables } from './tables/attendance.ts';
import type { ChannelsTables } from './tables/channels.ts';
import type { CheckinsTables } from './tables/checkins.ts';
import type { DeliveryTables } from './tables/delivery.ts';
import type { DigestsTables } from './tables/digests.ts';
import type { DirectoryTables } from './tables/directory.ts';
import type { FoundationTables } from './tables/foundation.ts';
import type { NudgesTables } from './tables/nudges.ts';
import type { SchedulingTables } from './tables/scheduling.ts';

export type Tables = FoundationTables &
  DirectoryTables &
  DeliveryTables &
  SchedulingTables &
  AnswersTables &
  AttendanceTables &
  NudgesTables &
  CheckinsTables &
  ChannelsTables &
  DigestsTables;
