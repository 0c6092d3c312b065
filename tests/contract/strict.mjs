// What Prism does not look at: a query name or header that the operation does not have, a body where none is taken, the token
// itself, a `/` too many.

/**
 * An operation as Prism reads it from the document.
 * @typedef {object} Operation
 * @property {string} iid its operationId
 * @property {string} method lower case
 * @property {string} path with `{…}` in it
 * @property {{query?: {name: string}[], headers?: {name: string}[], body?: object}} [request]
 */

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */

/** What HTTP itself and the hosts' fetch add; `prefer` chooses among Prism's examples. */
const TRANSPORT =
  /^(accept|accept-encoding|accept-language|authorization|cache-control|connection|content-length|content-type|host|keep-alive|pragma|prefer|priority|te|transfer-encoding|user-agent|(sec|cf|mf)-.*)$/;

/** @param {IncomingMessage} incoming */
const targetOf = ({ url }) => /** @type {[path: string, query?: string]} */ (url?.split("?"));

/**
 * @param {Operation[]} operations
 * @param {IncomingMessage} incoming
 * @returns {Operation | undefined}
 */
export function findOperation(operations, incoming) {
  const [path] = targetOf(incoming);
  const fits = operations.filter((operation) => {
    if (operation.method !== incoming.method?.toLowerCase()) return false;
    const pattern = operation.path.split(/\{\w+\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${pattern.join("[^/]+")}$`).test(path);
  });
  // Where a fixed path and one with a parameter fit, the fixed one is meant.
  return fits.find((operation) => operation.path === path) ?? fits[0];
}

/**
 * @param {Operation | undefined} operation
 * @param {IncomingMessage} incoming
 * @param {Buffer} body
 * @param {string} token
 * @returns {string[]}
 */
export function violationsOf(operation, incoming, body, token) {
  const [path, query = ""] = targetOf(incoming);
  if (!operation) return [`there is no ${incoming.method} ${path}`];
  const { query: queryNames = [], headers: headerNames = [], body: takesBody } = operation.request ?? {};
  const violations = [];

  const seen = [...new URLSearchParams(query).keys()];
  for (const name of seen) {
    if (!queryNames.some((known) => known.name === name)) violations.push(`there is no query parameter ${name}`);
  }
  if (new Set(seen).size < seen.length) violations.push("a query parameter stands twice");

  for (const name of Object.keys(incoming.headers)) {
    const known = headerNames.some((header) => header.name.toLowerCase() === name);
    if (!known && !TRANSPORT.test(name)) violations.push(`there is no header ${name}`);
  }
  if (incoming.headers.authorization !== `Bearer ${token}`) violations.push("the Authorization header is wrong");

  const type = incoming.headers["content-type"];
  if (!takesBody && body.length > 0) violations.push("there is a body");
  if (!takesBody && type !== undefined) violations.push("there is a Content-Type without a body");
  if (takesBody && !/^application\/json\s*(;|$)/i.test(type ?? "")) violations.push(`the Content-Type is ${type}`);
  return violations;
}
