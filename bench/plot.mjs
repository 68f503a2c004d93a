// Bars of the questions on a logarithmic scale: node plot.mjs results.csv results.svg
import { readFileSync, writeFileSync } from "node:fs";

const [source, target] = process.argv.slice(2);
const fields = (line) => [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map((m) => m[1] ?? m[2]);
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const ways = [
  { name: "plain SQL", column: 3, colour: "#9aa5b1" },
  { name: "DuckDB", column: 6, colour: "#e0a526" },
  { name: "explore_analytics", column: 4, colour: "#1f6feb" },
];

const questions = readFileSync(source, "utf8").trim().split("\n").slice(1).map(fields)
  .filter((row) => row[0].startsWith("Q") && row[2] === "ms")
  .map((row) => ({
    title: `${row[0]}  ${row[1]}`,
    bars: ways.map((way) => ({ ...way, ms: Number(row[way.column]) })).filter((bar) => bar.ms > 0),
  }));
const all = questions.flatMap((question) => question.bars.map((bar) => bar.ms));
const low = Math.floor(Math.log10(Math.min(...all, 1)));
const high = Math.ceil(Math.log10(Math.max(...all, 10)));

const left = 420, width = 520, bar = 13, gap = 14, top = 64;
const x = (ms) => left + ((Math.log10(ms) - low) / (high - low)) * width;
const time = (ms) => (ms >= 1000 ? `${+(ms / 1000).toPrecision(3)} s` : `${+ms.toPrecision(ms < 1 ? 2 : 3)} ms`);
const text = (at, y, content, more = "") => `<text x="${at.toFixed(1)}" y="${y}" ${more}>${escape(content)}</text>`;

let y = top;
const marks = [];
for (const { title, bars } of questions) {
  marks.push(text(left - 12, y + (bars.length * bar) / 2 + 4, title, 'text-anchor="end" font-size="12"'));
  for (const { ms, colour } of bars) {
    marks.push(`<rect x="${left}" y="${y}" width="${Math.max(x(ms) - left, 1).toFixed(1)}" height="${bar - 2}" fill="${colour}"/>`);
    marks.push(text(x(ms) + 6, y + bar - 3, time(ms), 'font-size="11" fill="#444"'));
    y += bar;
  }
  y += gap;
}
const grid = [];
for (let power = low; power <= high; power++) {
  const at = x(10 ** power).toFixed(1);
  grid.push(`<line x1="${at}" y1="${top - 8}" x2="${at}" y2="${y}" stroke="#ddd"/>`);
  grid.push(text(Number(at), top - 14, time(10 ** power), 'text-anchor="middle" font-size="11" fill="#777"'));
}
const legend = ways.map((way, i) =>
  `<rect x="${left + i * 150}" y="14" width="12" height="12" fill="${way.colour}"/>` + text(left + 18 + i * 150, 25, way.name));
writeFileSync(target, `<svg xmlns="http://www.w3.org/2000/svg" width="${left + width + 100}" height="${y + 10}" font-family="sans-serif" font-size="13">
<rect width="100%" height="100%" fill="white"/>
${[...legend, ...grid, ...marks].join("\n")}
</svg>
`);
