// One request, as a sender makes it, or as one that goes wrong on the way. On bare sockets: a broken request needs them,
// and two cores have better to do than what a whole HTTP client does.

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * plain: in one piece. cut: the connection ends within the body. slow: the body comes in pieces. stuck: it does not come
 * within the receiver's bodyTimeout.
 * @typedef {"plain" | "cut" | "slow" | "stuck"} Way
 */

/** @typedef {{status?: number, incarnation?: string, error?: string}} Answered without a status, there was no answer */

/** @typedef {import("node:net").Socket} Socket */

/** After this, Svix gives an attempt up. */
const ATTEMPT_MS = 15_000;

/** How long a cut request lives, the pauses of a slow one, and how long a stuck one goes on. */
const CUT_MS = 20;
const SLOW_MS = 250;
const STUCK_MS = 4_000;

/**
 * @param {number} port
 * @returns {(way: Way, headers: Record<string, string>, body: string) => Promise<Answered>}
 */
export function attempter(port) {
  /** @type {Socket[]} connections that are free; who waited longest goes first, so that every one is used */
  const free = [];
  return async (way, headers, body) => {
    // What goes wrong takes its connection with it.
    let socket = way === "plain" ? free.shift() : undefined;
    while (socket?.destroyed) socket = free.shift();
    socket ??= connect({ port, host: "127.0.0.1", noDelay: true });
    const answered = answerOf(socket);
    write(socket, way, headOf(headers), body);
    const answer = await answered;
    if (way === "plain" && !socket.destroyed) free.push(socket);
    else socket.destroy();
    return answer;
  };
}

/** @param {Record<string, string>} headers */
function headOf(headers) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /webhook HTTP/1.1\r\nhost: receiver.example\r\n${lines.join("")}\r\n`;
}

/**
 * @param {Socket} socket
 * @param {Way} way
 * @param {string} head
 * @param {string} body ASCII
 */
async function write(socket, way, head, body) {
  if (way === "plain") return void socket.write(head + body);
  const half = Math.floor(body.length / 2);
  socket.write(head + body.slice(0, half));
  if (way === "cut") {
    await sleep(CUT_MS);
    return void socket.destroy(new Error("cut"));
  }
  await sleep(way === "stuck" ? STUCK_MS : SLOW_MS);
  if (socket.destroyed) return;
  socket.write(body.slice(half, half + 10));
  await sleep(SLOW_MS);
  if (!socket.destroyed) socket.write(body.slice(half + 10));
}

/**
 * Waits for the answer. Never rejects.
 * @param {Socket} socket
 * @returns {Promise<Answered>}
 */
function answerOf(socket) {
  return new Promise((done) => {
    let text = "";
    const settle = (/** @type {Answered} */ answered) => {
      clearTimeout(timer);
      socket.removeListener("data", onData).removeListener("error", onError).removeListener("close", onClose);
      socket.on("error", () => {}); // nobody asks any more
      done(answered);
    };
    const onData = (/** @type {Buffer} */ bytes) => {
      text += bytes.toString("latin1");
      const answer = parse(text);
      if (answer === undefined) return;
      if (answer.closing) socket.destroy();
      settle(answer.answered);
    };
    const onError = (/** @type {NodeJS.ErrnoException} */ error) => settle({ error: error.code ?? error.message });
    const onClose = () => settle({ error: "closed" });
    const timer = setTimeout(() => socket.destroy(new Error("no answer in time")), ATTEMPT_MS);
    socket.removeAllListeners("error");
    socket.on("data", onData).on("error", onError).on("close", onClose);
  });
}

/**
 * @param {string} text
 * @returns {{answered: Answered, closing: boolean} | undefined} undefined: there is more to come
 */
function parse(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = text.slice(0, end);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (text.length < end + 4 + length) return undefined;
  const incarnation = /\r\nx-incarnation: (\S+)/i.exec(head)?.[1];
  const answered = { status: Number(head.slice(9, 12)), ...(incarnation && { incarnation }) };
  return { answered, closing: /\r\nconnection: close/i.test(head) };
}
