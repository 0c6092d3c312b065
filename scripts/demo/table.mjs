// The demo's table: 100 columns at most, with colour only where it is wanted.

const WIDTH = 100;
const COLUMNS = ["delivery", "expected", "Express", "Worker", "why"];

const colours = process.stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
const paint = (/** @type {number} */ code) => (/** @type {string} */ text) =>
  colours ? `\x1b[${code}m${text}\x1b[0m` : text;
const [bold, faint, red, green] = [paint(1), paint(2), paint(31), paint(32)];

/**
 * @param {import("./deliver.mjs").Row[]} rows
 * @param {string[]} misdeeds what went wrong besides
 * @returns {boolean} whether all is as expected
 */
export function printTable(rows, misdeeds) {
  const cells = rows.map(({ name, expected, answers, why }) => [name, String(expected), ...answers, why]);
  const widths = COLUMNS.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();

  console.log("\n   Webhooks signed by the packages svix and standardwebhooks, sent to two servers that judge them");
  console.log("   with hookseal, installed as it would be from npm.");
  console.log(`\n   ${bold(line(COLUMNS))}`);
  console.log(faint(`   ${widths.map((width) => "─".repeat(width)).join("  ")}`));
  rows.forEach(({ right }, at) => {
    console.log(` ${right ? green("✓") : red("✗")} ${line(cells[at] ?? [])}`);
  });

  const hints = new Map(rows.flatMap(({ why, hint }) => (hint ? [[why, hint]] : [])));
  const indent = Math.max(...[...hints.keys()].map((code) => code.length)) + 5;
  console.log(`\n   ${bold("The hints in the receivers' logs")}`);
  for (const [code, hint] of hints) {
    const [first, ...rest] = wrap(hint, WIDTH - indent);
    console.log(`   ${code.padEnd(indent - 3)}${first}`);
    for (const part of rest) console.log(`${" ".repeat(indent)}${part}`);
  }

  const wrong = rows.filter(({ right }) => !right).length;
  const complaints = wrong
    ? [`${wrong} of ${rows.length} deliveries were not treated as expected.`, ...misdeeds]
    : misdeeds;
  const praise = `All ${rows.length} answers are right. The good deliveries were processed once, the bad ones never.`;
  console.log();
  for (const complaint of complaints) console.log(` ${red("✗")} ${complaint}`);
  if (complaints.length === 0) console.log(` ${green("✓")} ${praise}`);
  console.log();
  return complaints.length === 0;
}

/** @param {string} text @param {number} width */
function wrap(text, width) {
  return text.split(" ").reduce(
    (lines, word) => {
      const last = lines.at(-1) ?? "";
      if (last.length + word.length >= width) lines.push(word);
      else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
      return lines;
    },
    [""],
  );
}
