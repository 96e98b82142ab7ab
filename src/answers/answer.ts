/** What an answer is before it becomes a reply: sentences, each with the passage that holds it. Types only. */
import type { Passage } from './corpus.ts';

/** Words shown, taken from a passage. `item`: a member of a list. */
export type Statement = { readonly text: string; readonly passage: Passage; readonly item?: boolean };

export type Answer =
  | {
      readonly outcome: 'answer';
      readonly statements: readonly Statement[];
      /** Further passages worth opening, shown as "see also". */
      readonly related: readonly Passage[];
      /** Our own words about the answer: a corrected premise. Never content. */
      readonly note?: string;
      /** A model wrote the sentences; each is held by its passage. */
      readonly byModel?: boolean;
    }
  | {
      readonly outcome: 'refusal';
      readonly reason:
        | 'not-said'
        | 'not-then'
        | 'not-listed'
        | 'not-explained'
        | 'not-ours'
        | 'not-for-role'
        | 'command';
      readonly nearest: readonly Passage[];
    }
  | { readonly outcome: 'clarify'; readonly options: readonly Passage[] };

export function notSaid(
  nearest: readonly Passage[] = [],
  reason:
    | 'not-said'
    | 'not-then'
    | 'not-listed'
    | 'not-explained'
    | 'not-ours'
    | 'not-for-role'
    | 'command' = 'not-said',
): Answer {
  return { outcome: 'refusal', reason, nearest };
}
