// One delivery in hand: claimed, handled, completed. Nothing here knows HTTP.
import type { Outcome } from "./receiver.answers.js";
import type { DeliveryContext, Handler, Settings } from "./receiver.options.js";
import type { Verdict } from "./receiver.verdicts.js";
import type { Claim, Store, Transacted } from "./stores/store.js";

/** What is processed, and for whom. */
export interface Job<P, Env> {
  readonly id: string;
  readonly payload: P;
  readonly env: Env;
  /** Made when a handler asks for them: most do not. */
  readonly headers: () => Headers;
}

type Transactional<Tx> = Store<Tx> & Required<Pick<Store<Tx>, "transact">>;

/**
 * Milliseconds between attempts to tell the store what is done: doubled each time, up to the longest or a tenth of the lease,
 * so that a store that comes back within what is left of the lease hears of it; and at least for so long in all.
 */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 5_000;
const PATIENCE = 60_000;

/** A delivery on its way through store and handler. */
export class Task<P, Env, Tx> {
  /** What a sender is told who cannot wait for the end. */
  standing: Outcome = "store_unavailable";
  /** What the handler or the store threw. */
  error: unknown;
  readonly #job: Job<P, Env>;
  readonly #settings: Settings<P, Env, Tx>;
  readonly #owner = newOwner();
  #aborter: AbortController | undefined;
  #lost = false;

  constructor(job: Job<P, Env>, settings: Settings<P, Env, Tx>) {
    this.#job = job;
    this.#settings = settings;
  }

  /** Does everything. Never rejects. */
  async run(): Promise<Outcome> {
    try {
      const store = this.#settings.store(this.#job.env);
      return store.transact === undefined
        ? await this.#inSteps(store)
        : await this.#inTransaction(store as Transactional<Tx>);
    } catch (error) {
      this.error = error;
      return "store_unavailable";
    }
  }

  async #inSteps(store: Store<Tx>): Promise<Outcome> {
    const { id } = this.#job;
    const { lease } = this.#settings;
    let asked: number;
    do {
      asked = performance.now();
      const claim = await store.claim(id, lease, this.#owner);
      if (claim !== "new") return outcomeOf(claim);
      // An answer that was under way for long can be about a lease that has ended since. Asked again, the store says.
    } while (performance.now() - asked > lease / 3);

    this.standing = "deadline";
    const letGo = this.#keepLease(store, asked + lease);
    let outcome: Outcome;
    try {
      outcome = await this.#handle(undefined as Tx);
    } catch (error) {
      this.error = error;
      this.standing = "handler_failed";
      await letGo();
      // If this fails, too, the lease ends by itself.
      await orNothing(() => store.release(id, this.#owner));
      return "handler_failed";
    }
    // The effect took place. Who asks now is told so, even if the store cannot be told yet: another attempt would
    // repeat the effect.
    this.standing = outcome;
    await letGo();
    await this.#complete(store);
    return outcome;
  }

  async #inTransaction(store: Transactional<Tx>): Promise<Outcome> {
    let failed = false;
    let done: Transacted<Outcome>;
    try {
      done = await store.transact<Outcome>(this.#job.id, this.#settings.ttl, async (transaction: Tx) => {
        this.standing = "deadline";
        try {
          return await this.#handle(transaction);
        } catch (error) {
          failed = true;
          throw error;
        }
      });
    } catch (error) {
      this.error = error;
      return failed ? "handler_failed" : "store_unavailable";
    }
    return done.claim === "new" ? done.result : outcomeOf(done.claim);
  }

  async #handle(transaction: Tx): Promise<Outcome> {
    const handler: Handler<P, Env, Tx> = this.#settings.handler;
    const verdict = (await handler(this.#job.payload, this.#context(transaction))) as
      | Partial<Verdict>
      | undefined
      | null;
    // By value: it may come from another copy of this package.
    switch (verdict?.webhookDelivery) {
      case "disable":
        return "endpoint_stopped";
      case "abort-message":
        return "message_aborted";
      default:
        return "processed";
    }
  }

  #context(transaction: Tx): DeliveryContext<Env, Tx> {
    const { id, env, headers } = this.#job;
    let made: Headers | undefined;
    const signal = () => this.#signal();
    return {
      id,
      env,
      transaction,
      duplicate: false,
      get headers() {
        return (made ??= headers());
      },
      get signal() {
        return signal();
      },
    };
  }

  #signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    if (this.#lost) this.#aborter.abort(new Error("The lease on this delivery was lost"));
    return this.#aborter.signal;
  }

  /** Renews the lease, which ends at `until`, until the function that it gives is called: that waits for the last renewal. */
  #keepLease(store: Store<Tx>, until: number): () => Promise<void> {
    const { lease, logger } = this.#settings;
    let renewing: Promise<void> | undefined;
    let held = true;
    const lose = (why: string, error?: unknown) => {
      clearTimeout(end);
      if (!held || this.#lost) return;
      this.#lost = true;
      if (this.#aborter !== undefined) this.#signal();
      logger.error(`hookseal: the lease was lost while the handler ran, so another process may run it too: ${why}`, {
        id: this.#job.id,
        ...(error !== undefined && { error }),
      });
    };
    let failure: unknown;
    const atEnd = () => setTimeout(() => lose("it could not be renewed in time", failure), until - performance.now());
    const renew = async () => {
      const asked = performance.now();
      try {
        const claim = await store.claim(this.#job.id, lease, this.#owner);
        if (claim !== "new") return lose(claim);
        clearTimeout(end);
        until = asked + lease;
        if (held) end = atEnd();
      } catch (error) {
        failure = error;
      }
      if (held) later();
    };
    // A third, so that two renewals can fail. Goes on when the lease has ended: nobody may have taken it yet.
    const later = () => {
      timer = setTimeout(() => {
        renewing = renew();
      }, lease / 3);
    };
    let end = atEnd();
    let timer: ReturnType<typeof setTimeout> | undefined;
    later();
    return async () => {
      held = false;
      clearTimeout(timer);
      clearTimeout(end);
      // One that is on its way must not arrive after the release, and take the lease again.
      await renewing;
    };
  }

  /** Tells the store, for as long as it takes: the sender, at the latest at the deadline, is told what stands. */
  async #complete(store: Store<Tx>): Promise<void> {
    const { ttl, lease, logger } = this.#settings;
    const { id } = this.#job;
    const until = performance.now() + Math.max(PATIENCE, lease);
    const longest = Math.min(LONGEST_PAUSE, lease / 10);
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, longest)) {
      try {
        return await store.complete(id, ttl, this.#owner);
      } catch (error) {
        const given = performance.now() > until;
        const next = given ? "another attempt would be processed again" : "trying again";
        logger.error(`hookseal: processed, but the store could not be told: ${next}`, { id, error });
        if (given) return;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function outcomeOf(claim: Exclude<Claim, "new">): Outcome {
  return claim === "done" ? "duplicate" : "in_progress";
}

async function orNothing(call: () => unknown): Promise<void> {
  try {
    await call();
  } catch {
    // said by the caller
  }
}

let claimant: string | undefined;
let claims = 0;

/** Text that no other claimant has. */
function newOwner(): string {
  // Not at import: a Worker may make random numbers only while it handles a request.
  claimant ??= crypto.randomUUID();
  return `${claimant}/${++claims}`;
}
