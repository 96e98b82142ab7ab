/** Whether the audit is whole: every entry of who did what, in its place and unchanged. */
import { count } from '../kernel/text.ts';
import { type Command, DONE, REFUSED } from './command.ts';
import { print } from './io.ts';

export const AUDIT_VERIFY: Command<'audit verify'> = {
  name: 'audit verify',
  usage: '',
  summary: 'Reads the whole audit and says whether any entry was changed, added or removed',
  run: async ({ app, io, json }) => {
    const { audit } = await app();
    const { entries, head, fault } = await audit.verify();
    const result = { whole: !fault, entries, head, ...(fault ? { fault } : {}) };
    if (fault) {
      print(io, json, result, [
        `The audit does not hold: ${fault.problem}. ${count(entries, 'entry', 'entries')} before it hold.`,
        'Keep the database as it is, and compare it with the last backup (docs/OPERATIONS.md).',
      ]);
      return REFUSED;
    }
    print(io, json, result, [
      `The audit is whole: ${count(entries, 'entry', 'entries')}.`,
      `Its last seal is ${head}. Write it down elsewhere to show later that nothing was put back.`,
    ]);
    return DONE;
  },
};
