/**
 * What a command is, and how its words are read. Pure. Wrong words get one sentence, the usage, and exit code 2; a
 * refusal or a problem is 1; done is 0.
 */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Permit } from '../access/decide.ts';
import type { CommandVerb } from '../access/policy.ts';
import type { App } from '../app.ts';
import type { Settings } from '../config/settings.ts';
import type { Io } from './io.ts';

/** What the policy calls a command is `cli:` and its name: one that it does not name cannot be written. */
export type CommandName = CommandVerb extends infer V ? (V extends `cli:${infer N}` ? N : never) : never;

/** Opens the app, for whoever may run a command. */
export type OpenApp = (permit: Permit<CommandVerb>) => Promise<App>;

export type CommandContext<Name extends CommandName = CommandName> = {
  readonly io: Io;
  /** That the command line may run this command; what it calls asks for it. */
  readonly permit: Permit<`cli:${Name}`>;
  readonly json: boolean;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** The environment's, for a command that opens no app. Throws AppError `settings`. */
  readonly settings: () => Settings;
  /** Opens the app on first use, so that commands that need no store open none. */
  readonly app: () => Promise<App>;
};

/** How a command is typed. */
export type CommandForm = {
  /** One or two words. */
  readonly name: string;
  /** What stands after the name, for example `FILE [--school URN]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options?: ParseArgsOptionsConfig;
  /** How many words must, and may, follow the name. */
  readonly words?: readonly [least: number, most: number];
};

export type Command<Name extends CommandName = CommandName> = CommandForm & {
  readonly name: Name;
  /** Runs without a store, whoever holds the data folder. */
  readonly standalone?: (options: CommandContext['options']) => boolean;
  run(context: CommandContext<Name>): Promise<number>;
};

export const DONE = 0;
export const REFUSED = 1;
export const USAGE = 2;

export type Parsed<Form extends CommandForm = Command> =
  | {
      readonly kind: 'run';
      readonly command: Form;
      readonly words: readonly string[];
      readonly options: CommandContext['options'];
      readonly json: boolean;
    }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly text: string };

const COMMON: ParseArgsOptionsConfig = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };

/** Finds the command and reads its options. */
export function parseCommandLine<Form extends CommandForm>(
  argv: readonly string[],
  commands: readonly Form[],
): Parsed<Form> {
  const [first = '', second = ''] = argv;
  const command =
    commands.find(({ name }) => name === `${first} ${second}`) ?? commands.find(({ name }) => name === first);
  if (!command) {
    const family = commands.filter(({ name }) => name.startsWith(`${first} `));
    if (!first || first === '--help' || first === '-h' || first === 'help')
      return { kind: 'help', text: overview(commands) };
    if (family.length > 0) return { kind: second ? 'wrong' : 'help', text: overview(family) };
    return { kind: 'wrong', text: `There is no command "${first}".\n\n${overview(commands)}` };
  }
  const rest = argv.slice(command.name.split(' ').length);
  try {
    const { values, positionals } = parseArgs({
      args: [...rest],
      options: { ...COMMON, ...command.options },
      allowPositionals: true,
      strict: true,
    });
    const options = values as CommandContext['options'];
    if (options.help) return { kind: 'help', text: usageOf(command) };
    const [least, most] = command.words ?? [0, 0];
    if (positionals.length < least)
      return { kind: 'wrong', text: `Something is missing.\n\n${usageOf(command)}` };
    if (positionals.length > most)
      return { kind: 'wrong', text: `"${positionals[most]}" is one word too many.\n\n${usageOf(command)}` };
    return { kind: 'run', command, words: positionals, options, json: options.json === true };
  } catch (error) {
    // It quotes what was typed, to whoever typed it.
    const said = error instanceof Error ? error.message : String(error);
    return { kind: 'wrong', text: `${said.split('. ')[0]}.\n\n${usageOf(command)}` };
  }
}

function usageOf(command: CommandForm): string {
  return `${command.summary}\n\n  npm run -s cli -- ${command.name} ${command.usage}\n\n  --json  one JSON document instead of text`;
}

function overview(commands: readonly CommandForm[]): string {
  const width = Math.max(...commands.map(({ name, usage }) => name.length + usage.length + 1));
  const rows = commands.map(
    ({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(width)}  ${summary}`,
  );
  return [
    'Waymark: what you can ask it to do',
    '',
    ...rows,
    '',
    'Each takes --help and --json. Start with: npm run -s cli -- COMMAND',
  ].join('\n');
}

/** A text option; '' when absent. */
export function textOption(context: Pick<CommandContext, 'options'>, name: string): string {
  const value = context.options[name];
  return typeof value === 'string' ? value : '';
}
