/**
 * Sends traces, metrics and log lines to Application Insights, when a connection string is set. Log lines come here after the
 * log has taken out what must not leave; spans and metrics have only the fields that `trace.ts` and `metrics.ts` name. Nothing
 * is kept on disk when Azure cannot be reached: it would be a copy that no deletion knows of.
 * API: @azure/monitor-opentelemetry-exporter (docs/decisions/telemetry.md says why this edition).
 */
import {
  type AzureMonitorExporterOptions,
  AzureMonitorLogExporter,
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { z } from 'zod/v4';
import { alarm } from '../kernel/time.ts';

export type Export = {
  /** Takes a line as the log wrote it, which has taken out what must not leave; nothing else writes here. */
  readonly line: (line: string) => void;
  /** Sends what waits, as far as Azure takes it within three seconds. */
  close(): Promise<void>;
};

export type ExportOptions = {
  readonly connectionString: string;
  /** Undefined: the connection string alone says who sends (loopback, or a resource that still allows it). */
  readonly credential?: AzureMonitorExporterOptions['credential'] | undefined;
  /** `web`, `worker` or `both`: told apart in the portal. */
  readonly role: string;
};

/** Milliseconds between two reports of metrics. */
const REPORT_EVERY = 60_000;
/** A stop waits no longer for Azure: the host ends the process after 20 s. Milliseconds. */
const LAST_WORDS = 3_000;

const LineShape = z.looseObject({ level: z.number(), msg: z.string() });

/** pino's levels, from 10 for trace to 60 for fatal. */
function severityOf(level: number): SeverityNumber {
  if (level >= 50) return SeverityNumber.ERROR;
  if (level >= 40) return SeverityNumber.WARN;
  return level >= 30 ? SeverityNumber.INFO : SeverityNumber.DEBUG;
}

/** Application Insights keeps flat dimensions. */
function textOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** Starts sending. Call once a process: OpenTelemetry's providers are its globals. */
export function startExport(options: ExportOptions): Export {
  const azure: AzureMonitorExporterOptions = {
    connectionString: options.connectionString,
    disableOfflineStorage: true,
    ...(options.credential ? { credential: options.credential } : {}),
  };
  const resource = resourceFromAttributes({ 'service.name': 'waymark', 'service.namespace': options.role });
  const spans = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new AzureMonitorTraceExporter(azure))],
  });
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new AzureMonitorMetricExporter(azure),
        exportIntervalMillis: REPORT_EVERY,
      }),
    ],
  });
  const lines = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor(new AzureMonitorLogExporter(azure))],
  });
  const logger = lines.getLogger('waymark');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(spans);
  metrics.setGlobalMeterProvider(meters);
  return {
    line: (line) => {
      const { level, msg, ...fields } = LineShape.parse(JSON.parse(line));
      logger.emit({ severityNumber: severityOf(level), body: msg, attributes: textOf(fields) });
    },
    close: async () => {
      const providers = [spans, meters, lines];
      const enough = alarm(LAST_WORDS);
      await Promise.race([
        Promise.allSettled(providers.map((provider) => provider.shutdown())),
        enough.rings,
      ]);
      enough.stop();
      for (const global of [trace, metrics, context, propagation]) global.disable();
    },
  };
}
