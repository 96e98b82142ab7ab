/**
 * The one logger. A static message plus fields, people by id, never question text or pupil data. Fields that could carry
 * them are removed by name as a second line of defence (redact.ts).
 */
import pino from 'pino';
import { redact } from './redact.ts';
import { traceFields } from './trace.ts';

export type LogFields = Readonly<Record<string, unknown>>;
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Where a line goes: standard error, and to `also` when something else wants to know. */
export function standardError(also?: (line: string) => void): pino.DestinationStream {
  const stream = pino.destination({ dest: 2, sync: true });
  if (!also) return stream;
  return {
    write: (line) => {
      stream.write(line);
      also(line);
    },
  };
}

/** Writes JSON lines to `destination` (default standard error), each with its trace when there is one. */
export function createLog(level: string, destination: pino.DestinationStream = standardError()): Log {
  const logger = pino(
    {
      level,
      base: null,
      mixin: traceFields,
    },
    destination,
  );
  const write =
    (at: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) => {
      if (logger.isLevelEnabled(at)) logger[at](redact(fields), message);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** For callers that have nowhere to log to. */
export const silentLog: Log = createLog('silent');
