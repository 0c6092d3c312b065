// What a receiver needs of a store.

/**
 * What a claim found: `new`, the delivery is yours until the lease ends; `in-progress`, somebody else has it;
 * `done`, it was processed.
 */
export type Claim = "new" | "in-progress" | "done";

/**
 * Remembers which deliveries are in hand and which are done, for every process that shares it. Each call is one atomic
 * step, and judges time by the store's own clock. A call that fails rejects (or throws): the receiver then answers 503.
 *
 * `hookseal/stores/conformance` proves a store of your own.
 *
 * @typeParam Tx What a transactional store's handler gets to write with; `undefined` for all others.
 */
export interface Store<Tx = undefined> {
  /**
   * Takes a delivery in hand for `lease` **milliseconds**, unless it is done or somebody else has it. By the owner who
   * has it already: renews the lease (`new`). A lease that ended belongs to nobody.
   *
   * @param key The delivery's idempotency key: any text.
   * @param lease Milliseconds.
   * @param owner Random text that no other claimant has.
   */
  claim(key: string, lease: number, owner: string): Claim | Promise<Claim>;
  /** Marks a delivery as done for `ttl` **milliseconds**, whoever has it: its effect took place. */
  complete(key: string, ttl: number, owner: string): void | Promise<void>;
  /** Gives a delivery back, so that the next attempt is `new`. Does nothing for what is done, or is another owner's. */
  release(key: string, owner: string): void | Promise<void>;
  /**
   * Claims, works and completes in one transaction, in place of the three calls: the work's effect and the completion
   * take place together or not at all. Where there is no such method, the receiver uses the three.
   *
   * @param work Runs if the claim is `new`. If it rejects, nothing took place, and its error is passed on.
   */
  transact?<T>(key: string, ttl: number, work: (transaction: Tx) => Promise<T>): Promise<Transacted<T>>;
}

/** What a transaction found, and what the work gave if it ran. */
export type Transacted<T> =
  | { readonly claim: "new"; readonly result: T }
  | { readonly claim: "in-progress" | "done"; readonly result?: undefined };
