// The pictures of docs/experiments.md. Of peeking, from what tools/torture experiments prints (or its
// numbers as CSV), and of one experiment day by day, from a database in which the examples of the page have been run:
//   node docs/img/plot_experiments.mjs OUTPUT|CONNECTION [DIRECTORY]
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { box, day, fixed, legend, line, number, picture, plane, source, stroke, text, width } from "./draw.mjs";

const dashed = 'stroke-width="1.5" stroke-dasharray="6 4"';

// By the number of looks, the percentage of experiments without any effect in which a method had found one.
function peeking(output) {
  const rows = [...output.matchAll(/^(?:RESULT aa_peeking looks=)?(\d+)[, ](?:welch_percent=)?([\d.]+)[, ](?:sequential_percent=)?([\d.]+)/gm)].map((found) => found.slice(1).map(Number));
  const [, experiments] = output.match(/experiments=(\d+)/) ?? output.match(/^# (\d+) experiments/m);
  const last = rows[rows.length - 1];
  const { x, y, marks } = plane({ top: 84, bottom: 320, right: width - 110, count: rows.length, most: Math.max(...last.slice(1)),
    named: rows.filter(([looks]) => looks === 1 || looks % 5 === 0).map(([looks]) => [looks - 1, looks]) });
  const series = (column, kind) => [
    line(rows.map((row, i) => [x(i), y(row[column])]), `class="${kind}" stroke-width="2" stroke-linejoin="round"`),
    ...rows.map((row, i) => `<circle class="${kind}-fill" cx="${fixed(x(i))}" cy="${fixed(y(row[column]))}" r="3"/>`),
    text(x(rows.length - 1) + 12, y(last[column]) + 4, `${last[column].toFixed(1)} %`, 'font-weight="bold"'),
  ];
  picture("peeking", 380, "Percent of experiments without any effect that have found one, by the number of looks",
    `Of ${number(+experiments)} experiments: after one look welch has found an effect in ${rows[0][1].toFixed(1)} %, after ${last[0]} in ${last[1].toFixed(1)} %; sequential in ${rows[0][2].toFixed(1)} % and ${last[2].toFixed(1)} %.`,
    [...legend([{ mark: stroke('class="other" stroke-width="2"'), name: "welch, stopped at the first p < 0.05" },
      { mark: stroke('class="main" stroke-width="2"'), name: "sequential" },
      { mark: stroke(`class="strong" ${dashed}`), name: "promised: 5 %" }]),
    ...marks, line([[x(-0.5), y(5)], [x(rows.length - 0.5), y(5)]], `class="strong" ${dashed}`),
    ...series(1, "other"), ...series(2, "main"), text((x(0) + x(rows.length - 1)) / 2, 362, "looks", 'class="faint" text-anchor="middle" font-size="12"')]);
}

function experiment() {
  const rows = JSON.parse(execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", source, "-c", `SET TimeZone = 'UTC'`, "-c", `
    SELECT json_agg(t ORDER BY at) FROM (
      SELECT at, s.units, s.diff, s.lower, s.upper, w.lower AS welch_lower, w.upper AS welch_upper
      FROM generate_series(timestamptz '2025-04-15 00:00+00', '2025-04-28 00:00+00', interval '6 hours') at,
        experiment_results('autoplay', '{total_watch_time}', as_of => at) s, experiment_results('autoplay', '{total_watch_time}', 'welch', as_of => at) w
      WHERE s.variant = 'treatment' AND w.variant = 'treatment') t`], { encoding: "utf8" }));
  const left = 64, right = width - 40, top = 84, bottom = 320, low = -4, high = 8;
  const x = (i) => left + (i * (right - left)) / (rows.length - 1);
  const y = (value) => bottom - ((Math.min(Math.max(value, low), high) - low) / (high - low)) * (bottom - top);
  const marks = [];
  for (let value = low; value <= high; value += 2) {
    marks.push(`<line class="${value ? "grid" : "strong"}" x1="${left}" y1="${fixed(y(value))}" x2="${right}" y2="${fixed(y(value))}"/>`);
    marks.push(text(left - 8, y(value) + 4, value > 0 ? `+${value} s` : `${value} s`, 'class="faint" text-anchor="end" font-size="12"'));
  }
  rows.forEach((row, i) => { if (i % 8 === 4) marks.push(text(x(i), bottom + 18, day(row.at), 'class="faint" text-anchor="middle" font-size="12"')); });
  const band = [...rows.map((row, i) => [x(i), y(row.lower)]), ...rows.map((row, i) => [x(i), y(row.upper)]).reverse()];
  const first = rows.findIndex((row) => row.lower > 0), last = rows[rows.length - 1];
  picture("experiment", 356, "Seconds a viewer watches more with the treatment, as known at each time",
    `On ${day(rows[first].at)} the bounds of the method sequential leave 0 out for the first time. At the end the difference is ${last.diff.toFixed(2)} s, between ${last.lower.toFixed(2)} and ${last.upper.toFixed(2)}; those of welch are ${last.welch_lower.toFixed(2)} and ${last.welch_upper.toFixed(2)}.`,
    [...legend([{ mark: stroke('class="main" stroke-width="2"'), name: "difference" },
      { mark: box('class="main-fill" fill-opacity="0.2"'), name: "sequential: holds at all times at once" },
      { mark: stroke(`class="other" ${dashed}`), name: "welch: holds at one time" }]),
    ...marks, `<polygon class="main-fill" fill-opacity="0.2" points="${band.map(([a, b]) => `${fixed(a)},${fixed(b)}`).join(" ")}"/>`,
    ...["welch_lower", "welch_upper"].map((name) => line(rows.map((row, i) => [x(i), y(row[name])]), `class="other" ${dashed}`)),
    line(rows.map((row, i) => [x(i), y(row.diff)]), 'class="main" stroke-width="2" stroke-linejoin="round"'),
    `<line class="main" stroke-width="1.5" x1="${fixed(x(first))}" y1="${top}" x2="${fixed(x(first))}" y2="${bottom}"/>`,
    text(x(first) - 8, top + 14, "decided", 'text-anchor="end" font-size="12"')]);
}

if (existsSync(source)) peeking(readFileSync(source, "utf8"));
else experiment();
