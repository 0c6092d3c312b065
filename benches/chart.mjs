// Charts as SVG, readable on light and dark: bars, and lines over a logarithmic axis.

const STYLE = `<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .note { fill: #59636e; font-size: 12px; }
  .ours { fill: #0969da; } .other { fill: #8c959f; }
  .spread, .axis { stroke: #59636e; } .grid { stroke: #d1d9e0; }
  .c0 { stroke: #0969da; fill: #0969da; } .c1 { stroke: #bc4c00; fill: #bc4c00; } .c2 { stroke: #1a7f37; fill: #1a7f37; }
  .c3 { stroke: #8250df; fill: #8250df; } .c4 { stroke: #bf3989; fill: #bf3989; } .c5 { stroke: #9a6700; fill: #9a6700; }
  .paper { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .note { fill: #9198a1; } .paper { fill: #0d1117; }
    .ours { fill: #4493f8; } .other { fill: #656c76; }
    .spread, .axis { stroke: #9198a1; } .grid { stroke: #3d444d; }
    .c0 { stroke: #4493f8; fill: #4493f8; } .c1 { stroke: #f0883e; fill: #f0883e; } .c2 { stroke: #3fb950; fill: #3fb950; }
    .c3 { stroke: #ab7df8; fill: #ab7df8; } .c4 { stroke: #db61a2; fill: #db61a2; } .c5 { stroke: #d29922; fill: #d29922; }
  }
</style>`;

const WIDTH = 840;

/** @typedef {{name: string, value: number, low: number, high: number, ours: boolean}} Bar */

/**
 * Horizontal bars, the longest first.
 * @param {{title: string, axis: string, rows: Bar[]}} chart
 */
export function bars({ title, axis, rows }) {
  const [left, right, top, step] = [330, 70, 50, 26];
  const sorted = [...rows].sort((a, b) => b.value - a.value);
  const longest = Math.max(...sorted.map(({ value, high }) => Math.max(value, high)));
  const x = (/** @type {number} */ value) => round(left + (value / longest) * (WIDTH - left - right));
  const parts = sorted.map(({ name, value, low, high, ours }, at) => {
    const y = top + at * step;
    return `<text x="${left - 8}" y="${y + 14}" text-anchor="end">${escaped(name)}</text>
<rect class="${ours ? "ours" : "other"}" x="${left}" y="${y}" width="${round(x(value) - left)}" height="18"/>
<line class="spread" x1="${x(low)}" x2="${x(high)}" y1="${y + 9}" y2="${y + 9}"/>
<text x="${round(Math.max(x(value), x(high)) + 6)}" y="${y + 14}">${value.toPrecision(3)}</text>`;
  });
  const bottom = top + sorted.length * step;
  parts.push(`<line class="axis" x1="${left}" x2="${left}" y1="${top - 4}" y2="${bottom}"/>`);
  parts.push(`<text class="note" x="${left}" y="${bottom + 18}">${escaped(axis)}</text>`);
  return svg(title, bottom + 34, parts);
}

/** @typedef {{name: string, points: [x: number, y: number][], slow: string}} Line slow: what it is compared with */

/**
 * Lines over two logarithmic axes, with a legend.
 * @param {{title: string, x: string, y: string, ticks: (readonly [at: number, label: string])[], lines: Line[]}} chart
 */
export function lines({ title, x: xLabel, y: yLabel, ticks, lines }) {
  const [left, right, top, height] = [60, 30, 60, 320];
  const all = lines.flatMap(({ points }) => points.map(([, y]) => y)).filter((y) => y > 0);
  const [least, most] = [Math.min(0.5, ...all), Math.max(2, ...all) * 1.1];
  const first = ticks[0]?.[0] ?? 1;
  const last = ticks.at(-1)?.[0] ?? 10;
  const x = (/** @type {number} */ at) =>
    round(left + (Math.log(at / first) / Math.log(last / first)) * (WIDTH - left - right));
  const y = (/** @type {number} */ at) =>
    round(top + height - (Math.log(at / least) / Math.log(most / least)) * height);
  const parts = [0.5, 1, 2, 3, 5, 10, 20, 50, 100]
    .filter((at) => at >= least && at <= most)
    .map(
      (
        at,
      ) => `<line class="${at === 1 ? "axis" : "grid"}" x1="${left}" x2="${WIDTH - right}" y1="${y(at)}" y2="${y(at)}"/>
<text x="${left - 8}" y="${y(at) + 4}" text-anchor="end">${at}x</text>`,
    );
  // 100 and 150 bytes are too near each other for two labels.
  for (const [at, label] of ticks.filter((_, index) => index !== 1)) {
    parts.push(`<text x="${x(at)}" y="${top + height + 18}" text-anchor="middle">${escaped(label)}</text>`);
  }
  parts.push(`<text class="note" x="${left}" y="${top - 14}">${escaped(yLabel)} (logarithmic)</text>`);
  parts.push(
    `<text class="note" x="${(left + WIDTH - right) / 2}" y="${top + height + 36}" text-anchor="middle">${escaped(xLabel)} (logarithmic)</text>`,
  );
  for (const [at, { name, points, slow }] of lines.entries()) {
    const path = points.map(([px, py], index) => `${index ? "L" : "M"}${x(px)} ${y(py)}`).join("");
    parts.push(`<path class="c${at % 6}" style="fill: none; stroke-width: 2" d="${path}"/>`);
    for (const [px, py] of points) parts.push(`<circle class="c${at % 6}" cx="${x(px)}" cy="${y(py)}" r="3"/>`);
    const legend = top + height + 60 + at * 20;
    parts.push(`<rect class="c${at % 6}" x="${left}" y="${legend - 10}" width="14" height="10"/>
<text x="${left + 22}" y="${legend}">${escaped(`${name}, against ${slow}`)}</text>`);
  }
  return svg(title, top + height + 60 + lines.length * 20, parts);
}

/** @param {string} title @param {number} height @param {string[]} parts */
function svg(title, height, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
${STYLE}
<rect class="paper" width="100%" height="100%"/>
<text class="title" x="20" y="28">${escaped(title)}</text>
${parts.join("\n")}
</svg>
`;
}

const round = (/** @type {number} */ value) => Math.round(value * 10) / 10;

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
