/**
 * A digest as it must read once figures that stood in it are doubted, found right, or taken back. What was taken back is gone
 * from it, and that is said; everything else stays as it stood. Pure.
 */
import { mondayOf } from '../kernel/time.ts';
import type { Digest, DigestAttendance } from './compose.ts';
import type { FiguresChange } from './ports.ts';

type School = DigestAttendance['schools'][number];

/** Undefined when nothing of the figures stands in it. */
export function amendDigest(digest: Digest, change: FiguresChange): Digest | undefined {
  const { nudge, attendance } = digest;
  const isOwn = (school: School) =>
    school.urn === change.schoolUrn && (school.week ?? attendance?.week) === change.week;
  const inNudge = nudge?.id.startsWith(`${change.schoolUrn}/${change.week}`) ?? false;
  const inSchools = attendance?.schools.some(isOwn) ?? false;
  if (change.kind === 'withdrawn') return withdraw(digest, change, { inNudge, inSchools, isOwn });
  if (!inNudge && !inSchools) return undefined;
  const queried = change.kind === 'queried';
  const marked = <T extends object>(one: T): T => ({ ...one, queried });
  return {
    ...digest,
    ...(nudge && inNudge ? { nudge: marked(nudge) } : {}),
    ...(attendance
      ? {
          attendance: {
            ...attendance,
            schools: attendance.schools.map((school) => (isOwn(school) ? marked(school) : school)),
          },
        }
      : {}),
  };
}

function withdraw(
  digest: Digest,
  change: FiguresChange,
  stands: {
    readonly inNudge: boolean;
    readonly inSchools: boolean;
    readonly isOwn: (school: School) => boolean;
  },
): Digest | undefined {
  const { attendance, nudge, ...rest } = digest;
  const monday = mondayOf(change.week);
  // The trust's figures and its line over weeks are made of the school's; a school's own line is its alone.
  const ofTrust = attendance?.trust !== undefined || digest.wholeTrust;
  const isTheirs = ofTrust || attendance?.schools.every(({ urn }) => urn === change.schoolUrn);
  const inTrust = attendance?.trust !== undefined && attendance.week === change.week;
  const inWeeks = Boolean(
    isTheirs && attendance?.weeks?.some((week) => week.monday === monday && week.gap !== null),
  );
  if (!stands.inNudge && !stands.inSchools && !inTrust && !inWeeks) return undefined;
  const left = attendance && withoutFigures(attendance, stands.isOwn, inTrust, isTheirs ? monday : undefined);
  return {
    ...rest,
    ...(nudge && !stands.inNudge ? { nudge } : {}),
    ...(left && left.schools.length > 0 ? { attendance: left } : {}),
    withdrawn: [...new Set([...(digest.withdrawn ?? []), change.schoolName])],
  };
}

function withoutFigures(
  { trust, weeks, schools, ...rest }: DigestAttendance,
  isOwn: (school: School) => boolean,
  inTrust: boolean,
  monday: string | undefined,
): DigestAttendance {
  return {
    ...rest,
    schools: schools.filter((school) => !isOwn(school)),
    ...(trust && !inTrust ? { trust } : {}),
    ...(weeks
      ? { weeks: weeks.map((week) => (week.monday === monday ? { ...week, gap: null } : week)) }
      : {}),
  };
}
