/**
 * What a button carries: a verb, the id of the thing, the version of it that the card showed. Nothing else is believed;
 * the server decides from its own state. Parsed with the card format's own number, so that old cards can be told apart.
 */
import { z } from 'zod/v4';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { readable, storable } from '../kernel/text.ts';

/** The format of today's cards. Cards of the last two formats still work; older ones get a fresh card. */
const CARD_FORMAT = 1;
const OLDEST_FORMAT = Math.max(1, CARD_FORMAT - 2);

const EnvelopeShape = z.object({
  verb: z.string().regex(/^[a-z]+\.[a-z]+(-[a-z]+)*$/),
  id: z
    .string()
    .min(1)
    .max(200)
    .refine((id) => storable(id) === id),
  version: z.int().min(0),
  format: z.int().min(1),
});
export type Envelope = z.infer<typeof EnvelopeShape>;

/**
 * Ids of inputs whose value is one of ours begin with this on the card, and nowhere else: their values are not a person's
 * words. "At risk" is a status there, and a worry in a message.
 */
export const CHOICE = 'choice-';
const ChoiceValue = /^[a-z0-9-]{1,40}(?:,[a-z0-9-]{1,40}){0,9}$/;

/** What people typed or chose, by input id. Everything is text, at most 4,000 characters. */
export type Inputs = Readonly<Record<string, string>>;
export type CardCommand = { readonly envelope: Envelope; readonly inputs: Inputs };
/** `typed`: all that the person put in words of her own. */
export type ParsedCommand = CardCommand & { readonly typed: string };

export function envelope(verb: string, id: string, version = 0): Envelope {
  return { verb, id, version, format: CARD_FORMAT };
}

/** Reads the data of a card action (Execute or Submit). Refuses `unknown-card` and `old-card`; keeps nothing it does not know. */
export function parseCommand(data: unknown): ParsedCommand | Refusal {
  const parsed = EnvelopeShape.safeParse(data);
  if (!parsed.success)
    return refuse(
      'unknown-card',
      'I do not recognise that button. Please use the newest card, or type "help".',
    );
  if (parsed.data.format < OLDEST_FORMAT || parsed.data.format > CARD_FORMAT) {
    return refuse(
      'old-card',
      'That card is too old to use. Type "my check-ins" or "digest" for a fresh one.',
    );
  }
  const inputs: Record<string, string> = {};
  const typed: string[] = [];
  for (const [name, value] of Object.entries(data as Record<string, unknown>)) {
    if (name in EnvelopeShape.shape || name === 'msteams') continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    const text = readable(String(value).slice(0, 4000));
    const chosen = name.startsWith(CHOICE);
    inputs[chosen ? name.slice(CHOICE.length) : name] = text;
    if (!chosen || !ChoiceValue.test(text)) typed.push(text);
  }
  return { envelope: parsed.data, inputs, typed: typed.join('\n') };
}
