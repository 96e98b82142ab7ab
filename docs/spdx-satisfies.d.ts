/** The package brings no types. */
declare module 'spdx-satisfies' {
  /** Whether somebody who accepts any of `approved` (single SPDX ids) can accept `expression`. Throws when it is no SPDX expression. */
  function satisfies(expression: string, approved: readonly string[]): boolean;
  export = satisfies;
}
