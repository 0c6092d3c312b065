// What an import costs an app.

import { artifacts, peerSizes, sizes } from "../scripts/size.mjs";
import { bars } from "./chart.mjs";

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
    targets: measured.map(({ entry, form, gzip, aim }) => ({
      target: `${entry}, ${form}: at most ${aim}`,
      figure: `${gzip} bytes`,
      met: gzip <= aim,
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
