/** Values made when first asked for, so that a service listens before it has made what only a message needs. */

/** Calls `make` at the first call and gives its value ever after; a fault is thrown and the next call tries again. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
