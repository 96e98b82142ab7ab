/** What somebody can do with Waymark, by what they look after: everybody the same first lines, then their own. Pure. */

import { type SafeText, said } from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';

/** What the trust's file and today's line of management give them. */
export type HelpFor = {
  /** Reads somebody's check-ins. */
  readonly reads: boolean;
  /** Makes milestones: a trust leader, a head, whoever leads a priority or a strand. */
  readonly makes: boolean;
  /** Releases a term report: the CEO, a head. */
  readonly reports: boolean;
  readonly operates: boolean;
};

export function helpReply(trustName: string, can: HelpFor): MessageReply {
  const name: SafeText = said(trustName);
  const lines: readonly (readonly [boolean, string])[] = [
    [true, '**my work**: your check-ins, and what waits for you'],
    [true, '**my settings**: your days and hours, a pause, a colleague in your place'],
    [
      can.reads,
      '**my approvals**: what waits for you to read; **who is late?**: your own people, after a fortnight',
    ],
    [can.reads || can.makes, '**digest**: how things stand; **what changed since half-term?**'],
    [can.reads || can.makes, '**how are we doing on …?** with a priority, now or on a past day'],
    [can.makes, '**milestones** and **new milestone**; **milestones on 1 December**; **export milestones**'],
    [can.reports, '**term report**: a term for governors, to read before you release it'],
    [can.operates, '**pause**: stop what leaves by schedule; **what was sent**: who got it, and who did not'],
    [can.operates, '**doctor**: what is wrong with Waymark itself, and what to do'],
  ];
  return {
    kind: 'reply',
    text: [
      `I answer questions from ${name}'s documents and show where each answer comes from. If they don't say, I tell you and suggest a person. I also bring the weekly attendance picture, and check-ins when they are due.`,
      'In our own chat you can type:',
      lines.flatMap(([holds, words]) => (holds ? [`- ${words}`] : [])).join('\n'),
    ].join('\n\n'),
    suggestions: [
      'What are our priorities this year?',
      ...(can.reads ? ['my approvals'] : ['my work']),
      ...(can.makes ? ['digest'] : ['my settings']),
    ],
  };
}
