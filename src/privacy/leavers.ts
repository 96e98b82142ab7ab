/** Whether our copy of the directory may be believed when it says that people have left. Pure. */
import type { SyncState } from '../directory/store.ts';

const DAY = 86_400_000;
/** A directory is read every quarter of an hour, so a copy of yesterday's stands for one that cannot be read. */
const FRESH = DAY;
/** A trust can lose a school; then its directory stays so small, and after this long it is believed. */
const SMALL_DAYS = 30;

/** `believed`: from now on the directory is measured by how many people it has now. */
export type Standing =
  | { readonly kind: 'believed' }
  | { readonly kind: 'doubted'; readonly because: 'not-read' | 'empty' | 'small' };

/** Somebody's absence counts only in a copy that is fresh, came without a fault, and is not less than two thirds of what it was. */
export function standingOf(state: SyncState, people: number, now: Date): Standing {
  const { syncedAt, failure, believed } = state;
  if (!syncedAt || failure || now.getTime() - syncedAt.getTime() > FRESH) return doubted('not-read');
  if (people === 0) return doubted('empty');
  if (!believed || people * 3 >= believed.people * 2) return { kind: 'believed' };
  const since = believed.smallSince ?? now;
  if (now.getTime() - since.getTime() < SMALL_DAYS * DAY) return doubted('small');
  return { kind: 'believed' };
}

/** For the run's report, after what else it removed. */
export function doubtInWords(because: 'not-read' | 'empty' | 'small'): string {
  return {
    'not-read': 'nothing of leavers, since the directory was not read today',
    empty: 'nothing of leavers, since the directory is empty',
    small:
      'nothing of leavers, since the directory has suddenly lost more than a third of its people: check staff_group in trust.yaml',
  }[because];
}

function doubted(because: 'not-read' | 'empty' | 'small'): Standing {
  return { kind: 'doubted', because };
}
