/** Check-ins as a digest acts on them: by the rules, and with the audit, of their own cards. */
import { envelope } from '../cards/envelope.ts';
import type { Checkins } from '../checkins/service.ts';
import type { Desk } from '../digests/ports.ts';

export function deskOf(checkins: Pick<Checkins, 'act' | 'approve' | 'worthReading'>): Desk {
  return {
    worthReading: checkins.worthReading,
    approve: checkins.approve,
    open: ({ id, version }, reader, now) =>
      checkins.act({ envelope: envelope('checkins.show', id, version), inputs: {} }, reader, now),
  };
}
