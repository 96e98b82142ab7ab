/** The linear-program solver HiGHS, as the attack on what is shown uses it. Its module has no type for its default export. */
import * as module from 'highs';

export type Highs = {
  solve(
    problem: string,
    options: { readonly presolve: 'off' },
  ): {
    readonly Status: string;
    readonly Columns: Readonly<Record<string, { readonly Primal?: number } | undefined>>;
  };
};

export async function openHighs(): Promise<Highs> {
  const { default: load } = module as unknown as { readonly default: () => Promise<Highs> };
  return load();
}
