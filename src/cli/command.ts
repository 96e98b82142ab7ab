/**
 * What a command is, and how its words are read. Pure. Wrong words get one sentence, the usage, and exit code 2; a
 * refusal or a problem is 1; done is 0.
 */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { App } from '../app.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Io } from './io.ts';

export type CommandContext = {
  readonly io: Io;
  readonly json: boolean;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Opens the app on first use, so that commands that need no store open none. */
  readonly app: () => Promise<App>;
};

export type Command = {
  /** One or two words, as typed. */
  readonly name: string;
  /** What stands after the name, for example `FILE [--school URN]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options?: ParseArgsOptionsConfig;
  /** How many words must, and may, follow the name. */
  readonly words?: readonly [least: number, most: number];
  /** Runs without a store, whoever holds the data folder. */
  readonly standalone?: (options: CommandContext['options']) => boolean;
  readonly run: (context: CommandContext) => Promise<number>;
};

export const DONE = 0;
export const REFUSED = 1;
export const USAGE = 2;

export type Parsed =
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly words: readonly string[];
      readonly options: CommandContext['options'];
      readonly json: boolean;
    }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly text: string };

const COMMON: ParseArgsOptionsConfig = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };

/** Finds the command and reads its options. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): Parsed {
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
    return { kind: 'wrong', text: `${messageOf(error).split('. ')[0]}.\n\n${usageOf(command)}` };
  }
}

function usageOf(command: Command): string {
  return `${command.summary}\n\n  npm run -s cli -- ${command.name} ${command.usage}\n\n  --json  one JSON document instead of text`;
}

function overview(commands: readonly Command[]): string {
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
export function textOption(context: CommandContext, name: string): string {
  const value = context.options[name];
  return typeof value === 'string' ? value : '';
}
