/**
 * The service: reads the environment, starts an instance, and stops it in order on a signal. Most of the code is loaded
 * after the settings were read, so that bad ones are refused at once and a new store is made meanwhile.
 */
import { endOnFault, reportFault, settingsOrExit, stopOnSignal } from './cli/process.ts';
import { makeStoreAhead } from './storage/store-ahead.ts';

export async function run(): Promise<void> {
  // Azure's exporter would report its own use to its maker besides.
  process.env.APPLICATION_INSIGHTS_NO_STATSBEAT = 'yes';
  endOnFault();
  const settings = settingsOrExit(process.env);
  if (!settings) return;
  const emptyStore = makeStoreAhead(settings);
  try {
    const [{ startService }, { logLeftOut }] = await Promise.all([
      import('./cli/serve.ts'),
      import('./app/rounds.ts'),
    ]);
    const running = await startService(settings, { emptyStore });
    logLeftOut(running.instance.app.log, running.instance.documentProblems);
    process.stderr.write(`Waymark is ready on http://127.0.0.1:${running.port} (stop with Ctrl-C)\n`);
    stopOnSignal(running.close);
  } catch (error) {
    reportFault(error);
    process.exitCode = 1;
  }
}
