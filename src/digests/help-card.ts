/** To a milestone's owner: somebody who read what is in the way can help. Asks for nothing but a word, if wanted. Pure. */
import { type Card, card, chatLink, line, link, said, title } from '../cards/elements.ts';
import { ONLY_YOU, whoSees } from '../cards/who-sees.ts';
import { shorten } from '../kernel/text.ts';

export function helpOfferCard(about: {
  readonly helper: { readonly name: string; readonly mail: string };
  readonly title: string;
  readonly blocker: string;
}): Card {
  const { helper } = about;
  const [given = helper.name] = helper.name.split(' ');
  return card({
    summary: `${said(helper.name)} may be able to help you.`,
    body: [
      title(`${said(helper.name)} may be able to help you.`),
      line(said(shorten(about.title, 90))),
      line(`What is in the way: “${said(shorten(about.blocker, 120))}”`),
      line('You need not answer here. A short chat is enough.', { subtle: true }),
      whoSees(`${ONLY_YOU} ${said(given)} knows that you got it.`),
    ],
    actions: helper.mail ? [link(`Write to ${shorten(given, 25)}`, chatLink(helper.mail))] : [],
  });
}
