/**
 * The one thing that the trust's leaders could try this week: doable, kind, about how schools help each other, and about no
 * school by name, so that it says nothing that a figure taken back would unsay. Pure.
 */
import type { TrustOverview } from './overview.ts';

/** The best fit first; disadvantaged pupils come before anything else. */
function trustSuggestions({ narrowed, widened, waiting }: TrustOverview): string[] {
  return [
    ...(widened.length > 0 && narrowed.length > 0
      ? ['bring together one school whose gap narrowed and one whose gap widened, to share what they do.']
      : []),
    ...(widened.length > 0
      ? ['ask one school whose gap widened what would help, and do one part of it.']
      : []),
    ...(narrowed.length > 0 ? ['ask one school whose gap narrowed to share what it does.'] : []),
    ...(waiting.some(({ late }) => late)
      ? ['ask one school whose marks are late what keeps its registers, and help once.']
      : []),
    'thank one school for the days its pupils were in, and ask what it does.',
    'choose one barrier that several schools meet, and take it off them.',
  ];
}

/** The best fit of those that leaders have not said are not right for them. When all are, the best fit. */
export function trustThing(overview: TrustOverview, declined: readonly string[]): string {
  const suggestions = trustSuggestions(overview);
  return suggestions.find((one) => !declined.includes(one)) ?? suggestions[0] ?? '';
}

/** Whether the trust's card would tell its readers anything new: a gap that moved, or marks that are late. */
export function trustHasNews({ narrowed, widened, waiting }: TrustOverview): boolean {
  return narrowed.length + widened.length > 0 || waiting.some(({ late }) => late);
}
