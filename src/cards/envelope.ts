/**
 * What a button carries: a verb, the id of the thing, the version of it that the card showed. Nothing else is believed;
 * the server decides from its own state. Parsed with the card format's own number, so that old cards can be told apart.
 */
import { z } from 'zod/v4';
import { type Refusal, refuse } from '../kernel/errors.ts';

/** The format of today's cards. Cards of the last two formats still work; older ones get a fresh card. */
export const CARD_FORMAT = 1;
const OLDEST_FORMAT = Math.max(1, CARD_FORMAT - 2);

const EnvelopeShape = z.object({
  verb: z.string().regex(/^[a-z]+\.[a-z]+(-[a-z]+)*$/),
  id: z.string().min(1).max(200),
  version: z.int().min(0),
  format: z.int().min(1),
});
export type Envelope = z.infer<typeof EnvelopeShape>;

/** What people typed or chose, by input id. Everything is text, at most 4,000 characters. */
export type Inputs = Readonly<Record<string, string>>;
export type CardCommand = { readonly envelope: Envelope; readonly inputs: Inputs };

export function envelope(verb: string, id: string, version = 0): Envelope {
  return { verb, id, version, format: CARD_FORMAT };
}

/** Reads the data of a card action (Execute or Submit). Refuses `unknown-card` and `old-card`; keeps nothing it does not know. */
export function parseCommand(data: unknown): CardCommand | Refusal {
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
  for (const [name, value] of Object.entries(data as Record<string, unknown>)) {
    if (name in EnvelopeShape.shape || name === 'msteams') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      inputs[name] = String(value).slice(0, 4000);
  }
  return { envelope: parsed.data, inputs };
}
