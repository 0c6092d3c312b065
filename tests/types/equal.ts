type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only if the value has exactly the type. */
export const is =
  <Expected>() =>
  <Actual>(_value: Actual, ..._same: Equal<Actual, Expected> extends true ? [] : ["is of another type"]): void => {};
