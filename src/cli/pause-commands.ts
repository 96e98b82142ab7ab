/** Commands that pause what is sent by schedule, and end a pause: everything, one rule, one school. */
import { COMMAND_LINE } from '../access/roles.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { dateInWords, dateOf, timeOf } from '../kernel/time.ts';
import { type PauseScope, scopeKey } from '../scheduling/pauses.ts';
import { type Command, type CommandContext, DONE, REFUSED, textOption } from './command.ts';
import { print } from './io.ts';

const WHICH = { rule: { type: 'string' }, school: { type: 'string' } } as const;

/** Without `--rule` and `--school` everything is meant. */
function scopeFrom(context: Pick<CommandContext, 'options'>): PauseScope | Refusal {
  const [rule, urn] = [textOption(context, 'rule'), textOption(context, 'school')];
  if (rule && urn)
    return refuse('two-scopes', 'Name a rule or a school, not both: each is paused and resumed by itself.');
  if (rule) return { kind: 'rule', rule };
  return urn ? { kind: 'school', urn } : { kind: 'everything' };
}

async function change(
  context: Pick<CommandContext, 'io' | 'json' | 'options'>,
  work: (scope: PauseScope) => Promise<string | Refusal>,
): Promise<number> {
  const { io, json } = context;
  const scope = scopeFrom(context);
  const result = isRefusal(scope) ? scope : await work(scope);
  // What was asked for is so: a script that goes on afterwards, such as after a restore, may go on.
  if (isRefusal(result) && result.reason === 'paused-already') {
    const lines = [result.message, 'Since when, by whom and why: npm run -s cli -- pauses'];
    print(io, json, { done: result.message, changed: false }, lines);
    return DONE;
  }
  if (isRefusal(result)) {
    print(io, json, { error: result.reason, message: result.message }, [result.message]);
    return REFUSED;
  }
  print(io, json, { done: result }, [result]);
  return DONE;
}

export const PAUSE: Command<'pause'> = {
  name: 'pause',
  usage: '[--rule ID | --school URN] [--reason "…"]',
  summary:
    'Stops what is sent by schedule: everything, one rule or one school; it lasts until it is resumed, and pausing again changes nothing',
  options: { ...WHICH, reason: { type: 'string' } },
  run: async (context) => {
    const { pausing, clock } = await context.app();
    const hand = { permit: context.permit, now: clock.now() };
    return change(context, (scope) => pausing.pause(scope, textOption(context, 'reason'), hand));
  },
};

export const RESUME: Command<'resume'> = {
  name: 'resume',
  usage: '[--rule ID | --school URN]',
  summary: 'Ends a pause; what fell due meanwhile is not sent afterwards',
  options: WHICH,
  run: async (context) => {
    const { pausing, clock } = await context.app();
    const hand = { permit: context.permit, now: clock.now() };
    return change(context, (scope) => pausing.resume(scope, hand));
  },
};

export const PAUSES: Command<'pauses'> = {
  name: 'pauses',
  usage: '',
  summary: 'What is paused, since when, by whom and why',
  run: async ({ app, io, json }) => {
    const { pausing, clock, trust, nameOf } = await app();
    const zone = trust.trust.zone;
    const paused = await pausing.paused(clock.now());
    const lines: string[] = [];
    for (const { scope, since, by, reason } of paused) {
      const who = by === COMMAND_LINE.id ? 'the command line' : await nameOf(by);
      lines.push(
        `${pausing.words(scope)}: since ${dateInWords(dateOf(since, zone))}, ${timeOf(since, zone)}, by ${who}${reason ? `: ${reason}` : ''}`,
      );
    }
    if (paused.length === 0) lines.push('Nothing is paused.');
    const document = paused.map(({ scope, ...rest }) => ({ scope: scopeKey(scope), ...rest }));
    print(io, json, { paused: document }, lines);
    return DONE;
  },
};
