/** What somebody asks of milestones in words. Undefined for any other words, which then go elsewhere. Pure. */
import { fold } from '../kernel/text.ts';

export type MilestoneRequest =
  | { readonly kind: 'new' }
  | { readonly kind: 'list' }
  | { readonly kind: 'show' | 'trend'; readonly words: string }
  /** `day`: as it was said; absent: today. */
  | { readonly kind: 'export'; readonly day?: string }
  | { readonly kind: 'state'; readonly day: string };

const NEW =
  /^(?:(?:make|add|create|start|set up) )?(?:a )?new milestone$|^(?:make|add|create|start|set up) a milestone$/;
const LIST = /^(?:show (?:me )?)?(?:my |the |our |all )?milestones$/;
const TREND =
  /^(?:show (?:me )?|what(?:'s| is) )?(?:the )?trend (?:of|for|in|on) (?:the )?(?:milestone )?(.+)$/;
const SHOW = /^(?:show (?:me )?|change |edit |close |open )?(?:the )?milestone:? (.+)$/;
const EXPORT =
  /^export (?:my |the |our |all )?milestones(?: (?:as (?:of|at|it stood on|they stood on)|on|of) (.+)| (\d.*))?$/;
/** The state on a past day, in words. A day must begin with a figure, or "milestones on reading" would ask for one. */
const STOOD =
  /^(?:show (?:me )?)?(?:the )?(?:state of |where )?(?:my |the |our |all )?milestones (?:stood |were )?(?:(?:as of|as at|on) (\d.*)|yesterday)$/;

export function milestoneRequest(text: string): MilestoneRequest | undefined {
  const words = fold(text).replace(/[?.!\s]+$/, '');
  if (NEW.test(words)) return { kind: 'new' };
  if (LIST.test(words)) return { kind: 'list' };
  const stood = STOOD.exec(words);
  if (stood) return { kind: 'state', day: stood[1] ?? 'yesterday' };
  const exported = EXPORT.exec(words);
  if (exported) {
    const day = exported[1] ?? exported[2];
    return { kind: 'export', ...(day ? { day } : {}) };
  }
  const bare = (found: string) => found.replace(/^"(.*)"$/, '$1').trim();
  const trend = TREND.exec(words)?.[1];
  if (trend) return { kind: 'trend', words: bare(trend) };
  const shown = SHOW.exec(words)?.[1];
  return shown ? { kind: 'show', words: bare(shown) } : undefined;
}
