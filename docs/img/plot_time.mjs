// The pictures of docs/live.md, docs/trends.md and docs/compare.md, from what the functions answer:
//   node docs/img/plot_time.mjs CONNECTION [DIRECTORY]
// CONNECTION is what psql takes, of a database with 60 days of a feed, such as the one that tools/demo --keep leaves up.
// The pictures in the repository are of bench/generator --seed 1 --end 2025-03-31T20:00:00Z.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const [connection, directory = "docs/img"] = process.argv.slice(2);
const ask = (query) =>
  JSON.parse(execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", connection, "-c", "SET TimeZone = 'UTC'",
    "-c", `SELECT coalesce(json_agg(t), '[]') FROM (${query}) t`], { encoding: "utf8" }));

// The end of the data, to the minute; the days before it that are over; of the last seven the video, and of the last 30 the
// creator with the most views.
const [{ as_of, midnight }] = ask(`SELECT date_trunc('minute', max(created_at)) AS as_of,
  date_trunc('day', max(created_at), 'UTC') AS midnight FROM explore_engagements WHERE created_at <= now()`);
const ago = (days) => `'${midnight}'::timestamptz - interval '${days} days'`;
const [{ video_id: video, title }] = ask(`SELECT video_id, title FROM top_videos('views', ${ago(7)}, '${midnight}', n => 1)`);
const [{ creator_id: creator }] = ask(`SELECT creator_id FROM explore_creator_daily
  WHERE bucket >= ${ago(30)} AND bucket < '${midnight}' GROUP BY 1 ORDER BY sum(views) DESC, 1 LIMIT 1`);

const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const fixed = (at) => +at.toFixed(1);
const number = (value, digits = 3) =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : String(+value.toPrecision(digits));
const text = (x, y, content, more = "") => `<text x="${fixed(x)}" y="${fixed(y)}" ${more}>${escape(content)}</text>`;
const line = (points, more) => `<polyline points="${points.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(" ")}" fill="none" ${more}/>`;
const day = (time) => new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const clock = (time) => new Date(time).toISOString().slice(11, 16);

const width = 860;
function picture(name, height, title, description, marks) {
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
function plane({ left = 64, top = 76, right = width - 24, bottom, count, most, named }) {
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

function legend(items) {
  let at = 64;
  return items.map(({ mark, name }) => {
    const shown = mark(at, 52) + text(at + 28, 56, name);
    at += 28 + 7 * name.length + 24;
    return shown;
  });
}
const stroke = (more) => (x, y) => `<line x1="${x}" y1="${y}" x2="${x + 20}" y2="${y}" ${more}/>`;
const box = (more) => (x, y) => `<rect x="${x}" y="${y - 6}" width="20" height="12" ${more}/>`;
const dot = (more) => (x, y) => `<circle cx="${x + 10}" cy="${y}" r="3.5" ${more}/>`;

function liveHour() {
  const minutes = ask(`SELECT * FROM live_metrics(60, as_of => '${as_of}') ORDER BY minute`);
  const [{ watching }] = ask(`SELECT concurrent_viewers(as_of => '${as_of}') AS watching`);
  const views = minutes.reduce((sum, m) => sum + m.views, 0);
  const { x, y, marks, step } = plane({ bottom: 260, count: 60, most: Math.max(...minutes.map((m) => m.views)),
    named: minutes.map((m, i) => [i, clock(m.minute)]).filter(([, time]) => time.endsWith("0")) });
  const bars = minutes.map((m, i) =>
    `<rect class="main-fill" x="${fixed(x(i) - step * 0.4)}" y="${fixed(y(m.views))}" width="${fixed(step * 0.8)}" height="${fixed(y(0) - y(m.views))}"/>`);
  picture("live_hour", 300, `${watching} watching, ${number(views)} views in the last hour`,
    `Views of the platform in each of the 60 minutes before ${clock(as_of)}, as live_metrics() gives them, and the viewers of the last five minutes by concurrent_viewers().`,
    [...marks, ...legend([{ mark: box('class="main-fill"'), name: "views a minute" }, { mark: stroke('class="other" stroke-width="2"'), name: "distinct viewers in the minute" }]),
      ...bars, line(minutes.map((m, i) => [x(i), y(m.unique_viewers)]), 'class="other" stroke-width="2" stroke-linejoin="round"')]);
}

const dates = (rows, every) => rows.map((row, i) => [i, day(row.bucket_start)]).filter(([i]) => i % every === 0);

function trend() {
  const range = `'views', ${ago(56)}, '${midnight}', creator_id => ${creator}`;
  const series = ask(`SELECT * FROM metric_series(${range}) ORDER BY bucket_start`);
  const [found] = ask(`SELECT * FROM metric_trend(${range})`);
  const { x, y, marks } = plane({ bottom: 300, count: series.length, most: Math.max(...series.map((s) => s.value)), named: dates(series, 7) });
  const at = (i) => found.intercept + found.slope * i;
  picture("trend", 340, `Views a day of creator ${creator}: ${found.direction}`,
    `The series of 56 days, and the line of metric_trend(): ${number(found.slope)} views more each day by least squares, ${number(found.sen_slope)} by the median of slopes.`,
    [...marks, ...legend([{ mark: stroke('class="main" stroke-width="2"'), name: "views" },
      { mark: stroke('class="other" stroke-width="2.5"'), name: `${found.slope < 0 ? "" : "+"}${number(found.slope)} a day (Sen ${number(found.sen_slope)}), Mann-Kendall p = ${found.mk_p.toPrecision(1)}` }]),
      line(series.map((s, i) => [x(i), y(s.value)]), 'class="main" stroke-width="2" stroke-linejoin="round"'),
      line([[x(0), y(at(0))], [x(series.length - 1), y(at(series.length - 1))]], 'class="other" stroke-width="2.5"')]);
}

// As it was 14 days ago, with what has come since.
function forecast() {
  const of = `creator_id => ${creator}`;
  const series = ask(`SELECT * FROM metric_series('views', ${ago(42)}, '${midnight}', ${of}) ORDER BY bucket_start`);
  const steps = ask(`SELECT * FROM metric_forecast('views', ${ago(56)}, ${ago(14)}, horizon => 14, ${of}) ORDER BY bucket_start`);
  const known = series.length - steps.length;
  const { x, y, marks } = plane({ bottom: 300, count: series.length, most: Math.max(...series.map((s) => s.value), ...steps.map((s) => s.upper)), named: dates(series, 7) });
  const bound = (of) => steps.map((s, i) => [x(known + i), y(s[of])]);
  const band = [...bound("lower"), ...bound("upper").reverse()].map(([a, b]) => `${fixed(a)},${fixed(b)}`).join(" ");
  const came = series.slice(known).map((s, i) => [x(known + i), y(s.value)]);
  picture("forecast", 340, `Views a day of creator ${creator}, forecast for 14 days`,
    `28 days, and the next 14 by metric_forecast() with the band that holds each with probability 0.95; dots show what came. Method ${steps[0].method}, MASE ${number(steps[0].mase, 2)}.`,
    [...marks, ...legend([{ mark: stroke('class="main" stroke-width="2"'), name: "views" }, { mark: stroke('class="other" stroke-width="2.5" stroke-dasharray="6 4"'), name: `forecast (${steps[0].method})` },
      { mark: box('class="other-fill" fill-opacity="0.25"'), name: "band of 95 %" }, { mark: dot('class="main-fill"'), name: "what came" }]),
      `<polygon class="other-fill" fill-opacity="0.25" points="${band}"/>`,
      line(series.slice(0, known).map((s, i) => [x(i), y(s.value)]), 'class="main" stroke-width="2" stroke-linejoin="round"'),
      line(bound("forecast"), 'class="other" stroke-width="2.5" stroke-dasharray="6 4" stroke-linejoin="round"'),
      ...came.map(([a, b]) => `<circle class="main-fill" cx="${fixed(a)}" cy="${fixed(b)}" r="3.5"/>`)]);
}

function percentiles() {
  const shown = { views: "", unique_viewers: "", average_watch_time: " s", completion_rate: " %", save_rate: " %", share_rate: " %", click_rate: " %", skip_rate: " %", engagement_score: "" };
  const rows = ask(`SELECT * FROM compare_video(${video}, ${ago(30)}, '${midnight}', 'category')`);
  const left = 200, right = 600, top = 84, each = 32;
  const x = (percent) => left + ((right - left) * percent) / 100;
  const names = Object.keys(shown);
  const value = (of, unit) => (unit ? of.toFixed(1) + unit : number(of));
  const bottom = top + names.length * each;
  const marks = [
    ...[0, 25, 50, 75, 100].map((p) => `<line class="${p === 50 ? "strong" : "grid"}" x1="${x(p)}" y1="${top - 10}" x2="${x(p)}" y2="${bottom}" ${p === 50 ? 'stroke-dasharray="3 3"' : ""}/>` +
      text(x(p), bottom + 18, p, 'class="faint" text-anchor="middle" font-size="12"')),
    text(left, top - 18, "percentile", 'class="faint" font-size="12"'),
    text(700, top - 18, "this video", 'class="faint" text-anchor="end" font-size="12"'), text(820, top - 18, "median of them", 'class="faint" text-anchor="end" font-size="12"'),
    ...names.flatMap((name, i) => {
      const row = rows.find((r) => r.metric === name), y = top + i * each + 12;
      return [text(left - 24, y + 4, name, 'text-anchor="end"'),
        `<rect class="strip" x="${left}" y="${y - 5}" width="${right - left}" height="10" rx="5"/>`,
        `<circle class="main-fill" cx="${fixed(x(row.percentile))}" cy="${y}" r="7"/>`,
        text(700, y + 4, value(row.value, shown[name]), 'text-anchor="end"'), text(820, y + 4, value(row.baseline_median, shown[name]), 'class="faint" text-anchor="end"')];
    })];
  picture("percentiles", bottom + 36, `Video ${video} among ${rows[0].peers} others of its category, 30 days`,
    `Percentiles by compare_video() of "${title}": ${names.map((name) => `${name} ${number(rows.find((r) => r.metric === name).percentile, 2)}`).join(", ")}.`, marks);
}

liveHour();
trend();
forecast();
percentiles();
