/** How a check-in is said: status, confidence and value in plain words. The same words stand in every card and digest. */
import { type line, type SafeText, said } from '../cards/elements.ts';
import { shorten } from '../kernel/text.ts';
import { type Aim, valueInWords } from './aim.ts';
import type { Answer, Confidence, Status } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  'on-track': 'On track',
  'at-risk': 'At risk',
  'off-track': 'Off track',
};

const CONFIDENCE_WORDS: Readonly<Record<Confidence, string>> = {
  high: 'confident',
  medium: 'fairly confident',
  low: 'not confident yet',
};

export const STATUS_LOOKS = {
  'on-track': { colour: 'Good' },
  'at-risk': { colour: 'Accent' },
  'off-track': { strong: true },
} as const satisfies Readonly<Record<Status, Parameters<typeof line>[1]>>;

/** `On track, confident, 96 of 150 families`. */
export function answerInWords(answer: Answer, milestone: Aim): SafeText {
  const value = answer.value === undefined ? '' : `, ${valueInWords(answer.value, milestone)}`;
  return `${STATUS_WORDS[answer.status]}, ${CONFIDENCE_WORDS[answer.confidence]}${value}` as SafeText;
}

/** Someone's own words in quotation marks, made safe and cut to `limit` characters. */
export function quoted(text: string, limit: number): SafeText {
  return `"${said(shorten(text.replace(/\s+/g, ' ').trim(), limit))}"` as SafeText;
}

/** A milestone's title as a card shows it. */
export function titleOf(milestone: Pick<Milestone, 'title'>): SafeText {
  return said(shorten(milestone.title, 90));
}

/** `Tom's`, `James's`. */
export function possessive(name: string): string {
  return `${said(name)}'s`;
}
