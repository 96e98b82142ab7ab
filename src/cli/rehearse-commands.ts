/** A whole term rehearsed before it begins. It opens a store of its own: neither the running instance's nor the real one. */
import { type Command, DONE, textOption, USAGE } from './command.ts';
import { print } from './io.ts';

export const REHEARSE: Command<'rehearse'> = {
  name: 'rehearse',
  usage: '--term N | --from 2026-11-02 --to 2026-12-18',
  summary:
    'A calendar of what a term would send to whom, by playing it through in minutes on a store of its own; nothing is sent to anybody, and nothing is kept',
  options: { term: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
  standalone: () => true,
  run: async (context) => {
    const { io, json, settings } = context;
    const span = {
      term: textOption(context, 'term') || undefined,
      from: textOption(context, 'from') || undefined,
      to: textOption(context, 'to') || undefined,
    };
    if (!span.term && !(span.from && span.to)) {
      io.err('Say which term: --term 2 (the next one that has not ended), or the days with --from and --to.');
      return USAGE;
    }
    // Loaded here alone: it brings the stand-ins with it.
    const [{ rehearse }, { calendarLines }] = await Promise.all([
      import('../sandbox/rehearse.ts'),
      import('../sandbox/rehearsal.ts'),
    ]);
    const rehearsed = await rehearse(settings(), span, io.err);
    print(io, json, rehearsed, calendarLines(rehearsed));
    return DONE;
  },
};
