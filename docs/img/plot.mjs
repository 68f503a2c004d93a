// Questions to a database, for the scripts of this folder, beside what they draw with.
// SOURCE is what psql takes, of a database with 60 days of a feed, such as the one that tools/demo --keep leaves up.
// The pictures in the repository are of bench/generator --seed 1 --end 2025-03-31T20:00:00Z.
import { execFileSync } from "node:child_process";
import { source } from "./draw.mjs";

export * from "./draw.mjs";
export const ask = (query) =>
  JSON.parse(execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", source, "-c", "SET TimeZone = 'UTC'",
    "-c", `SELECT coalesce(json_agg(t), '[]') FROM (${query}) t`], { encoding: "utf8" }));

// The end of the data, to the minute; the days before it that are over; of the last seven the video, and of the last 30 the
// creator with the most views.
export const [{ as_of, midnight }] = ask(`SELECT date_trunc('minute', max(created_at)) AS as_of,
  date_trunc('day', max(created_at), 'UTC') AS midnight FROM explore_engagements WHERE created_at <= now()`);
export const ago = (days) => `'${midnight}'::timestamptz - interval '${days} days'`;
export const [{ video_id: video, title }] = ask(`SELECT video_id, title FROM top_videos('views', ${ago(7)}, '${midnight}', n => 1)`);
export const [{ creator_id: creator }] = ask(`SELECT creator_id FROM explore_creator_daily
  WHERE bucket >= ${ago(30)} AND bucket < '${midnight}' GROUP BY 1 ORDER BY sum(views) DESC, 1 LIMIT 1`);
