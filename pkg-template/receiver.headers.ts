// A request's headers, in the two forms in which hosts have them.

/** Fetch `Headers`, or what Node has: an object with lower-case names. */
export type IncomingHeaders = Headers | { readonly [name: string]: string | string[] | undefined };

/** One header; one that was given several times is joined with commas. */
export function headerOf(headers: IncomingHeaders, name: string): string | undefined {
  if (isFetch(headers)) return headers.get(name) ?? undefined;
  return headers[name]?.toString();
}

/** As Fetch has them. */
export function fetchHeaders(headers: IncomingHeaders): Headers {
  if (isFetch(headers)) return headers;
  const made = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    // HTTP/2's pseudo-headers, such as :path, are none.
    if (value === undefined || name.startsWith(":")) continue;
    for (const one of [value].flat()) made.append(name, one);
  }
  return made;
}

const CREDENTIALS = ["authorization", "cookie", "proxy-authorization"];

/** What a queue may keep of them. */
export function keptHeaders(headers: IncomingHeaders): Record<string, string> {
  return Object.fromEntries(Array.from(fetchHeaders(headers)).filter(([name]) => !CREDENTIALS.includes(name)));
}

// Not `instanceof`: they may be another realm's.
function isFetch(headers: IncomingHeaders): headers is Headers {
  return typeof headers.get === "function";
}
