/** Every command there is, in the order in which help shows them. */
import { ASK, INGEST } from './answer-commands.ts';
import { CASES, IMPORT, PREVIEW, WEEK } from './attendance-commands.ts';
import { AUDIT_VERIFY } from './audit-commands.ts';
import { CLOCK, TICK } from './clock-commands.ts';
import type { Command } from './command.ts';
import { DELIVERIES_REPORT } from './delivery-commands.ts';
import { DOCTOR } from './doctor-commands.ts';

export const COMMANDS: readonly Command[] = [
  ASK,
  INGEST,
  IMPORT,
  WEEK,
  CASES,
  PREVIEW,
  TICK,
  CLOCK,
  DELIVERIES_REPORT,
  AUDIT_VERIFY,
  DOCTOR,
];
