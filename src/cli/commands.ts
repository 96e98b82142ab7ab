/** Every command there is, in the order in which help shows them. */
import { ASK, INGEST } from './answer-commands.ts';
import { CASES, IMPORT, PREVIEW, WEEK } from './attendance-commands.ts';
import { AUDIT_VERIFY } from './audit-commands.ts';
import { BENCHMARKS } from './benchmark-commands.ts';
import { CLOCK, TICK } from './clock-commands.ts';
import type { Command } from './command.ts';
import {
  DELIVERIES_EDIT,
  DELIVERIES_RECALL,
  DELIVERIES_REPORT,
  DELIVERIES_RESEND,
} from './delivery-commands.ts';
import { DOCTOR } from './doctor-commands.ts';
import { MILESTONES_IMPORT, MILESTONES_LIST, MILESTONES_REPORT } from './milestone-commands.ts';
import { RECALL, TEST } from './nudge-commands.ts';
import { PAUSE, PAUSES, RESUME } from './pause-commands.ts';
import { PERSON_ERASE, PERSON_EXPORT } from './person-commands.ts';
import { REHEARSE } from './rehearse-commands.ts';
import { REPORT_TERM } from './report-commands.ts';
import { RETENTION_REPORT } from './retention-commands.ts';

export const COMMANDS: readonly Command[] = [
  ASK,
  INGEST,
  IMPORT,
  WEEK,
  CASES,
  BENCHMARKS,
  PREVIEW,
  TEST,
  RECALL,
  MILESTONES_IMPORT,
  MILESTONES_LIST,
  MILESTONES_REPORT,
  REPORT_TERM,
  REHEARSE,
  TICK,
  CLOCK,
  DELIVERIES_REPORT,
  DELIVERIES_RESEND,
  DELIVERIES_EDIT,
  DELIVERIES_RECALL,
  PAUSE,
  RESUME,
  PAUSES,
  PERSON_EXPORT,
  PERSON_ERASE,
  RETENTION_REPORT,
  AUDIT_VERIFY,
  DOCTOR,
];
