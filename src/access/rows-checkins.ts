/** The policy's lines for check-ins and milestones. Pure. */
import { refuse } from '../kernel/errors.ts';
import { CHAT, MAKERS } from './rows-chat.ts';
import { type Rule, rows, told } from './rule.ts';

const NOT_YOURS = told('not-yours', 'That check-in is with someone else, so nothing was changed.');

function on(does: string, ...may: Rule['may']): Rule {
  return { does, may, where: 'anywhere', says: NOT_YOURS };
}

export const CHECKINS = {
  ...rows(
    ['checkins.submit', 'checkins.no-change', 'checkins.save-for-later'],
    on('Answer a check-in, or keep what one has typed', 'owner', 'stand-in'),
  ),
  ...rows(
    ['checkins.help', 'checkins.not-today', 'checkins.reply'],
    on('Ask for a word, put a check-in off, answer its reader', 'owner'),
  ),
  ...rows(['checkins.approve', 'checkins.return', 'checkins.question'], {
    ...on('Approve a check-in, return it, ask its owner', 'reviewer'),
    never: {
      role: 'owner',
      says: refuse('own-check-in', 'Nobody approves their own check-in. Nothing was changed.'),
    },
  }),
  ...rows(['checkins.show'], on('See a check-in', 'owner', 'reviewer', 'stand-in')),
  ...rows(
    ['checkins.view'],
    on(
      'See a check-in, or what stands of it in its channel',
      'owner',
      'reviewer',
      'stand-in',
      'channel-member',
    ),
  ),
  ...rows(['checkins.approve-all', 'checkins.settings'], {
    ...on('Approve what waits for one, each by the rule for one; change one’s own settings', 'staff'),
  }),
  ...rows(
    ['checkins.send-draft'],
    on('Send a check-in made of one’s own reply in a channel', 'owner', 'stand-in', 'channel-member'),
  ),
  ...rows(['checkins.drop-draft'], on('Drop what was made of one’s own reply', 'draft-author')),
  ...rows(['checkins.milestone-new', 'checkins.milestone-create'], {
    does: 'Make a milestone',
    may: MAKERS,
    where: 'anywhere',
    says: CHAT['say:new-milestone'].says,
  }),
  ...rows(
    [
      'checkins.milestone-edit',
      'checkins.milestone-save',
      'checkins.milestone-closing',
      'checkins.milestone-close',
    ],
    {
      does: 'Change or close a milestone',
      may: MAKERS,
      where: 'anywhere',
      says: told('not-yours', 'That milestone is not one of yours to change. Nothing was changed.'),
    },
  ),
  ...rows(['checkins.milestone-show', 'checkins.milestone-trend'], {
    does: 'See a milestone and its trend',
    may: [...MAKERS, 'owner', 'reviewer'],
    where: 'anywhere',
    says: told('not-yours', 'That milestone is not one of yours, so there is nothing to show.'),
  }),
  ...rows(['checkins.milestone-weekly', 'checkins.milestone-not-weekly'], {
    does: 'Agree to be asked every week, or not',
    may: ['owner'],
    where: 'anywhere',
    says: told('not-yours', 'That question is its owner’s to answer. Nothing was changed.'),
  }),
} as const;

/** A reply in a watched channel: no button, and nothing is said to whoever may not. */
export const REPLIES = rows(
  ['reply:check-in'],
  on('Answer a check-in by a reply in its channel', 'owner', 'stand-in', 'channel-member'),
);
