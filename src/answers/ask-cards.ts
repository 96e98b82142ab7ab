/**
 * The cards of a question that goes to a person: the offer below a refusal, what the reader of it gets, what the asker is
 * told. Pure. Who sees a name, and that nothing left before a press, is said on the card it concerns.
 */
import {
  type Action,
  actionSet,
  button,
  type Card,
  card,
  type Element,
  hidden,
  line,
  more,
  said,
  say,
  textInput,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { plain } from '../kernel/neutral.ts';
import { countWords, shorten } from '../kernel/text.ts';
import { ANSWER_LIMIT, type Ask, NOTE_QUESTION_LIMIT } from './asks.ts';
import { askFor } from './named-heading.ts';
import { recogniseSafety } from './safety.ts';

/** Someone as a card speaks of them. */
export type Named = { readonly name: string; readonly givenName: string };

export type Offer = {
  readonly questionId: string;
  /** Who will read it. */
  readonly reader: Named;
  /** What was asked before and goes with it. */
  readonly topic?: string | undefined;
  /** Who reads it when the first reader passes it on. */
  readonly next?: Named | undefined;
  /** Words of the documents, to try instead. */
  readonly headings: readonly string[];
};

export function offerCard(offer: Offer): Card {
  const { questionId, reader, next } = offer;
  const name = said(reader.givenName);
  const words = wordsToTry(offer.headings);
  return card({
    summary: 'The documents do not say; you can ask a person',
    body: [
      line(`Would you like to ask ${said(reader.name)}? You choose whether ${name} sees your name.`),
      line(
        `${name} reads your question as you typed it${afterTopic(offer.topic)}${next ? `, and may pass it to ${said(next.name)}` : ''}.`,
        { subtle: true },
      ),
      ...words,
    ],
    actions: [
      button(`Ask ${shorten(plain(reader.givenName), 30)}`, envelope('answers.ask', questionId), {
        primary: true,
      }),
      button('Ask without my name', envelope('answers.ask-anonymous', questionId)),
      ...(words.length > 0 ? [more('Try other words', 'words')] : []),
    ],
  });
}

/** What goes with a question that leans on the one before, for the sentence that says what is read. */
export function afterTopic(topic: string | undefined): string {
  return topic ? `, after "${said(shorten(flat(topic), 90))}"` : '';
}

/** The documents' own words, hidden until they are asked for; nothing when there are none. */
export function wordsToTry(headings: readonly string[]): Element[] {
  const words = headings
    .map((heading) => plain(heading.split(' | ')[0] ?? heading))
    .filter((text) => !recogniseSafety(askFor(shorten(text, 60))))
    .slice(0, 3);
  if (words.length === 0) return [];
  return [
    hidden('words', [
      line('These are words that the documents use:'),
      actionSet(words.map((text) => say(shorten(text, 40), askFor(shorten(text, 60))))),
    ]),
  ];
}

/** What the asker sees after the press. Carries neither the question nor its id. `reader`: a person's name, or a channel's in words. */
export function sentCard(reader: string, named: boolean, again: boolean): Card {
  const how = named ? 'with your name' : 'without your name';
  return card({
    summary: 'Your question has been passed on',
    body: [
      title(again ? `${said(reader)} had your question already.` : `${said(reader)} has your question now.`),
      line(`It went ${how}. The answer comes to you here.`),
    ],
  });
}

export type ReaderView = {
  readonly ask: Ask;
  /** Who asks; absent when they left their name out. */
  readonly asker?: Named | undefined;
  /** Who gets it after "Not mine"; absent when this is the last reader. */
  readonly next?: Named | undefined;
  readonly notice?: string | undefined;
  readonly typed?: string | undefined;
};

/** The reader's card while the question is open. */
export function questionCard(view: ReaderView): Card {
  const { ask, asker, next } = view;
  const question = opening(ask.question, 35, 'question');
  return card({
    summary: 'A colleague has a question that the documents leave open.',
    body: [
      ...(view.notice ? [line(view.notice, { colour: 'Accent' })] : []),
      title("A colleague asks; our documents don't say"),
      ...topicLine(ask),
      ...question.body,
      line(
        asker
          ? `Asked by ${said(asker.name)}, who gets your answer.`
          : 'They left their name out; your answer reaches them all the same.',
        { subtle: true },
      ),
      textInput('answer', {
        label: 'Your answer',
        multiline: true,
        limit: ANSWER_LIMIT,
        required: 'Please write an answer first.',
        ...(view.typed ? { value: view.typed } : {}),
      }),
    ],
    actions: [
      button('Answer', envelope('answers.answer', ask.id, ask.version), { primary: true }),
      ...(next
        ? [button('Not mine', envelope('answers.not-mine', ask.id, ask.version), { withoutInputs: true })]
        : []),
      ...question.actions,
    ],
  });
}

/** "And for SEND?" says little without what was asked before it. */
export function topicLine({ topic }: Ask): Element[] {
  return topic ? [line(`They had asked: "${said(shorten(flat(topic), 90))}" Now:`, { subtle: true })] : [];
}

/** After "Not mine". */
export function passedCard(next: Named): Card {
  return card({
    summary: 'The question was passed on',
    body: [title(`${said(next.name)} has the question now.`), line('There is nothing more for you to do.')],
  });
}

/** For the one who answered: published or not, with what can be done next. */
export function answeredCard(ask: Ask, notice?: string): Card {
  const question = opening(ask.question, 20, 'question');
  const answer = opening(ask.answer?.text ?? '', 25, 'answer');
  const published = ask.state === 'published';
  return card({
    summary: published ? 'Your note can be found by colleagues' : 'Your answer has been passed on',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(
        published
          ? 'Published: colleagues who ask get your note.'
          : 'Thank you. Your colleague gets your answer.',
      ),
      ...question.body,
      ...answer.body,
      line(
        published
          ? 'It carries your name and its date. You can withdraw it.'
          : 'Others may ask the same. Nothing is published unless you say so.',
        { subtle: true },
      ),
    ],
    actions: [
      published
        ? button('Withdraw the note', envelope('answers.withdraw-note', ask.id, ask.version))
        : button('Publish as a note', envelope('answers.publish', ask.id, ask.version)),
      ...moreOf('Read it all', [...question.rest, ...answer.rest]),
    ],
  });
}

/** For somebody whose colleague was first. `typed`: their own words, so that none are lost. */
export function otherAnsweredCard(ask: Ask, by: Named, typed?: string): Card {
  const answer = opening(ask.answer?.text ?? '', 30, 'answer');
  const own = typed ? [hidden('typed', [line('You had written:'), line(said(typed))])] : [];
  return card({
    summary: 'The question has an answer',
    body: [
      title(`${said(by.name)} has answered this.`),
      ...opening(ask.question, 15, 'question').body,
      ...answer.body,
      line('Nothing more is needed from you.', { subtle: true }),
      ...own,
    ],
    actions: [
      ...moreOf('Read it all', answer.rest),
      ...(typed ? [more('What you had written', 'typed')] : []),
    ],
  });
}

/** The second look before anything is published: everything can be changed. */
export function previewCard(
  ask: Ask,
  author: Named,
  dates: { readonly from: string; readonly to: string },
  typed: { readonly question: string; readonly answer: string },
  notice?: string,
): Card {
  const isForAll = ask.within.length === 0;
  return card({
    summary: 'Please look at the note once more',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(isForAll ? 'This is what all staff would read' : 'This is what some colleagues would read'),
      ...(isForAll ? [] : [line('Only those who may open the restricted document that it belongs to.')]),
      line(`A note by ${said(author.name)}, ${dates.from}. Not policy. It stands until ${dates.to}.`),
      line('Please take out names, and what is only about one person. Nothing is published yet.'),
      textInput('question', {
        label: 'The question, as colleagues would ask it',
        limit: NOTE_QUESTION_LIMIT,
        required: 'Please write the question.',
        value: typed.question,
      }),
      textInput('answer', {
        label: 'Your answer',
        multiline: true,
        limit: ANSWER_LIMIT,
        required: 'Please write the answer.',
        value: typed.answer,
      }),
    ],
    actions: [
      button(
        isForAll ? 'Publish for all staff' : 'Publish for them',
        envelope('answers.confirm-publish', ask.id, ask.version),
        {
          primary: true,
        },
      ),
      button('Not now', envelope('answers.show', ask.id, ask.version), { withoutInputs: true }),
    ],
  });
}

/** What a reader's card becomes when the question is forgotten; a note can still be withdrawn. */
export function clearedCard(askId: string, why: 'days' | 'withdrawn', published: boolean): Card {
  return card({
    summary: 'A question was cleared',
    body: [
      title(
        why === 'days'
          ? 'This question has been cleared after its time.'
          : 'This question was withdrawn by its asker.',
      ),
      line(published ? 'Your note stays until you withdraw it.' : 'There is nothing for you to do.'),
    ],
    actions: published ? [button('Withdraw the note', envelope('answers.withdraw-note', askId))] : [],
  });
}

/** What the asker is told: the answer, whose words they are, and when they were written. */
export function answerCard(ask: Ask, by: Named, date: string): Card {
  const question = opening(ask.question, 20, 'question');
  const answer = opening(ask.answer?.text ?? '', 40, 'answer');
  return card({
    summary: 'A colleague has answered your question.',
    body: [
      title(`${said(by.name)} has answered your question`),
      ...question.body,
      ...answer.body,
      line(`${said(by.name)}'s own words, ${date}.`, { subtle: true }),
    ],
    actions: moreOf('Read it all', [...question.rest, ...answer.rest]),
  });
}

function flat(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

type Opening = {
  readonly body: readonly Element[];
  readonly rest: readonly string[];
  readonly actions: readonly Action[];
};

/** The first words of a text in quotation marks; the whole of it hidden when there are more. */
export function opening(text: string, words: number, id: string): Opening {
  const whole = flat(text);
  if (countWords(whole) <= words && !text.trim().includes('\n'))
    return { body: [line(`"${said(whole)}"`)], rest: [], actions: [] };
  const parts = whole.split(' ');
  const cut = parts.length > words ? `${parts.slice(0, words).join(' ')}…` : whole;
  const rest = hidden(
    id,
    text
      .split('\n')
      .filter((part) => part.trim())
      .map((part) => line(said(part))),
  );
  return {
    body: [line(`"${said(shorten(cut, words * 12))}"`), rest],
    rest: [id],
    actions: [more('Read it all', id)],
  };
}

function moreOf(label: string, ids: readonly string[]): Action[] {
  const [first] = ids;
  return first === undefined ? [] : [{ ...more(label, first), targetElements: ids }];
}
