// The pictures of docs/live.md, docs/trends.md and docs/compare.md, from what the functions answer:
//   node docs/img/plot_time.mjs SOURCE [DIRECTORY]
import { ago, ask, as_of, box, clock, creator, day, dot, fixed, legend, line, midnight, number, picture, plane, stroke, text, title, video } from "./plot.mjs";

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
