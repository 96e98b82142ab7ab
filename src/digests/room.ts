/**
 * How much of a digest a message has room for. Teams' connector refuses a card that is too large, and a trust of many schools with long
 * names has more to tell than one holds: then less is listed behind "See more", and names are cut sooner. Nothing is said with less. Pure.
 */
import type { Card } from '../cards/elements.ts';
import { MAX_CARD_BYTES } from '../cards/size.ts';

export type Room = {
  /** Letters of a school's or a milestone's name. */
  readonly names: number;
  /** Items of a list, and lines for which the card has no place before "See more". */
  readonly listed: number;
  /** Of what stands behind the first blocker, open question or old document; each has its button. */
  readonly further: number;
  /** Buttons that do something about a line. */
  readonly acts: number;
  readonly pictures: boolean;
};

const ROOMS = [
  { names: 80, listed: 12, further: 8, acts: 20, pictures: true },
  { names: 60, listed: 10, further: 4, acts: 12, pictures: true },
  { names: 40, listed: 6, further: 3, acts: 8, pictures: true },
  { names: 30, listed: 4, further: 2, acts: 6, pictures: false },
  { names: 20, listed: 3, further: 0, acts: 4, pictures: false },
] as const satisfies readonly Room[];

/** The card with the most room that a message can carry. */
export function fitting(build: (room: Room) => Card): Card {
  const [roomiest, ...smaller] = ROOMS;
  let made = build(roomiest);
  for (const room of smaller) {
    if (Buffer.byteLength(JSON.stringify(made.content)) <= MAX_CARD_BYTES) break;
    made = build(room);
  }
  return made;
}
