/** The running service: an instance and, in local mode, the socket over which commands reach it. */
import { resolve } from 'node:path';
import { startInstance } from '../app/instance.ts';
import type { Opening } from '../app/resources.ts';
import { exportOf } from '../app/telemetry.ts';
import type { Settings } from '../config/settings.ts';
import { createLog, standardError } from '../telemetry/log.ts';
import { serveControl } from './control.ts';
import { runInApp } from './run.ts';

export type RunningService = {
  readonly port: number;
  readonly instance: Awaited<ReturnType<typeof startInstance>>;
  close(): Promise<void>;
};

/**
 * Starts an instance, telling of each step, and, in local mode, the socket that commands are forwarded to: the embedded
 * store has one process, and the movable clock is this process's.
 */
export async function startService(settings: Settings, opening: Opening = {}): Promise<RunningService> {
  const exported = await exportOf(settings);
  const instance = await startInstance(
    settings,
    createLog(settings.logLevel, standardError(exported?.line)),
    opening,
  );
  const close = async () => {
    await instance.close();
    await exported?.close();
  };
  if (settings.appEnv !== 'local') return { port: instance.port, instance, close };
  const control = await serveControl(resolve(settings.dataDir), (argv, io) =>
    runInApp(argv, io, instance.app),
  ).catch(async (error: unknown) => {
    // Or the process would go on, and answer people, after it has said that it could not start.
    await close();
    throw error;
  });
  return {
    port: instance.port,
    instance,
    close: async () => {
      await control.close();
      await close();
    },
  };
}
