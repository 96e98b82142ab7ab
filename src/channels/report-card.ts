/** What those who keep the installation are told when replies in a channel are no longer read. Names the channel, nobody's words. */
import { type Card, card, line, said, title } from '../cards/elements.ts';
import type { Watch, WatchState } from './watch.ts';

type Stopped = Exclude<WatchState, 'new' | 'listening' | 'sweeping'>;

/** Why, and what to do about it: the same words stand in the card and in `doctor`. */
export const STOPPED: Readonly<Record<Stopped, { readonly why: string; readonly remedy: string }>> = {
  denied: {
    why: 'the team has not consented to its messages being read, or no longer does',
    remedy:
      "An owner of the team adds the app package with channels to it (TeamSettings.Read.Group, ChannelSettings.Read.Group and ChannelMessage.Read.Group; docs/OPERATIONS.md, stage 4), or take the milestone's ask_in: channel away.",
  },
  lost: {
    why: 'the channel or its team is not there any more',
    remedy: "Name the school's present team and channel in trust.yaml and restart.",
  },
  archived: {
    why: 'the team is archived, so nobody can write there',
    remedy: 'Restore the team in Teams, or name another in trust.yaml.',
  },
  private: {
    why: "the channel is private, and a team's consent does not cover private channels",
    remedy: 'Name a standard channel in trust.yaml.',
  },
};

export function isStopped(state: WatchState): state is Stopped {
  return state in STOPPED;
}

/** The team and the channel as people know them; their ids until Graph has said. */
export function nameOf({ teamName, channelName, teamId, channelId }: Watch): string {
  return `${teamName ?? teamId}, ${channelName ?? channelId}`;
}

export function stoppedCard(watch: Watch, state: Stopped): Card {
  const { why, remedy } = STOPPED[state];
  const place = said(nameOf(watch));
  return card({
    summary: 'Replies in a channel are no longer read.',
    body: [
      title('Replies in a channel are not read'),
      line(`**${place}**: ${why}.`),
      line("Nothing is lost: the milestone's card there still takes its owner's answer."),
      line(remedy),
      line('I look again every few minutes and go on by myself once it is right.', { subtle: true }),
    ],
  });
}
