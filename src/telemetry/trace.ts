/**
 * Spans: what was done for whom in which order, from an inbound activity to the card that leaves. They carry ids, kinds and
 * counts by the names below and nothing else, so no words of people can get into them. Without an exporter they cost nothing
 * (OpenTelemetry's own no-op).
 */
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AppError } from '../kernel/errors.ts';

export type SpanFields = Readonly<
  Partial<{
    /** Of an inbound activity or a Graph notification: `message`, `invoke`, … */
    kind: string;
    /** Of a button: `checkins.approve`. */
    verb: string;
    delivery: string;
    run: string;
    rule: string;
    /** How it ended: `delivered`, `refused`, an HTTP status. */
    outcome: string | number;
    method: string;
    /** Of a wave, a run, a file. */
    count: number;
  }>
>;

/** What is traced, and what a reader of traces takes it for: asked of us, done by us for later, asked by us of others. */
const KINDS = {
  activity: SpanKind.SERVER,
  notification: SpanKind.SERVER,
  command: SpanKind.SERVER,
  schedule: SpanKind.CONSUMER,
  delivery: SpanKind.PRODUCER,
  connector: SpanKind.CLIENT,
  graph: SpanKind.CLIENT,
} as const;

/** Adds what is known only at the end. */
export type Note = (fields: SpanFields) => void;

const SCOPE = 'waymark';

/**
 * Does `work` as a span beneath the one that runs, or beneath `parent` (as `traceParent` gave it). A throw marks the span as
 * failed by its code alone, for a message may quote somebody, and goes on up.
 */
export function traced<T>(
  name: keyof typeof KINDS,
  fields: SpanFields,
  work: (note: Note) => Promise<T>,
  parent?: string | null,
): Promise<T> {
  const above = parent ? propagation.extract(context.active(), { traceparent: parent }) : context.active();
  const how = { kind: KINDS[name], attributes: attributesOf(fields) };
  return trace.getTracer(SCOPE).startActiveSpan(name, how, above, async (span) => {
    try {
      return await work((more) => span.setAttributes(attributesOf(more)));
    } catch (error) {
      span.setStatus({
        code: SpanStatusCode.ERROR,
        message: error instanceof AppError ? error.code : 'fault',
      });
      throw error;
    } finally {
      span.end();
    }
  });
}

const NAMES: Readonly<Record<keyof SpanFields, true>> = {
  kind: true,
  verb: true,
  delivery: true,
  run: true,
  rule: true,
  outcome: true,
  method: true,
  count: true,
};
/** Longer than any id or verb: what is longer is somebody's words. */
const LONGEST = 200;

/** What the type lets through, held at run time too: fields that came by a cast, or whose value is no word or number, stay out. */
export function attributesOf(fields: SpanFields): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries<unknown>(fields)) {
    if (!Object.hasOwn(NAMES, name)) continue;
    if (typeof value === 'number') kept[name] = value;
    else if (typeof value === 'string') kept[name] = value.slice(0, LONGEST);
  }
  return kept;
}

/** The running span, so that what is done later elsewhere can be put beneath it; undefined when nothing is traced. W3C Trace Context. */
export function traceParent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** Ties a log line to its trace. */
export function traceFields(): { readonly trace?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace: span.traceId } : {};
}
