/**
 * Looks over an installation and says in plain words what is wrong, what that costs and what to do. Changes nothing. Each
 * look stands alone: one that fails becomes a finding, and the others go on.
 */

import type { Watch } from '../channels/watch.ts';
import type { HeldCell } from '../checkins/held-lines.ts';
import type { MilestoneList } from '../checkins/list-service.ts';
import { CONSENTS, grantRemedy } from '../config/consents.ts';
import type { Delivery } from '../delivery/service.ts';
import type { FilingFolder } from '../directory/filing-service.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import type { RunRecord } from '../scheduling/store.ts';
import type { AuditKeeper } from './audit.ts';
import { apart, asksGraph, graphAway, isNameless, noIdentity } from './doctor-graph.ts';
import { replies } from './doctor-replies.ts';
import {
  calendars,
  channel,
  type Finding,
  groups,
  leadershipChat,
  people,
  placesOf,
  roleGroups,
  type TrustParts,
  well,
} from './doctor-trust.ts';
import { listFindings } from './milestone-list.ts';
import type { Resources } from './resources.ts';

export type DocumentsReport = {
  /** Of files, a sentence each. */
  readonly problems: readonly string[];
  /** Why the library could not be read; `away`: nobody answered. */
  readonly library?: { readonly says: string; readonly away: boolean };
  readonly remarks: readonly string[];
};

export type DoctorParts = TrustParts & {
  readonly delivery: Pick<Delivery, 'totals' | 'reaches'>;
  readonly runs: (limit: number) => Promise<readonly RunRecord[]>;
  readonly audit: Pick<AuditKeeper, 'verify'>;
  /** This machine's clock less the database's, milliseconds. */
  readonly clockOffset: () => Promise<number>;
  /** Application permissions that this trust needs of Graph and has not got. */
  readonly denied: () => Promise<readonly string[]>;
  /** Whether the app can be installed for staff who have not got it. */
  readonly installing: () => Promise<Finding>;
  /** The channels whose replies are read; undefined where the trust has not chosen it. */
  readonly watches: () => Promise<readonly Watch[] | undefined>;
  readonly heldMilestones: () => Promise<readonly HeldCell<number>[]>;
  /** What an older key than the newest locks. */
  readonly lockedOtherwise: () => Promise<{ readonly sheets: number; readonly names: number }>;
  /** Undefined where the trust keeps none. */
  readonly milestoneList: MilestoneList | undefined;
  /** The folder for term reports; undefined where the trust names none. */
  readonly shelf: Pick<FilingFolder, 'look'> | undefined;
  /** What the last reading of the documents could not read, and what their owners should mend; a sentence each. */
  readonly documents: () => Promise<DocumentsReport>;
};

/** Teams' tokens are refused when clocks differ by five minutes; half of that is time to act. Milliseconds. */
const CLOCK_LIMIT = 150_000;
/** How far back runs are looked at. Days. */
const RUN_DAYS = 7;

/** Findings in the order of set-up: the store, people, documents, teams, calendars, schedules, deliveries, the audit. */
export async function examine(resources: Resources, parts: DoctorParts): Promise<Finding[]> {
  const now = resources.clock.now();
  const { trust } = resources;
  const nameless = isNameless(resources);
  let away: AppError | undefined;
  const looks: readonly (readonly [part: string, look: () => Promise<readonly Finding[]>])[] = [
    ...(nameless ? [] : [['identity', async () => [identity(resources)]] as const]),
    ['clock', async () => [await clock(parts)]],
    ['consents', () => consents(parts)],
    ['people', async () => [await people(trust, parts, now)]],
    ['groups', () => groups(trust, parts)],
    ['role groups', () => roleGroups(trust, parts)],
    ['documents', async () => documents(await parts.documents(), away)],
    ...placesOf(trust).map((place) => [place.part, async () => [await channel(place, parts)]] as const),
    ...trust.schools
      .filter((school) => school.leadership_chat !== undefined)
      .map((school) => [`chat ${school.urn}`, async () => [await leadershipChat(school, parts)]] as const),
    ['installing', async () => [await parts.installing()]],
    ['replies', () => replies(parts)],
    ['milestones', async () => [await heldMilestones(parts)]],
    ['milestone list', () => listFindings(parts.milestoneList)],
    ['reports', () => reports(parts)],
    ['pupil keys', async () => [await pupilKeys(parts)]],
    ['calendars', async () => calendars(trust, now)],
    ['schedules', async () => [await schedules(parts, now)]],
    ['deliveries', async () => [await deliveries(parts)]],
    ['audit', async () => [await audit(parts)]],
  ];
  const findings: Finding[] = [];
  const unread: string[] = [];
  for (const [part, look] of looks) {
    if (nameless && asksGraph(part, trust)) {
      unread.push(part);
      continue;
    }
    try {
      findings.push(...(await look()));
    } catch (error) {
      if (error instanceof AppError && error.code === 'graph-unreachable') {
        away ??= error;
        unread.push(part);
      } else findings.push(faultFinding(part, error));
    }
  }
  if (nameless) return [noIdentity(unread), ...findings];
  if (!away) return findings;
  // The cause once, and first: all the others are its consequences.
  const { minutes } = await parts.directory.age(now);
  const [idle, said] = minutes === undefined ? apart(findings) : [[], findings];
  return [graphAway(away, [...unread, ...idle]), ...said];
}

function faultFinding(part: string, error: unknown): Finding {
  const remedy = error instanceof AppError ? error.remedy : 'This is a fault in Waymark; look at the log.';
  return { part, state: 'wrong', says: messageOf(error), remedy };
}

function identity({ settings }: Resources): Finding {
  if (settings.bot)
    return well('identity', `The bot is ${settings.bot.id} of the tenant ${settings.bot.tenantId}.`);
  return {
    part: 'identity',
    state: settings.appEnv === 'local' ? 'well' : 'wrong',
    says: 'There is no sign-in: this is a local run, on this machine only.',
    ...(settings.appEnv === 'local' ? {} : { remedy: 'Set BOT_ID, BOT_TENANT_ID and BOT_TYPE.' }),
  };
}

async function clock({ clockOffset }: DoctorParts): Promise<Finding> {
  const offset = await clockOffset();
  if (Math.abs(offset) <= CLOCK_LIMIT)
    return well('clock', 'This machine and the database agree on the time.');
  return {
    part: 'clock',
    state: 'wrong',
    says: `This machine's clock and the database's differ by ${Math.round(Math.abs(offset) / 1000)} seconds.`,
    remedy: 'Set the machine that is wrong by a time server: sign-in tokens are refused when clocks differ.',
  };
}

/** A line for each that is missing: what falls away, and how it is granted. Without those for people nobody is answered. */
async function consents({ denied }: DoctorParts): Promise<readonly Finding[]> {
  const names = await denied();
  if (names.length === 0)
    return [well('consents', 'Graph grants every application permission that this trust needs.')];
  return CONSENTS.filter(({ name }) => names.includes(name)).map(({ name, stage, without }) => ({
    part: `consent ${name}`,
    state: stage === 'people' ? 'wrong' : 'attention',
    says: `${name} is not granted: ${without}.`,
    remedy: grantRemedy(stage),
  }));
}

async function pupilKeys({ lockedOtherwise }: DoctorParts): Promise<Finding> {
  const { sheets, names } = await lockedOtherwise();
  if (sheets + names === 0) return well('pupil keys', 'The newest key locks all that is kept about pupils.');
  return {
    part: 'pupil keys',
    state: 'attention',
    says: `An older key still locks ${count(sheets, 'week')} of marks and the names of ${count(names, 'tutor group')}.`,
    remedy:
      'Leave the older key behind the newest in PUPIL_KEY; tonight they are locked anew, and then it can go.',
  };
}

/** `away`: Graph was asked before this and nobody answered. Of the library that is said already, unless it is shut for another reason. */
function documents({ problems, library, remarks }: DocumentsReport, away?: AppError): readonly Finding[] {
  const part = 'documents';
  const [first] = problems;
  const files = first
    ? [
        {
          part,
          state: 'wrong',
          says: `${count(problems.length, 'document')} cannot be read. ${first}`,
          remedy: 'Mend or replace the file; the others are answered from.',
        } as const,
      ]
    : [];
  if (library?.away && away) {
    if (first) return files;
    throw away;
  }
  if (library)
    return [
      {
        part,
        state: 'wrong',
        says: library.says,
        remedy: `Check \`library\` in trust.yaml and the network; without its consent: ${grantRemedy('library')}`,
      },
      ...files,
    ];
  return first ? files : [remarked(remarks)];
}

function remarked(remarks: readonly string[]): Finding {
  if (remarks.length === 0) return well('documents', 'All documents are read and in order.');
  return {
    part: 'documents',
    state: 'attention',
    says: `${count(remarks.length, 'remark')} on documents. ${remarks[0] ?? ''}`,
    remedy: 'npm run -s cli -- ingest DIR lists them all; their owners are told.',
  };
}

async function heldMilestones({ heldMilestones: read }: DoctorParts): Promise<Finding> {
  const held = await read();
  if (held.length === 0) return well('milestones', 'No milestone of trust.yaml is held back.');
  const lines = held.map(({ place, column, reason }) => `milestone ${place} there, ${column}: ${reason}`);
  return {
    part: 'milestones',
    state: 'attention',
    says: `trust.yaml has ${count(new Set(held.map(({ place }) => place)).size, 'milestone')} that cannot be taken. ${lines.join('. ')}.`,
    remedy: 'Mend the words under milestones in trust.yaml and restart; until then it stays as it was.',
  };
}

async function reports({ shelf }: DoctorParts): Promise<readonly Finding[]> {
  if (!shelf) return [];
  try {
    await shelf.look();
    return [well('reports', 'The folder for term reports is there.')];
  } catch (error) {
    if (error instanceof AppError && error.code === 'graph-unreachable') throw error;
    return [
      {
        part: 'reports',
        state: 'attention',
        says: `Term reports cannot be stored: ${messageOf(error)}`,
        remedy:
          error instanceof AppError && error.code === 'graph-denied'
            ? `${grantRemedy('reports')} Until then heads get the files in Teams.`
            : 'Check reports in trust.yaml and that the folder exists; until then heads get the files in Teams.',
      },
    ];
  }
}

async function schedules({ runs: list }: DoctorParts, now: Date): Promise<Finding> {
  const since = new Date(now.getTime() - RUN_DAYS * 86_400_000);
  const runs = (await list(200)).filter(({ dueAt }) => dueAt >= since && dueAt <= now);
  const failed = runs.filter(({ state }) => state === 'failed');
  const missed = runs.filter(({ state, reason }) => state === 'skipped' && reason?.startsWith('missed'));
  const [worst] = [...failed, ...missed];
  if (!worst)
    return well('schedules', `${count(runs.length, 'run')} in the last ${RUN_DAYS} days, none missed.`);
  return {
    part: 'schedules',
    state: failed.length > 0 ? 'wrong' : 'attention',
    says: `In the last ${RUN_DAYS} days ${count(failed.length, 'run')} failed and ${missed.length} ${missed.length === 1 ? 'was' : 'were'} missed. The latest: ${worst.runId}, ${worst.reason ?? 'no reason kept'}.`,
    remedy:
      failed.length > 0
        ? 'It is tried again by itself; the log has the cause.'
        : 'Look why Waymark was not running then.',
  };
}

async function deliveries({ delivery }: DoctorParts): Promise<Finding> {
  const { due, uncertain, unreachable, pending } = await delivery.totals();
  if (uncertain === 0 && unreachable === 0)
    return well('deliveries', `${count(due, 'message')}, ${pending} still to be sent, none in doubt.`);
  const some = [
    ...(uncertain > 0 ? [`${uncertain} may or may not have arrived`] : []),
    ...(unreachable > 0 ? [`${unreachable} reached nobody`] : []),
  ];
  return {
    part: 'deliveries',
    state: 'attention',
    says: `Of ${count(due, 'message')}, ${some.join(', and ')}.`,
    remedy: 'npm run -s cli -- deliveries report names each with its reason.',
  };
}

async function audit({ audit: keeper }: DoctorParts): Promise<Finding> {
  const { entries, fault } = await keeper.verify();
  if (!fault) return well('audit', `${count(entries, 'entry', 'entries')}, all in place.`);
  return {
    part: 'audit',
    state: 'wrong',
    says: `The audit does not hold: ${fault.problem}.`,
    remedy: 'Keep the database as it is, and compare it with the last backup.',
  };
}
