/** Commands about a nudge that is not to be posted yet, or should not have been: a preview to one person, and taking it back. */
import { isRefusal, type Refusal } from '../kernel/errors.ts';
import { mondayOf } from '../kernel/time.ts';
import { type Command, type CommandContext, DONE, REFUSED, textOption, USAGE } from './command.ts';
import { print } from './io.ts';

function told(context: Pick<CommandContext, 'io' | 'json'>, result: string | Refusal): number {
  const { io, json } = context;
  if (isRefusal(result)) {
    print(io, json, { error: result.reason, message: result.message }, [result.message]);
    return REFUSED;
  }
  print(io, json, { done: result }, [result]);
  return DONE;
}

export const TEST: Command<'nudge test'> = {
  name: 'nudge test',
  usage: '--week 2026-W47 --school URN --to PERSON',
  summary: 'Sends one member of staff a nudge as a preview; nothing is posted',
  options: { week: { type: 'string' }, school: { type: 'string' }, to: { type: 'string' } },
  run: async (context) => {
    const [week, schoolUrn, to] = ['week', 'school', 'to'].map((name) => textOption(context, name));
    if (!week || !schoolUrn || !to) {
      context.io.err('Say which week, which school and to whom: --week 2026-W47 --school 900001 --to ID');
      return USAGE;
    }
    mondayOf(week);
    const { attendance, clock } = await context.app();
    return told(
      context,
      await attendance.testNudge({ week, schoolUrn, personId: to, permit: context.permit, now: clock.now() }),
    );
  },
};

export const RECALL: Command<'nudge recall'> = {
  name: 'nudge recall',
  usage: '--week 2026-W47 --school URN',
  summary: 'Takes a nudge back that was wrong: its card says so, and its figures are shown nowhere any more',
  options: { week: { type: 'string' }, school: { type: 'string' } },
  run: async (context) => {
    const [week, schoolUrn] = ['week', 'school'].map((name) => textOption(context, name));
    if (!week || !schoolUrn) {
      context.io.err('Say which week and which school: --week 2026-W47 --school 900001');
      return USAGE;
    }
    mondayOf(week);
    const { attendance, clock } = await context.app();
    return told(
      context,
      await attendance.recallNudge({ week, schoolUrn, permit: context.permit, now: clock.now() }),
    );
  },
};
