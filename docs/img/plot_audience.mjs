// The pictures of docs/retention_curve.md, docs/audience.md, docs/funnel.md and docs/viewer_retention.md, from what the
// functions answer:
//   node docs/img/plot_audience.mjs SOURCE [DIRECTORY]
import { ago, ask, creator, day, fixed, line, midnight, number, picture, plane, text, title, video, width } from "./plot.mjs";

function retentionCurve() {
  const bins = ask(`SELECT * FROM retention_curve(${video}, NULL, '${midnight}') ORDER BY bin`);
  const length = bins[bins.length - 1].to_seconds, step = [1, 2, 5, 10, 20].find((s) => length / s <= 12);
  const named = [];
  for (let second = 0; second <= length; second += step) named.push([second / (length / bins.length) - 0.5, `${second} s`]);
  const { x, y, marks } = plane({ top: 60, bottom: 300, count: bins.length, most: 100, named });
  const points = bins.map((b, i) => [x(i), y(100 * b.audience_watch_ratio)]);
  const area = [[x(-0.5), y(0)], [x(-0.5), y(100 * bins[0].audience_watch_ratio)], ...points, [x(bins.length - 0.5), points[points.length - 1][1]], [x(bins.length - 0.5), y(0)]];
  const mean = bins.reduce((sum, b) => sum + b.audience_watch_ratio, 0) / bins.length;
  picture("retention_curve", 340, `Video ${video}: of all views, how many percent watch each second`,
    `100 bins of retention_curve() of "${title}", ${number(length)} seconds long: ${number(100 * bins[0].audience_watch_ratio)} % at the start, ${number(100 * bins[49].audience_watch_ratio)} % in the middle, ${number(100 * bins[99].audience_watch_ratio)} % at the end; the mean is ${number(100 * mean)} %.`,
    [...marks, `<polygon class="main-fill" fill-opacity="0.2" points="${area.map(([a, b]) => `${fixed(a)},${fixed(b)}`).join(" ")}"/>`,
      line(points, 'class="main" stroke-width="2" stroke-linejoin="round"'),
      line([[x(-0.5), y(100 * mean)], [x(bins.length - 0.5), y(100 * mean)]], 'class="other" stroke-width="1.5" stroke-dasharray="6 4"'),
      text(width - 28, y(100 * mean) - 6, `mean ${number(100 * mean)} %`, 'text-anchor="end" font-size="12"')]);
}

// Bars with a name on the left, and what is to be said of each on the right.
function bars(name, heading, description, rows) {
  const left = 130, right = 490, top = 60, each = 30, most = Math.max(...rows.map((r) => r.value));
  picture(name, top + rows.length * each + 20, heading, description, rows.flatMap((row, i) => {
    const y = top + i * each;
    return [text(left - 12, y + 14, row.name, 'text-anchor="end"'), `<rect class="strip" x="${left}" y="${y}" width="${right - left}" height="20" rx="3"/>`,
      `<rect class="main-fill" x="${left}" y="${y}" width="${fixed(((right - left) * row.value) / most)}" height="20" rx="3"/>`, text(right + 16, y + 14, row.said)];
  }));
}

function audience() {
  const groups = ask(`SELECT * FROM audience_breakdown('age_group', ${ago(30)}, '${midnight}', creator_id => ${creator})`);
  const last = ["unknown", "(other)"];
  groups.sort((a, b) => last.indexOf(a.value) - last.indexOf(b.value) || (a.value === "under 13" ? -1 : b.value === "under 13" ? 1 : a.value.localeCompare(b.value)));
  bars("audience", `Viewers of creator ${creator} by age, 30 days`,
    `audience_breakdown('age_group'): ${groups.map((g) => `${g.value} ${number(g.viewers)} viewers`).join(", ")}.`,
    groups.map((g) => ({ name: g.value, value: g.viewers, said: `${g.share_percent.toFixed(1)} %, ${number(g.viewers)} viewers, completion rate ${g.completion_rate.toFixed(0)} %` })));
}

const duration = (seconds) => (seconds >= 3600 ? `${(seconds / 3600).toFixed(1)} h` : seconds >= 60 ? `${(seconds / 60).toFixed(1)} min` : `${seconds.toFixed(1)} s`);
function funnel() {
  const steps = ask(`SELECT * FROM funnel(ARRAY['view', 'save', 'click'], ${ago(30)}, '${midnight}') ORDER BY step`);
  bars("funnel", "From a view to a save to a click within 24 hours, 30 days of the platform",
    `funnel(): ${steps.map((s) => `${s.name} ${number(s.viewers)} viewers`).join(", ")}.`,
    steps.map((s) => ({ name: `${s.step}. ${s.name}`, value: s.viewers,
      said: `${number(s.viewers)} viewers` + (s.step > 1 ? `, ${s.rate_from_previous.toFixed(1)} % of them, half within ${duration(s.median_seconds)}` : "") })));
}

function viewerRetention() {
  const cells = ask(`SELECT * FROM viewer_retention(${ago(60)}, '${midnight}', 'week', periods => 8, as_of => '${midnight}') ORDER BY cohort, period`);
  const cohorts = [...new Set(cells.map((c) => c.cohort))];
  const most = Math.max(...cells.filter((c) => c.period > 0 && c.rate !== null).map((c) => c.rate));
  const left = 190, top = 84, wide = 80, high = 28;
  const marks = [text(24, top - 12, "week of", 'class="faint" font-size="12"'), text(left - 16, top - 12, "viewers", 'class="faint" font-size="12" text-anchor="end"')];
  for (let period = 0; period < 8; period++) marks.push(text(left + period * wide + wide / 2, top - 12, period ? `+${period}` : "same", 'class="faint" text-anchor="middle" font-size="12"'));
  for (const cell of cells) {
    const x = left + cell.period * wide, y = top + cohorts.indexOf(cell.cohort) * high;
    if (cell.period === 0) marks.push(text(24, y + 18, day(cell.cohort)), text(left - 16, y + 18, number(cell.cohort_size), 'text-anchor="end"'));
    if (cell.rate === null) continue;
    marks.push(`<rect class="main-fill" x="${x + 1}" y="${y + 1}" width="${wide - 2}" height="${high - 2}" rx="3" fill-opacity="${cell.period ? (0.08 + (0.5 * cell.rate) / most).toFixed(2) : 0.08}"/>`,
      text(x + wide / 2, y + 18, `${cell.rate.toFixed(1)} %`, 'text-anchor="middle"'));
  }
  picture("viewer_retention", top + cohorts.length * high + 24, "Who comes back, by the week of the first view",
    `viewer_retention() of the platform by week: ${cohorts.length} cohorts, and how many percent of each watch again in each of the weeks after.`, marks);
}

retentionCurve();
audience();
funnel();
viewerRetention();
