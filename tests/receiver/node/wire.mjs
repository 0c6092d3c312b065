// HTTP as bytes on a socket, so that it can be wrong.

import { connect } from "node:net";
import { Webhook } from "hookseal";

export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/**
 * A request's text.
 * @param {string} path
 * @param {{method?: string, headers?: Record<string, string | number>, body?: string, signed?: boolean, id?: string}} [options]
 */
export function text(path, { method = "POST", headers = {}, body = "", signed = false, id } = {}) {
  const all = {
    host: "127.0.0.1",
    ...(body !== "" && { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
    ...(signed && new Webhook(SECRET).signedHeaders(body, id === undefined ? {} : { id })),
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== "");
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

/** @typedef {{statuses: number[], text: string, closed: boolean, ms: number}} Conversation */

/**
 * Says something to a server, and listens until it closes the connection, or has given so many answers, or the time is up.
 * @param {number} port
 * @param {string | ((socket: import("node:net").Socket) => void)} said
 * @param {{answers?: number, timeout?: number}} [options] answers: without it, until it closes
 * @returns {Promise<Conversation>}
 */
export function say(port, said, { answers = Number.POSITIVE_INFINITY, timeout = 4000 } = {}) {
  return new Promise((done) => {
    const started = performance.now();
    let heard = "";
    const statuses = () =>
      Array.from(heard.matchAll(/HTTP\/1\.1 (\d{3})/g), ([, status]) => Number(status)).filter(
        (status) => status >= 200,
      );
    const settle = (/** @type {boolean} */ closed) => {
      clearTimeout(timer);
      socket.destroy();
      done({ statuses: statuses(), text: heard, closed, ms: performance.now() - started });
    };
    const timer = setTimeout(settle, timeout, false);
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => {
      if (typeof said === "string") socket.write(said);
      else said(socket);
    });
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1");
      if (statuses().length >= answers && heard.endsWith("\r\n\r\n")) settle(false);
    });
    socket.on("error", () => {});
    socket.on("end", () => settle(true));
    socket.on("close", () => settle(true));
  });
}

/** Writes for as long as the other side lets it. @param {string} start @param {string} piece */
export const flood = (start, piece) => (/** @type {import("node:net").Socket} */ socket) => {
  socket.write(start);
  const more = () => {
    while (!socket.destroyed && socket.writable && socket.write(piece));
  };
  socket.on("drain", more);
  more();
};

/** The head of one answer. @param {Conversation} conversation */
export const headOf = ({ text }) =>
  Object.fromEntries(
    (text.split("\r\n\r\n")[0] ?? "")
      .split("\r\n")
      .slice(1)
      .map((line) => {
        const at = line.indexOf(":");
        return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
      }),
  );
