/**
 * The one logger. A static message plus fields, people by id, never question text or pupil data. Fields that could carry
 * them are removed by name as a second line of defence.
 */
import pino from 'pino';

export type LogFields = Readonly<Record<string, unknown>>;
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const NEVER_LOGGED = [
  'text',
  'question',
  'note',
  'upn',
  'dob',
  'surname',
  'forename',
  'mark',
  'authorization',
  'card',
];

/** Writes JSON lines to `destination` (a file descriptor or a stream; default standard error). */
export function createLog(
  level: string,
  destination: pino.DestinationStream = pino.destination({ dest: 2, sync: true }),
): Log {
  const logger = pino(
    {
      level,
      base: null,
      redact: { paths: NEVER_LOGGED.flatMap((name) => [name, `*.${name}`]), remove: true },
    },
    destination,
  );
  const write =
    (at: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) =>
      logger[at](fields, message);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** For callers that have nowhere to log to. */
export const silentLog: Log = createLog('silent');
