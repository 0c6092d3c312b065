// Reads a body no further than its limit, and waits no longer than it may.
import type { Outcome } from "./receiver.answers.js";

/** A body's bytes, or why there are none. */
export type ReceivedBody =
  | Uint8Array
  | Extract<Outcome, "body_too_large" | "slow_body" | "broken_body" | "body_consumed">;

/** Room for a body that comes in more than one piece, at first: most are shorter. */
const FIRST_ROOM = 4096;

/** A body as it comes in. Copied together at once: who sends single bytes must not cost an object for each. */
export class Pieces {
  readonly #limit: number;
  #bytes: Uint8Array = new Uint8Array();
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes the next piece. `false` if that is more than the limit; nothing is kept then. */
  add(piece: Uint8Array): boolean {
    const at = this.#length;
    this.#length += piece.byteLength;
    if (this.#length > this.#limit) {
      this.#bytes = new Uint8Array();
      return false;
    }
    if (at === 0) {
      this.#bytes = piece; // mostly all of it
    } else if (piece.byteLength > 0) {
      // The first piece is full, so it is never written to.
      if (this.#length > this.#bytes.byteLength) this.#grow(at);
      this.#bytes.set(piece, at);
    }
    return true;
  }

  /** All of it. */
  join(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(used: number): void {
    const more = new Uint8Array(Math.min(this.#limit, Math.max(FIRST_ROOM, 2 * this.#length)));
    more.set(this.#bytes.subarray(0, used));
    this.#bytes = more;
  }
}

/** Reads the body of a Fetch request: at most `limit` bytes, within `timeout` milliseconds. Never rejects. */
export async function readRequest(request: Request, limit: number, timeout: number): Promise<ReceivedBody> {
  if (request.bodyUsed) return "body_consumed";
  if (request.body === null) return new Uint8Array();
  let reader: ReadableStreamDefaultReader<Uint8Array>;
  try {
    reader = request.body.getReader();
  } catch {
    return "body_consumed"; // somebody else holds the stream
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Not Promise.race for each piece: it would remember every one until the timer ends.
  const body = await new Promise<ReceivedBody>((resolve) => {
    timer = setTimeout(resolve, timeout, "slow_body");
    readPieces(reader, new Pieces(limit)).then(resolve, () => resolve("broken_body"));
  });
  clearTimeout(timer);
  if (body === "body_too_large") await drop(reader);
  // A read that still waits ends with this.
  else if (typeof body === "string") reader.cancel().catch(() => {});
  return body;
}

/** Drops a body that nobody has read, and nobody wants. Never rejects. */
export async function dropRequest(request: Request): Promise<void> {
  if (request.body === null || request.bodyUsed || request.body.locked) return;
  await drop(request.body.getReader());
}

/**
 * How much of a body that nobody wants is still read, and for how long: a connection that is closed while its sender
 * writes takes the answer along that is on its way to it.
 */
export const LINGER_BYTES = 4 * 1024 * 1024;
export const LINGER_MS = 1000;

async function drop(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let left = LINGER_BYTES;
  const cancel = () => {
    left = 0;
    reader.cancel().catch(() => {});
  };
  const timer = setTimeout(cancel, LINGER_MS);
  try {
    while (left > 0) {
      const { done, value } = await reader.read();
      left -= done ? left : value.byteLength;
    }
  } catch {
    // it broke off, which ends it as well
  }
  clearTimeout(timer);
  cancel();
}

async function readPieces(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  pieces: Pieces,
): Promise<Uint8Array | "body_too_large"> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return pieces.join();
    if (!pieces.add(value)) return "body_too_large";
  }
}
