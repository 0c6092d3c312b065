// What an import costs an app.

import { artifacts, peerSizes, sizes } from "../scripts/size.mjs";
import { bars } from "./chart.mjs";

/** Bytes. The budgets of scripts/size.mjs, which are tests, are as low as or lower. */
const AIMS = {
  hookseal: { inlined: 10_240, workerd: 8192 },
  "hookseal/reducto": { inlined: 25_600, workerd: 25_600 },
};

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const measured = await sizes();
  const one = (/** @type {string} */ group, /** @type {string} */ name, /** @type {number} */ bytes) => {
    return { group, name, unit: "bytes", median: bytes, low: bytes, high: bytes };
  };
  const apps = [
    ...measured.map(({ entry, form, gzip }) => one("import, gzip -9", `${entry}, ${form}`, gzip)),
    ...(await peerSizes()).map(({ name, gzip }) => one("import, gzip -9", name, gzip)),
  ];
  const files = await artifacts();
  const title = "Bytes of an import: JavaScript and wasm, minified, gzipped";
  return {
    title,
    measurements: [
      ...apps,
      ...files.flatMap(({ name, bytes, gzip, sections, functions }) => [
        one(name, "file", bytes),
        one(name, "file, gzip -9", gzip),
        ...sections.map((part) => one(name, `section: ${part.name}`, part.bytes)),
        ...functions.slice(0, 12).map((part) => one(name, `function: ${part.name}`, part.bytes)),
      ]),
    ],
    targets: measured.map(({ entry, form, gzip }) => ({
      target: `${entry}, ${form}: at most ${AIMS[entry][form]}`,
      figure: `${gzip} bytes`,
      met: gzip <= AIMS[entry][form],
    })),
    chart: bars({
      title,
      axis: "bytes: shorter is smaller",
      rows: apps.map(({ name, median, low, high }) => {
        return { name, value: median, low, high, ours: name.startsWith("hookseal") };
      }),
    }),
  };
}
