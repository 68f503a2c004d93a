// What the scripts of this folder draw with: SVG that reads well on light and dark pages.
//   node docs/img/SCRIPT SOURCE [DIRECTORY]
import { writeFileSync } from "node:fs";

export const [source, directory = "docs/img"] = process.argv.slice(2);

export const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
export const fixed = (at) => +at.toFixed(1);
export const number = (value, digits = 3) =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : String(+value.toPrecision(digits));
export const text = (x, y, content, more = "") => `<text x="${fixed(x)}" y="${fixed(y)}" ${more}>${escape(content)}</text>`;
export const line = (points, more) => `<polyline points="${points.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(" ")}" fill="none" ${more}/>`;
export const day = (time) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
export const clock = (time) => new Date(time).toISOString().slice(11, 16);

export const width = 860;
export function picture(name, height, title, description, marks) {
  writeFileSync(`${directory}/${name}.svg`, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="13">
<title id="title">${escape(title)}</title>
<desc id="desc">${escape(description)}</desc>
<style>
.page { fill: #ffffff } text { fill: #1f2328 } .faint { fill: #59636e } .grid { stroke: #d9dee3 } .strong { stroke: #59636e }
.main { stroke: #0969da } .main-fill { fill: #0969da } .other { stroke: #bc4c00 } .other-fill { fill: #bc4c00 } .strip { fill: #e4e9ee }
@media (prefers-color-scheme: dark) {
.page { fill: #0d1117 } text { fill: #e6edf3 } .faint { fill: #9198a1 } .grid { stroke: #30363d } .strong { stroke: #9198a1 }
.main { stroke: #58a6ff } .main-fill { fill: #58a6ff } .other { stroke: #f0883e } .other-fill { fill: #f0883e } .strip { fill: #272e36 }
}
</style>
<rect class="page" width="${width}" height="${height}" rx="8"/>
${text(24, 30, title, 'font-size="16" font-weight="bold"')}
${marks.join("\n")}
</svg>
`);
}

// A plane with y from 0, its lines and numbers; x and y bring values to their place.
export function plane({ left = 64, top = 76, right = width - 24, bottom, count, most, named }) {
  const step = [1, 2, 5].flatMap((m) => [-1, 0, 1, 2, 3, 4, 5, 6].map((p) => m * 10 ** p)).sort((a, b) => a - b).find((s) => most / s <= 5);
  const high = Math.ceil(most / step) * step;
  const x = (i) => left + ((i + 0.5) * (right - left)) / count;
  const y = (value) => bottom - (value / high) * (bottom - top);
  const marks = [];
  for (let value = 0; value <= high + step / 2; value += step) {
    marks.push(`<line class="grid" x1="${left}" y1="${fixed(y(value))}" x2="${right}" y2="${fixed(y(value))}"/>`);
    marks.push(text(left - 8, y(value) + 4, number(value), 'class="faint" text-anchor="end" font-size="12"'));
  }
  for (const [i, name] of named) marks.push(text(x(i), bottom + 18, name, 'class="faint" text-anchor="middle" font-size="12"'));
  return { x, y, marks, step: (right - left) / count };
}

export function legend(items) {
  let at = 64;
  return items.map(({ mark, name }) => {
    const shown = mark(at, 52) + text(at + 28, 56, name);
    at += 28 + 7 * name.length + 24;
    return shown;
  });
}
export const stroke = (more) => (x, y) => `<line x1="${x}" y1="${y}" x2="${x + 20}" y2="${y}" ${more}/>`;
export const box = (more) => (x, y) => `<rect x="${x}" y="${y - 6}" width="20" height="12" ${more}/>`;
export const dot = (more) => (x, y) => `<circle cx="${x + 10}" cy="${y}" r="3.5" ${more}/>`;
