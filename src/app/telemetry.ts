/** Where telemetry goes besides standard error. Loaded only when it goes anywhere: the exporter is a hundred files. */
import { isLoopbackUrl, type Settings } from '../config/settings.ts';
import { managedIdentity } from '../directory/graph.ts';
import type { Export } from '../telemetry/azure-monitor.ts';

/** Undefined when no Application Insights is configured. */
export async function exportOf(settings: Settings): Promise<Export | undefined> {
  const { bot, insights, role } = settings;
  if (!insights) return undefined;
  const endpoint = /IngestionEndpoint=([^;]+)/i.exec(insights)?.[1] ?? '';
  // A token goes over TLS alone, so a stand-in on this machine gets none.
  const credential = bot && !isLoopbackUrl(endpoint) ? managedIdentity(bot.id) : undefined;
  const { startExport } = await import('../telemetry/azure-monitor.ts');
  return startExport({ connectionString: insights, credential, role });
}
