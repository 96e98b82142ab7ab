/**
 * Typed builders for the parts of Adaptive Cards 1.5 that Waymark uses. A card is a function from data to JSON; text from
 * outside is neutralised here once, so that no document, note or name can add a link or a mention.
 */
import { neutralise } from '../kernel/neutral.ts';
import { CHOICE, type Envelope } from './envelope.ts';

export type Element = { readonly type: string; readonly [property: string]: unknown };
export type Action = { readonly type: string; readonly title: string; readonly [property: string]: unknown };

/** A finished card. `summary` is what the notification shows; `text` is the whole message for clients without cards. */
export type Card = {
  readonly content: { readonly type: 'AdaptiveCard'; readonly [property: string]: unknown };
  readonly summary: string;
  readonly text: string;
};

/** Text that may be shown as it is: written by us, or already neutralised. */
export type SafeText = string & { readonly safe: true };

/** Our own words. Only for literals and for parts made safe by `said`. */
export function own(text: string): SafeText {
  return text as SafeText;
}

/** Words from outside: documents, people, files. */
export function said(text: string): SafeText {
  return neutralise(text) as SafeText;
}

type TextOptions = {
  readonly id?: string;
  readonly subtle?: boolean;
  /**
   * Not `Warning`: on white it is a yellow that nobody can read (1.5 to 1; WCAG 2.2 asks for 4.5 to 1). Nor `Attention`: its red
   * is too weak on dark (4.46 to 1). What must be noticed is `strong`.
   */
  readonly colour?: 'Good' | 'Accent';
  readonly strong?: boolean;
  readonly spacing?: 'None' | 'Small' | 'Medium' | 'Large';
};

function block(text: string, options: TextOptions, more: Record<string, unknown> = {}): Element {
  return {
    type: 'TextBlock',
    text,
    wrap: true,
    ...(options.id ? { id: options.id } : {}),
    ...(options.subtle ? { isSubtle: true } : {}),
    ...(options.colour ? { color: options.colour } : {}),
    ...(options.strong ? { weight: 'Bolder' } : {}),
    ...(options.spacing ? { spacing: options.spacing } : {}),
    ...more,
  };
}

/** A line of text; `said()` what comes from outside before it gets here. */
export function line(text: string, options: TextOptions = {}): Element {
  return block(text, options);
}

/** The one title of a card. A heading to screen readers. */
export function title(text: string): Element {
  return block(text, {}, { size: 'Medium', weight: 'Bolder', style: 'heading' });
}

export function bullets(items: readonly string[]): Element {
  return block(items.map((item) => `- ${item}`).join('\n'), { spacing: 'Small' });
}

export function container(
  items: readonly Element[],
  style: 'default' | 'emphasis' | 'good' | 'warning' = 'default',
): Element {
  return { type: 'Container', style, items };
}

/** Behind "more": hidden until the reader asks. */
export function hidden(id: string, items: readonly Element[]): Element {
  return { type: 'Container', id, isVisible: false, items };
}

export function facts(pairs: readonly (readonly [string, string])[]): Element {
  return { type: 'FactSet', facts: pairs.map(([name, value]) => ({ title: name, value })) };
}

type InputOptions = { readonly label: string; readonly value?: string; readonly required?: string };

/** A labelled field of text. `required` is the sentence shown when it is left empty. */
export function textInput(
  id: string,
  options: InputOptions & {
    readonly placeholder?: string;
    readonly multiline?: boolean;
    readonly limit?: number;
    readonly style?: 'Url';
  },
): Element {
  return {
    type: 'Input.Text',
    id,
    label: options.label,
    maxLength: options.limit ?? 500,
    ...(options.multiline ? { isMultiline: true } : {}),
    ...(options.placeholder ? { placeholder: options.placeholder } : {}),
    ...(options.value ? { value: options.value } : {}),
    ...(options.style ? { style: options.style } : {}),
    ...(options.required ? { isRequired: true, errorMessage: options.required } : {}),
  };
}

/** A day to choose; dates are ISO text. A client without a calendar takes it typed. */
export function dateInput(id: string, options: { readonly label: string; readonly value?: string }): Element {
  return {
    type: 'Input.Date',
    id,
    label: options.label,
    ...(options.value ? { value: options.value } : {}),
  };
}

/** A list to choose from. On the card its id begins with `CHOICE`; the reader of commands takes that off again. */
export function choiceInput(
  id: string,
  options: InputOptions & {
    readonly choices: readonly (readonly [value: string, title: string])[];
    readonly expanded?: boolean;
    /** Several at once: the value is theirs with commas between. */
    readonly several?: boolean;
  },
): Element {
  return {
    type: 'Input.ChoiceSet',
    id: `${CHOICE}${id}`,
    label: options.label,
    placeholder: 'Choose one',
    // Without `wrap` a choice that is too long for a phone is cut short.
    ...(options.expanded ? { style: 'expanded', wrap: true } : { style: 'compact' }),
    ...(options.several ? { isMultiSelect: true } : {}),
    choices: options.choices.map(([value, choice]) => ({ title: choice, value })),
    ...(options.value ? { value: options.value } : {}),
    ...(options.required ? { isRequired: true, errorMessage: options.required } : {}),
  };
}

/** A button that the bot answers. Execute, with Submit for clients that cannot (Execute has broken on mobile). */
export function button(
  label: string,
  envelope: Envelope,
  options: { readonly primary?: boolean; readonly withoutInputs?: boolean } = {},
): Action {
  const inputs = options.withoutInputs ? { associatedInputs: 'none' } : {};
  return {
    type: 'Action.Execute',
    title: label,
    verb: envelope.verb,
    data: envelope,
    ...(options.primary ? { style: 'positive' } : {}),
    ...inputs,
    fallback: { type: 'Action.Submit', title: label, data: envelope, ...inputs },
  };
}

/** A button that types something for the reader. */
export function say(label: string, words: string): Action {
  return { type: 'Action.Submit', title: label, data: { msteams: { type: 'imBack', value: words } } };
}

/** Whether a link may be shown: over https, and with no name or password in it. */
export function isSafeLink(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return protocol === 'https:' && username === '' && password === '';
}

export function link(label: string, url: string): Action {
  return { type: 'Action.OpenUrl', title: label, url };
}

/** Teams' address of a chat with somebody (deep links, "Start a chat"). */
export function chatLink(mail: string): string {
  return `https://teams.microsoft.com/l/chat/0/0?users=${encodeURIComponent(mail)}`;
}

/** Shows or hides a `hidden` container. */
export function more(label: string, id: string): Action {
  return { type: 'Action.ToggleVisibility', title: label, targetElements: [id] };
}

/** Buttons inside the body, for example at the end of a form that is behind "more". */
export function actionSet(actions: readonly Action[]): Element {
  return { type: 'ActionSet', actions };
}

/**
 * Assembles a card. `summary` is the notification; `text` the fallback, made from the body's text when not given. Both
 * leave the trust's screens, so neither may carry a figure about few pupils or a child's name.
 */
export function card(parts: {
  readonly summary: string;
  readonly body: readonly Element[];
  readonly actions?: readonly Action[];
  readonly text?: string;
  readonly wide?: boolean;
  /** Sent by clients as the card is shown, so that each reader gets a view of their own; people need not press. */
  readonly refresh?: Envelope;
}): Card {
  const text = parts.text ?? plainText(parts.body);
  return {
    content: {
      type: 'AdaptiveCard',
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      version: '1.5',
      fallbackText: text,
      body: parts.body,
      ...(parts.actions?.length ? { actions: parts.actions } : {}),
      ...(parts.refresh
        ? { refresh: { action: { type: 'Action.Execute', verb: parts.refresh.verb, data: parts.refresh } } }
        : {}),
      ...(parts.wide ? { msteams: { width: 'Full' } } : {}),
    },
    summary: parts.summary,
    text,
  };
}

/** All text a reader sees before pressing "more", a line an element. */
export function plainText(body: readonly Element[]): string {
  const read = (element: Element): string[] => {
    if (element.isVisible === false) return [];
    if (element.type === 'TextBlock') return [String(element.text)];
    if (element.type === 'FactSet')
      return (element.facts as { title: string; value: string }[]).map(
        (fact) => `${fact.title}: ${fact.value}`,
      );
    if (Array.isArray(element.items)) return (element.items as Element[]).flatMap(read);
    if (Array.isArray(element.columns)) return (element.columns as Element[]).flatMap(read);
    return [];
  };
  return body.flatMap(read).join('\n');
}
