/**
 * What long waiting must lead to, worked out a second time: whose reader is told, when it reaches the next manager, and who is late.
 * Days are whole numbers, as the oracle of asking has them. It imports nothing of the service; it is told what people did.
 */
import { type Day, isTerm, type OracleSchool } from './asks-oracle.ts';

export type WaitingMilestone = {
  readonly id: string;
  readonly owner: string;
  readonly school: OracleSchool;
};

/** What must be sent on a day: the word to the reader that it waits, or the card to the manager above them. */
export type Reached = {
  readonly kind: 'told' | 'reached';
  readonly to: string;
  readonly milestone: string;
};

type Wait = { readonly since: Day; told: Day | undefined; reached: boolean };
/** Nothing has come of it since then. */
type Silence = { readonly since: Day };

/** School days from the word to the reader until it goes further. */
const NOTICE = 2;
/** Whole working days of silence. */
const LATE = 10;

export function createWaits(
  milestones: readonly WaitingMilestone[],
  given: {
    /** Whose line manager is who. */
    readonly above: ReadonlyMap<string, string>;
    /** School days after which it goes to the next manager; undefined: never. */
    readonly after: number | undefined;
    readonly atWork: (person: string, day: Day) => boolean;
  },
) {
  const { above, after, atWork } = given;
  const waits = new Map<string, Wait>();
  const silences = new Map<string, Silence>();

  function schoolDays(school: OracleSchool, from: Day, to: Day): number {
    let count = 0;
    for (let day = from + 1; day <= to; day += 1) if (isTerm(school, day)) count += 1;
    return count;
  }

  function expect(day: Day): Reached[] {
    if (after === undefined) return [];
    return milestones.flatMap(({ id, owner, school }): Reached[] => {
      const wait = waits.get(id);
      const reader = above.get(owner) ?? '';
      const next = above.get(reader);
      // Above whoever leads the trust there is nobody to take it to, so nobody is told either; a rule of school days is not for a
      // school on its own days without pupils.
      if (!wait || next === undefined || wait.reached || school.shut?.has(day)) return [];
      const waited = schoolDays(school, wait.since, day);
      if (wait.told === undefined) {
        if (waited < Math.max(1, after - NOTICE)) return [];
        wait.told = day;
        return [{ kind: 'told', to: reader, milestone: id }];
      }
      if (waited < after || schoolDays(school, wait.told, day) < NOTICE) return [];
      wait.reached = true;
      return [{ kind: 'reached', to: next, milestone: id }];
    });
  }

  return {
    expect,
    /** A round was asked for the first time: a silence goes on, whatever round it began with. */
    asked: (id: string, day: Day, unanswered: boolean) => {
      if (!unanswered || !silences.has(id)) silences.set(id, { since: day });
    },
    answered: (id: string, day: Day) => {
      silences.delete(id);
      waits.set(id, { since: day, told: undefined, reached: false });
    },
    /** Approved, by whoever. */
    settled: (id: string) => {
      waits.delete(id);
      silences.delete(id);
    },
    returned: (id: string, day: Day) => {
      waits.delete(id);
      silences.set(id, { since: day });
    },
    /** Ids of those whose owners have let ten of their own working days go by. */
    late: (day: Day): string[] =>
      milestones.flatMap(({ id, owner, school }) => {
        const silence = silences.get(id);
        if (!silence) return [];
        let passed = 0;
        for (let at = silence.since + 1; at < day; at += 1)
          if (isTerm(school, at) && atWork(owner, at)) passed += 1;
        return passed >= LATE ? [id] : [];
      }),
  };
}
