/** Check-ins as a digest acts on them: by the rules, and with the audit, of their own cards. */
import { enter } from '../access/decide.ts';
import { envelope } from '../cards/envelope.ts';
import type { Checkins } from '../checkins/service.ts';
import type { Desk } from '../digests/ports.ts';
import type { Directory } from '../directory/model.ts';
import { isRefusal } from '../kernel/errors.ts';

export function deskOf(
  checkins: Pick<Checkins, 'act' | 'approve' | 'worthReading'>,
  directory: Pick<Directory, 'holder'>,
): Desk {
  return {
    worthReading: checkins.worthReading,
    approve: checkins.approve,
    open: async ({ id, version }, reader, now) => {
      const entry = enter('checkins.show', await directory.holder(reader.personId), 'alone');
      if (isRefusal(entry)) return entry;
      return checkins.act(
        entry,
        { envelope: envelope('checkins.show', id, version), inputs: {} },
        reader,
        now,
      );
    },
  };
}
