/** Holds a run's report against what the stand-in connector saw. Pure. */
import type { DeliveryReport } from '../../src/delivery/report.ts';
import type { Arrival } from '../../src/sandbox/arrivals.ts';

export type Judged = {
  readonly due: number;
  readonly delivered: number;
  readonly uncertain: number;
  readonly lost: number;
  readonly doubled: number;
  readonly disagreements: readonly string[];
};

/** `people`: to whom the run was to go; left out, whoever the report names. Everybody can be reached. */
export function judgeRun(
  report: DeliveryReport,
  arrivals: readonly Arrival[],
  people: readonly string[] = report.items.map(({ recipient }) => recipient),
): Judged {
  const items = Map.groupBy(report.items, (item) => item.recipient);
  const ids = new Set(report.items.map(({ id }) => id));
  const seen = Map.groupBy(
    arrivals.filter(({ delivery }) => delivery !== undefined && ids.has(delivery)),
    (arrival) => arrival.conversationId,
  );
  const disagreements: string[] = [];
  let [delivered, uncertain, lost, doubled] = [0, 0, 0, 0];
  for (const person of people) {
    const name = `${report.run ?? 'all'} for ${person}`;
    const [item, second] = items.get(person) ?? [];
    const [arrival, repeat] = seen.get(`a:chat-${person}`) ?? [];
    if (second) disagreements.push(`${name} has two rows`);
    if (repeat) doubled += 1;
    if (item?.state === 'uncertain') uncertain += 1;
    else if (item?.state === 'delivered') {
      delivered += 1;
      if (!arrival) disagreements.push(`${name} is delivered and never arrived`);
      else if (arrival.activityId !== item.activityId) disagreements.push(`${name} has another activity id`);
    } else lost += 1;
    if (arrival && arrival.delivery !== item?.id) disagreements.push(`${name} arrived under another row`);
  }
  const strangers = [...seen.keys()].filter((place) => !people.includes(place.replace('a:chat-', '')));
  disagreements.push(...strangers.map((place) => `${place} was not to get ${report.run ?? 'anything'}`));
  return { due: people.length, delivered, uncertain, lost, doubled, disagreements };
}
