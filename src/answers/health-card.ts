/** What an owner is told of their documents: what would mislead colleagues, where, and that it is looked at again. Pure. */
import {
  bullets,
  button,
  type Card,
  card,
  hidden,
  line,
  link,
  more,
  own,
  said,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { countWords, numberInWords, shorten } from '../kernel/text.ts';

/** `text`: one sentence that names its document. */
export type Told = {
  readonly text: string;
  readonly doc: string;
  readonly url?: string | undefined;
  /** The question of a note that this reader may withdraw. */
  readonly note?: string | undefined;
};

/** Shown before "more", and words of each. */
const MOST = 3;
const MOST_CHARACTERS = 150;
const MOST_WORDS = 22;
const LINKS = 2;

/** What can be settled by a press stands first. */
export function healthCard(told: readonly Told[]): Card {
  const found = [...told.filter(({ note }) => note), ...told.filter(({ note }) => !note)];
  const first = found.slice(0, MOST);
  const short = first.map(({ text }) => said(cut(text)));
  const all = found.map(({ text }) => said(text));
  const isWhole = found.length <= MOST && first.every(({ text }) => cut(text) === text);
  const links = [
    ...new Map(found.flatMap(({ doc, url }) => (url?.startsWith('https://') ? [[url, doc]] : []))),
  ];
  return card({
    summary: 'Something to mend in your documents',
    body: [
      title(
        found.length === 1
          ? 'One thing to mend in your documents'
          : `${numberInWords(found.length).replace(/^./, (letter) => letter.toUpperCase())} things to mend in your documents`,
      ),
      bullets(short),
      ...(isWhole ? [] : [hidden('all', [bullets(all.slice(0, 40))])]),
      line(own('Until then colleagues who ask may get half an answer. I look again every school day.'), {
        subtle: true,
      }),
    ],
    actions: [
      ...(isWhole ? [] : [more(found.length > MOST ? 'Show all of them' : 'Read it all', 'all')]),
      ...found
        .flatMap(({ note }) =>
          note ? [button('Withdraw the note', envelope('answers.withdraw-note', note))] : [],
        )
        .slice(0, 1),
      ...links.slice(0, LINKS).map(([url, doc]) => link(shorten(`Open ${doc}`, 40), url)),
    ],
  });
}

/** What an earlier card becomes when nothing of it is left, or when a newer one says it all. */
export function healthDoneCard(why: 'mended' | 'newer'): Card {
  return card({
    summary: 'Your documents',
    body: [
      title(why === 'mended' ? 'All of this is mended. Thank you.' : 'There is a newer list below.'),
      line(why === 'mended' ? 'Nothing is left to do here.' : 'This one is out of date.', { subtle: true }),
    ],
  });
}

function cut(text: string): string {
  const words = text.split(' ');
  const few = countWords(text) > MOST_WORDS ? `${words.slice(0, MOST_WORDS).join(' ')}…` : text;
  return shorten(few, MOST_CHARACTERS);
}
