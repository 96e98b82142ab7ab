/** Checks the names of columns that a trust adds: each must mean one that Waymark knows. */
import { unknownColumns } from '../attendance/aliases.ts';
import type { Trust, TrustProblem } from '../config/trust.ts';

export function checkColumns(trust: Trust): TrustProblem[] {
  return unknownColumns(trust.imports.columns).map((name) => ({
    path: ['imports', 'columns', name],
    message: `names no column that Waymark reads: ${trust.imports.columns[name]}`,
  }));
}
