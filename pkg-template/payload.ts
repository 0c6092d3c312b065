// Typed payloads: a generated table says which kind of value each field may be.
import { type Body, isEmpty, parseJson } from "./body.js";
import { failure, providerFailure } from "./errors.js";
import { INVALID_JSON, INVALID_PAYLOAD, type Shape } from "./reasons.js";

/** Parses a body and checks that it has the shape. Throws a `WebhookPayloadError`. */
export function parseShape(shape: Shape, body: Body, ascii = false): unknown {
  if (isEmpty(body)) throw failure(INVALID_JSON);
  const value = parseJson(body, ascii);
  checkShape(shape, value);
  return value;
}

/** Checks that a JSON value has the shape. Throws a `WebhookPayloadError`. */
export function checkShape(shape: Shape, value: unknown): void {
  const path = wrongField(shape, value);
  if (path !== undefined) throw providerFailure(INVALID_PAYLOAD, path);
}

/** The path of the first field that is not of a kind that it may have. */
export function wrongField(shape: Shape, value: unknown): string | undefined {
  for (const path in shape) {
    const kind = kindOf(path.split(".").slice(1).reduce(member, value));
    if ((((shape[path] as number) >> kind) & 1) === 0) return path;
  }
  return undefined;
}

/** An object's own member; `undefined` if there is none. */
export function member(value: unknown, key: string): unknown {
  const own = typeof value === "object" && value !== null && Object.hasOwn(value, key);
  return own ? (value as Record<string, unknown>)[key] : undefined;
}

/** The kind of a JSON value, as src/payload.rs numbers them. */
function kindOf(value: unknown): number {
  if (value === undefined) return 0;
  if (value === null) return 1;
  if (Array.isArray(value)) return 6;
  switch (typeof value) {
    case "boolean":
      return 2;
    case "number":
      return 3;
    case "string":
      return value === "" ? 4 : 5;
    default:
      return 7;
  }
}
