/**
 * The cards of a question that goes to a channel. Pure. That everyone in the channel reads it, the answer too, is said before
 * the press; whom to ask alone instead stands beside it.
 */
import { button, type Card, card, line, more, said, textInput, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { plain } from '../kernel/neutral.ts';
import { shorten } from '../kernel/text.ts';
import { afterTopic, type Named, opening, topicLine, wordsToTry } from './ask-cards.ts';
import { ANSWER_LIMIT, type Ask } from './asks.ts';

export type ChannelOffer = {
  readonly questionId: string;
  /** The channel, as its members call it. */
  readonly channel: string;
  /** Who would read it alone instead. */
  readonly instead?: Named | undefined;
  /** What was asked before and goes with it. */
  readonly topic?: string | undefined;
  /** Words of the documents, to try instead. */
  readonly headings: readonly string[];
};

export function channelOfferCard({ questionId, channel, instead, topic, headings }: ChannelOffer): Card {
  const words = wordsToTry(headings);
  return card({
    summary: 'The documents do not say; you can ask colleagues',
    body: [
      line(
        `Would you like to ask in the channel "${said(shorten(channel, 50))}"? You choose whether your name is shown.`,
      ),
      line(
        `Everyone in the channel reads your question as you typed it${afterTopic(topic)}, and the answer to it.`,
        { subtle: true },
      ),
      ...words,
    ],
    actions: [
      button('Ask the channel', envelope('answers.ask', questionId), { primary: true }),
      button('Ask without my name', envelope('answers.ask-anonymous', questionId)),
      ...(instead
        ? [
            button(
              `Ask ${shorten(plain(instead.givenName), 24)} alone`,
              envelope('answers.ask-alone', questionId),
            ),
          ]
        : []),
      ...(words.length > 0 ? [more('Try other words', 'words')] : []),
    ],
  });
}

export type ChannelView = {
  readonly ask: Ask;
  /** Who asks; absent when they left their name out. */
  readonly asker?: Named | undefined;
  readonly notice?: string | undefined;
  readonly typed?: string | undefined;
};

/** What stands in the channel while the question is open. */
export function channelQuestionCard({ ask, asker, notice, typed }: ChannelView): Card {
  const question = opening(ask.question, 28, 'question');
  return card({
    summary: 'A colleague has a question that the documents leave open.',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title("A colleague asks; our documents don't say"),
      ...topicLine(ask),
      ...question.body,
      line(
        `${asker ? `Asked by ${said(asker.name)}.` : 'They left their name out.'} They get your answer; everyone here sees it, with your name. Please don't name pupils.`,
        { subtle: true },
      ),
      textInput('answer', {
        label: 'Your answer',
        multiline: true,
        limit: ANSWER_LIMIT,
        required: 'Please write an answer first.',
        ...(typed ? { value: typed } : {}),
      }),
    ],
    actions: [
      button('Answer', envelope('answers.answer', ask.id, ask.version), { primary: true }),
      ...question.actions,
    ],
  });
}
