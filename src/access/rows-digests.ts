/** The policy's lines for digests and term reports, and for who has a digest of what. Pure. */

import { refuse } from '../kernel/errors.ts';
import { CHAT, MAKERS, REPORTERS } from './rows-chat.ts';
import { rows, told } from './rule.ts';

const own = told('not-staff', 'That is for the trust’s staff.');

export const DIGESTS = {
  ...rows(['digests.refresh', 'digests.compare', 'digests.why', 'digests.fewer', 'digests.weekly'], {
    does: 'Use one’s own digest; it holds what lies within one’s reach',
    may: ['staff'],
    where: 'anywhere',
    says: own,
  }),
  ...rows(['digests.approve'], {
    does: 'Approve a check-in from a digest',
    may: ['reviewer'],
    never: {
      role: 'owner',
      says: refuse('own-check-in', 'Nobody approves their own check-in. Nothing was changed.'),
    },
    where: 'anywhere',
    says: told('not-yours', 'That check-in is with someone else, so nothing was changed.'),
  }),
  ...rows(['digests.open'], {
    does: 'Open a check-in from a digest',
    may: ['owner', 'reviewer', 'stand-in'],
    where: 'anywhere',
    says: told('not-yours', 'That check-in is with someone else, so nothing was changed.'),
  }),
  ...rows(['digests.offer-help'], {
    does: 'Offer help with what is in a milestone’s way',
    may: [...MAKERS, 'reviewer'],
    never: {
      role: 'owner',
      says: refuse('own', 'That milestone is your own. Nothing was sent.'),
    },
    where: 'anywhere',
    says: told(
      'gone',
      'Nothing is in the way of that any more, or it is not yours to see. Nothing was sent. Type "digest" for how things stand.',
    ),
  }),
  ...rows(['digests.report', 'digests.store-report'], {
    does: 'See a term report and file it',
    may: REPORTERS,
    where: 'anywhere',
    says: CHAT['say:term-report'].says,
  }),
} as const;

/** What a digest or an answer about progress may hold for somebody. */
export const DIGEST_SIGHT = {
  ...rows(['see:standing'], {
    does: 'See where a milestone stands, as far as it was approved',
    may: [...MAKERS, 'reviewer'],
    where: 'anywhere',
    says: own,
  }),
  ...rows(['see:school-week'], {
    does: 'See a school’s attendance in one’s digest',
    may: ['trust-leader', 'attendance-lead', 'head'],
    where: 'anywhere',
    says: own,
  }),
} as const;
