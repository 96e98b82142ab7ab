/**
 * What a school's week is when it is published: rounded figures of groups that may be shown, and words for what may not.
 * Read back from the store by this shape. Nothing in it needs hiding from anybody who may see any figure of the school.
 */
import { z } from 'zod/v4';

/** `at-least`: that many or more; `at-most`: that many or fewer. See `blurEnds`. */
const Bound = z.enum(['exact', 'at-least', 'at-most']);

export const Figure = z.object({
  /** Sessions attended of every hundred possible. */
  perHundred: z.int().min(0).max(100),
  /** The same in percent, one decimal. */
  attendance: z.string(),
  bound: Bound.default('exact'),
});

/** Whole days that ten pupils of a group missed between them, in a week as long as this one. */
export const Days = z.object({
  days: z.int().min(0),
  /** Share of sessions missed, in percent, two decimals: to compare weeks of different lengths by. */
  missed: z.string(),
});

export const Gap = z.object({
  disadvantaged: z.int().min(0),
  others: z.int().min(0),
  missed: z.object({ disadvantaged: z.string(), others: z.string() }).optional(),
});

/** Pupils with special educational needs (support or a plan), and the others. Never which need. */
const SendGap = z.object({ send: Days, others: Days });

/**
 * Why a comparison is missing. `few`: too few pupils in a group. `protects`: many enough, but shown beside the other figures
 * it would tell of a few. `ends`: hardly a session was missed in one group (or attended), which would tell of each pupil in
 * it. `unknown`: the file does not say who is who.
 */
const Hidden = z.enum(['few', 'protects', 'ends', 'unknown']);

/** A published figure to set the school's beside: an area's, of the same phase, pooled from its sessions. */
const BenchmarkFigure = z.object({
  area: z.string(),
  level: z.enum(['national', 'regional', 'local-authority']),
  /** `2025-W47` or `2025/26`. */
  period: z.string(),
  /** The same week last year, rather than a whole year. */
  sameWeek: z.boolean(),
  attendance: z.string(),
  source: z.string(),
  published: z.string(),
});

/** A year group or tutor group. `before`: its week before, when that was shown too. */
const GroupFigure = z.object({
  key: z.string(),
  figure: Figure,
  /** Whole days that its pupils missed between them. */
  days: z.int().min(0),
  per10: Days,
  before: z.object({ figure: Figure, days: z.int().min(0), per10: Days }).nullable(),
});

export const Body = z.object({
  schoolUrn: z.string(),
  schoolName: z.string(),
  phase: z.enum(['primary', 'secondary', 'special']).nullable().default(null),
  week: z.string(),
  monday: z.string(),
  schoolDays: z.int().min(0).max(5),
  /** `totals`: the school's own sums without rows of days; the days are then those of its calendar. */
  counted: z.enum(['marks', 'totals']).default('marks'),
  /** Weekdays on which the school was shut without a plan: not counted. */
  shut: z.array(z.string()),
  pupils: z.int().min(0),
  /** Groups smaller than this are hidden. */
  threshold: z.int().min(1),
  sessions: z.int().min(0),
  receivedAt: z.string(),
  /** The instant whose registers these are: the cut-off, not the hour of publishing. */
  asOf: z.string().default(''),
  /** Share of marks that were in, in percent with one decimal. */
  complete: z.string().nullable().default(null),
  /** Published although marks were missing, because waiting longer would make it useless. */
  partial: z.boolean().default(false),
  school: Figure.nullable(),
  gap: Gap.nullable(),
  gapHidden: Hidden.nullable(),
  send: SendGap.nullable().default(null),
  sendHidden: Hidden.nullable().default('unknown'),
  years: z.array(GroupFigure).default([]),
  forms: z.array(GroupFigure).default([]),
  /** Sessions whose reason was not known yet; null for fewer than ten. */
  reasonsAwaited: z.int().min(0).nullable().default(null),
  /** The days by which reasons of the week's first and last school day are due; by its calendar alone. */
  reasonsDue: z
    .object({ first: z.string(), firstDue: z.string(), last: z.string(), lastDue: z.string() })
    .nullable()
    .default(null),
  /** The school week before, from its own release and no later figures. */
  before: z
    .object({
      adjacent: z.boolean(),
      school: Figure.nullable(),
      gap: Gap.nullable(),
      send: SendGap.nullable().default(null),
      /** Whether the change since then is more than the usual ups and downs (noise.ts). */
      schoolMoved: z.boolean().default(false),
      gapMoved: z.boolean().default(false),
    })
    .nullable(),
  lastYear: Figure.nullable(),
  lastYearGap: Gap.nullable().default(null),
  /** The weeks of this school year that were published, this one included, as they were published. */
  toDate: z
    .object({ weeks: z.int().min(1), from: z.string(), school: Figure, gap: Gap.nullable() })
    .nullable()
    .default(null),
  /** Published figures, the nearest area first. */
  benchmarks: z.array(BenchmarkFigure).default([]),
  /** Earlier weeks whose registers changed since their release. `moved`: in points; null when few marks may have changed. */
  corrections: z.array(z.object({ week: z.string(), moved: z.string().nullable() })).default([]),
  standOutDay: z.string().nullable(),
  standOutYear: z.string().nullable(),
});

export type ReleaseBody = z.infer<typeof Body>;
export type ShownFigure = z.infer<typeof Figure>;
export type ShownDays = z.infer<typeof Days>;
export type ShownGap = z.infer<typeof Gap>;
export type ShownGroup = z.infer<typeof GroupFigure>;
