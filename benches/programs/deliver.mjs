// One delivery, as data, for those who have no signer.

import { forgedText, headersOf, SECRET, textOf } from "./delivery.mjs";
import { spec, tell } from "./program.mjs";

const body = textOf(spec.size);
tell({ secret: SECRET, body, forged: forgedText(body), headers: headersOf(body, "webhook") });
