/** The doctor's look at the channels whose replies are read: which are, which are not and why, and what to do. Changes nothing. */
import { isStopped, nameOf, STOPPED } from '../channels/report-card.ts';
import type { Watch } from '../channels/watch.ts';
import { count } from '../kernel/text.ts';
import { type Finding, well } from './doctor-trust.ts';

/** What a failure of Graph means for replies, by its code; of any other, that it is tried again. */
const TROUBLE: Readonly<Record<string, string>> = {
  'graph-refused':
    'Graph could not reach NOTIFICATION_URL, so the channel is looked through every two minutes. Check the address from outside.',
};

export async function replies(parts: {
  readonly watches: () => Promise<readonly Watch[] | undefined>;
}): Promise<readonly Finding[]> {
  const watches = await parts.watches();
  if (!watches)
    return [
      well('replies', 'Replies in channels are not read: CHANNELS is off (docs/OPERATIONS.md, stage 4).'),
    ];
  const problems = watches.flatMap(findingOf);
  if (problems.length > 0) return problems;
  return [well('replies', `Replies are read in ${count(watches.length, 'channel')} that carry a milestone.`)];
}

function findingOf(watch: Watch): Finding[] {
  const { state, trouble, channelId } = watch;
  const part = `replies ${channelId}`;
  if (isStopped(state)) {
    const { why, remedy } = STOPPED[state];
    return [{ part, state: 'attention', says: `Replies in ${nameOf(watch)} are not read: ${why}.`, remedy }];
  }
  if (trouble === undefined) return [];
  return [
    {
      part,
      state: 'attention',
      says: `Replies in ${nameOf(watch)} come late (${trouble}).`,
      remedy: TROUBLE[trouble] ?? 'It is tried again by itself every few minutes; nothing is lost meanwhile.',
    },
  ];
}
