// Reads a body no further than its limit, and waits no longer than it may.
import type { Outcome } from "./receiver.answers.js";

/** A body's bytes, or why there are none. */
export type ReceivedBody =
  | Uint8Array
  | Extract<Outcome, "body_too_large" | "slow_body" | "broken_body" | "body_consumed">;

/** A body as it comes in. */
export class Pieces {
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(readonly limit: number) {}

  /** Takes the next piece. `false` if that is more than the limit; nothing is kept then. */
  add(piece: Uint8Array): boolean {
    this.#length += piece.byteLength;
    if (this.#length > this.limit) {
      this.#pieces.length = 0;
      return false;
    }
    this.#pieces.push(piece);
    return true;
  }

  /** All of it. */
  join(): Uint8Array {
    const [first] = this.#pieces;
    if (first !== undefined && this.#pieces.length === 1) return first;
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.byteLength;
    }
    return whole;
  }
}

/** Reads the body of a Fetch request: at most `limit` bytes, within `timeout` milliseconds. Never rejects. */
export async function readRequest(request: Request, limit: number, timeout: number): Promise<ReceivedBody> {
  if (request.bodyUsed) return "body_consumed";
  if (request.body === null) return new Uint8Array();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"slow_body">((resolve) => {
    timer = setTimeout(resolve, timeout, "slow_body");
  });
  let reader: ReadableStreamDefaultReader<Uint8Array>;
  try {
    reader = request.body.getReader();
  } catch {
    clearTimeout(timer);
    return "body_consumed"; // somebody else holds the stream
  }
  const pieces = new Pieces(limit);
  let outcome: ReceivedBody | undefined;
  try {
    while (outcome === undefined) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "slow_body") outcome = next;
      else if (next.done) return pieces.join();
      else if (!pieces.add(next.value)) outcome = "body_too_large";
    }
  } catch {
    outcome = "broken_body";
  } finally {
    clearTimeout(timer);
  }
  reader.cancel().catch(() => {}); // it is no use any more, whatever becomes of it
  return outcome;
}
