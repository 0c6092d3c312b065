// Signing of one small delivery.

import { bytesOf } from "./cases.mjs";
import { hookseal, standardwebhooks, webCrypto } from "./contenders.mjs";
import { byHand } from "./contenders.node.mjs";
import { svix, svixLatest } from "./contenders.npm.mjs";
import { textOf } from "./delivery.mjs";
import { measure } from "./measure.mjs";
import { spec, tell } from "./program.mjs";

const ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
const text = textOf(spec.size);
const body = spec.body === "Buffer" ? bytesOf(text) : text;
const date = new Date();
const expected = byHand().sign(ID, date, text);

const cases = [svix, svixLatest, standardwebhooks, byHand, webCrypto, hookseal].map((make) => {
  const { name, async, sign } = make();
  return { name, async, right: () => sign(ID, date, body), gives: expected };
});
tell(await measure(cases, spec));
