// Typed payloads: the core decides which kind of value each field may be.
import { type Body, isEmpty, parseJson } from "./body.js";
import { checkField } from "./core.js";
import { failure } from "./errors.js";
import { INVALID_JSON, type Shape } from "./reasons.js";

/** Parses a body and checks that it has the shape. Throws a `WebhookPayloadError`. */
export function parseShape(shape: Shape, body: Body, ascii = false): unknown {
  if (isEmpty(body)) throw failure(INVALID_JSON);
  const value = parseJson(body, ascii);
  checkShape(shape, value);
  return value;
}

/** Checks that a JSON value has the shape. Throws a `WebhookPayloadError`. */
export function checkShape(shape: Shape, value: unknown): void {
  const failed = wrongField(shape, value, (field, kind) => checkField(shape.number, field, kind));
  if (failed) throw failure(failed.number, failed.path);
}

/** The first field that is not of a kind it may have, by the core or another judge. */
export function wrongField(
  { fields }: Shape,
  value: unknown,
  judge: (field: number, kind: number) => number,
): { path: string; number: number } | undefined {
  for (const [field, path] of fields.entries()) {
    const found = path.split(".").slice(1).reduce(member, value);
    const number = judge(field, kindOf(found));
    if (number) return { path, number };
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
