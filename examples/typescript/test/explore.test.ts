// Runs against the database of PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD (or DATABASE_URL), in which the
// extension is installed, as a superuser. Makes rows with ids of its own and removes them afterwards.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import pg from "pg";
import {
  assignVariant,
  ExploreAnalytics,
  InvalidInputError,
  NotAllowedError,
  NotFoundError,
  NotInstalledError,
  NotPossibleError,
  safeInteger,
  wellFormed,
  wellFormedJson,
  type Engagement,
  type Experiment,
} from "../src/explore.js";

const connectionString = process.env["DATABASE_URL"];
const pool = new pg.Pool({ max: 4, ...(connectionString === undefined ? {} : { connectionString }) });
const explore = new ExploreAnalytics(pool);

const creator = Date.now();
const viewer = creator + 1;
const reader = `explore_example_${process.pid}`;
const beyond = "9007199254740993"; // 2^53 + 1
const autoplay: Experiment = { name: `autoplay ${creator}`, variants: ["control", "treatment"] };
let clip = 0; // of another creator, for experiments
let contents: number[] = [];
let videos: number[] = [];
let session = 0;
const eventIds: string[] = [];
const eventId = () => {
  const id = randomUUID();
  eventIds.push(id);
  return id;
};

// Every number of an answer really is one.
function assertNumbers(value: unknown, path = "answer"): void {
  if (Array.isArray(value)) value.forEach((item, i) => assertNumbers(item, `${path}[${i}]`));
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) assertNumbers(item, `${path}.${key}`);
  else if (!/\.(title|period|message|code|field)$/.test(path))
    assert.ok(value === null || typeof value === "number", `${path} is ${typeof value}`);
}

before(async () => {
  const content = await pool.query(
    `INSERT INTO explore_content (creator_id, title) VALUES ($1, 'A terrace'), ($1, 'A garden') RETURNING id`, [creator]);
  contents = content.rows.map((row) => Number(row.id)).sort((a, b) => a - b);
  const video = await pool.query(
    `INSERT INTO explore_discovery_videos (content_id, duration_ms) SELECT unnest($1::bigint[]), 20000 RETURNING id`, [contents]);
  videos = video.rows.map((row) => Number(row.id)).sort((a, b) => a - b);
  clip = Number((await pool.query("INSERT INTO explore_content (creator_id, title) VALUES ($1, 'A clip') RETURNING id", [creator + 2])).rows[0].id);
  session = await explore.createSession(viewer, { deviceType: "phone", country: "AE", abGroup: "b" });
});

after(async () => {
  await pool.query("DELETE FROM explore_engagements WHERE content_id = ANY ($1)", [[...contents, clip, beyond]]);
  await pool.query("DELETE FROM explore_exposures WHERE experiment = $1", [autoplay.name]);
  await pool.query("DELETE FROM explore_analytics.experiments WHERE name = $1", [autoplay.name]);
  await pool.query("DELETE FROM explore_saved_properties WHERE content_id = ANY ($1)", [contents]);
  await pool.query("DELETE FROM explore_discovery_videos WHERE content_id = ANY ($1)", [[...contents, beyond]]);
  await pool.query("DELETE FROM explore_content WHERE id = ANY ($1)", [[...contents, clip, beyond]]);
  await pool.query("DELETE FROM explore_feed_sessions WHERE id = $1", [session]);
  await pool.query("DELETE FROM explore_analytics.viewing_keys WHERE session_id = $1", [session]);
  await pool.query("DELETE FROM explore_analytics.event_keys WHERE event_id = ANY ($1)", [eventIds]);
  await pool.query(`DROP OWNED BY ${reader}; DROP ROLE ${reader}`).catch(() => undefined);
  await pool.end();
});

test("a batch with bad items, and the same batch again", async () => {
  const [terrace, garden] = contents as [number, number];
  const batch: Engagement[] = [
    { contentId: terrace, engagementType: "view", sessionId: session, watchTime: 20.5, completed: true, eventId: eventId() },
    { contentId: terrace, engagementType: "save", sessionId: session, eventId: eventId(), metadata: { from: "feed" } },
    { contentId: String(garden), engagementType: "view", userId: viewer + 1, watchTime: 5, eventId: eventId(), createdAt: new Date() },
    { contentId: garden, engagementType: "skip", userId: viewer + 1, eventId: eventId() },
    { contentId: 1e15, engagementType: "view", userId: viewer, eventId: eventId() },
    { contentId: terrace, engagementType: "applause" as "view", userId: viewer },
    { contentId: terrace, engagementType: "view", userId: viewer, watchTime: -1 },
  ];
  const first = await explore.recordEngagementBatch(batch);
  assert.deepEqual({ ...first, errors: first.errors.map((e) => [e.index, e.field, e.code]) }, {
    received: 7, recorded: 4, duplicates: 0, rejected: 3,
    errors: [[4, "contentId", "unknown_content"], [5, "engagementType", "unknown_type"], [6, "watchTime", "invalid_value"]],
  });
  const again = await explore.recordEngagementBatch(batch.slice(0, 4));
  assert.deepEqual(again, { received: 4, recorded: 0, duplicates: 4, rejected: 0, errors: [] });
  assert.deepEqual(await explore.recordEngagementBatch([]), { received: 0, recorded: 0, duplicates: 0, rejected: 0, errors: [] });
});

test("strings that no database stores", async () => {
  const cut = "sea view \ud83c";   // half of an emoji
  for (const [text, expected] of [[cut, "sea view \ufffd"], ["\ude00\ud83d", "\ufffd\ufffd"], ["\ud83d\ude00", "\ud83d\ude00"], ["a\0b", "ab"], ["", ""]] as const) {
    assert.equal(wellFormed(text), expected);
    // As on a platform without toWellFormed().
    assert.equal(wellFormed.call(undefined, Object.assign(Object(text), { toWellFormed: undefined }) as string), expected);
  }
  assert.equal(wellFormedJson({ "k\ud83d": [cut, 1, null, { "\0": true }], when: new Date(0) }), '{"k\ufffd":["sea view \ufffd",1,null,{"":true}],"when":"1970-01-01T00:00:00.000Z"}');

  const content = contents[1]!;
  const ids = [eventId(), eventId(), eventId()];
  const batch: Engagement[] = [
    { contentId: content, engagementType: "impression", userId: viewer, eventId: ids[0]!, metadata: { query: cut } },
    { contentId: content, engagementType: "impression", userId: viewer, eventId: ids[1]!, metadata: { "na\0me": "x\0y" } },
    { contentId: content, engagementType: "impression", userId: viewer, eventId: ids[2]!, metadata: cut },
  ];
  assert.deepEqual(await explore.recordEngagementBatch(batch), { received: 3, recorded: 3, duplicates: 0, rejected: 0, errors: [] });
  const stored = await pool.query("SELECT metadata FROM explore_engagements WHERE event_id = ANY ($1) ORDER BY id", [ids]);
  assert.deepEqual(stored.rows.map((row) => row.metadata), [{ query: "sea view \ufffd" }, { name: "xy" }, "sea view \ufffd"]);

  // A body that is passed on: what JSON.stringify makes of them are bad items, beside good ones.
  const more = [eventId(), eventId()];
  const passed = await explore.recordEngagementBody(JSON.stringify({ engagements: [{ ...batch[0], eventId: more[0] }, { ...batch[1], eventId: more[1], metadata: { a: 1 } }, { ...batch[1], metadata: "\0" }], sentAt: cut }));
  assert.deepEqual({ ...passed, errors: passed.errors.map((e) => [e.index, e.field, e.code]) }, {
    received: 3, recorded: 1, duplicates: 0, rejected: 2, errors: [[0, "metadata", "invalid_value"], [2, "metadata", "invalid_value"]],
  });
  await assert.rejects(explore.recordEngagementBody("[1,"), InvalidInputError);
  await assert.rejects(explore.recordEngagementBody("{}"), InvalidInputError);
});

test("a video", async () => {
  const video = await explore.getVideoAnalytics(videos[0]!);
  assertNumbers(video);
  assert.deepEqual(video, {
    videoId: videos[0], contentId: contents[0], totalViews: 1, uniqueViewers: 1, totalWatchTime: 20.5, averageWatchTime: 20.5,
    completionRate: 100, completions: 1, saves: 1, shares: 0, clicks: 0, skips: 0, engagementRate: 100, averageEngagementScore: 70,
  });
  const hour = 3_600_000;
  const past = await explore.getVideoAnalytics(videos[0]!, { start: new Date(Date.now() - 2 * hour), end: new Date(Date.now() - hour) });
  assert.equal(past.totalViews, 0);
  assert.equal(past.completionRate, 0);
});

test("a creator", async () => {
  const numbers = await explore.getCreatorAnalytics(creator);
  assertNumbers(numbers);
  assert.equal(numbers.totalVideos, 2);
  assert.equal(numbers.totalViews, 2);
  assert.equal(numbers.uniqueViewers, 2);
  assert.equal(numbers.totalSaves, 1);
  assert.deepEqual(numbers.topPerformingVideos.map((video) => video.title), ["A terrace", "A garden"]);
  assert.equal(numbers.topPerformingVideos[0]?.engagementScore, 70);
});

test("a session", async () => {
  const open = await explore.getSessionAnalytics(session);
  assertNumbers(open);
  assert.equal(open.userId, viewer);
  assert.equal(open.videosViewed, 1);
  assert.equal(open.averageWatchTime, 20.5);
  const seconds = await explore.closeSession(session);
  assert.ok(seconds >= 0);
  assert.equal(await explore.closeSession(session, new Date(Date.now() + 60_000)), seconds);
  assert.equal((await explore.getSessionAnalytics(session)).duration, seconds);
});

test("periods", async () => {
  const day = await explore.getAggregatedMetrics("day", { creatorId: creator });
  assertNumbers(day);
  assert.equal(day.period, "day");
  assert.equal(day.totalViews, 2);
  assert.equal(day.totalSessions, 1);
  const platform = await explore.getAggregatedMetrics("all");
  assertNumbers(platform);
  assert.ok(platform.totalViews >= 2);
  const before = await explore.getAggregatedMetrics("day", { creatorId: creator, asOf: "2001-01-01T00:00:00Z" });
  assert.equal(before.totalViews, 0);
});

test("dashboards", async () => {
  const dashboard = await explore.getCreatorDashboard(creator, "week");
  assertNumbers(dashboard);
  assert.equal(dashboard.overview.totalVideos, 2);
  assert.equal(dashboard.periodMetrics.totalViews, 2);
  assert.equal(dashboard.periodMetrics.previous?.totalViews, 0);
  assert.equal(dashboard.engagementBreakdown.totalSkips, 1);
  assert.equal((await explore.getCreatorDashboard(creator, "all")).periodMetrics.previous, null);
  const mine = await explore.getMyAnalyticsDashboard(creator, "all");
  assert.deepEqual(mine, await explore.getCreatorDashboard(creator, "all"));
});

test("the identity lasts for one transaction", async () => {
  const one = new pg.Pool({ max: 1, ...(connectionString === undefined ? {} : { connectionString }) });
  try {
    await new ExploreAnalytics(one).getMyAnalyticsDashboard(creator);
    assert.equal((await one.query("SELECT current_creator_id() AS me")).rows[0].me, null);
  } finally {
    await one.end();
  }
});

test("a reader with an identity sees its own numbers only", async () => {
  await pool.query(`CREATE ROLE ${reader}`);
  await pool.query("SELECT explore_analytics.grant_access($1, 'read')", [reader]);
  const gateway = new ExploreAnalytics(pool, { readerRole: reader });
  assert.equal((await gateway.getMyAnalyticsDashboard(creator)).overview.totalViews, 2);
  assert.equal((await gateway.getMyAnalyticsDashboard(viewer)).overview.totalVideos, 0);
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT set_config('explore_analytics.user_id', $1, true)", [String(viewer)]);
    await client.query(`SET LOCAL ROLE ${reader}`);
    const asReader = new ExploreAnalytics(client as unknown as pg.Pool);
    await assert.rejects(asReader.getVideoAnalytics(videos[0]!), NotAllowedError);
    await client.query("ROLLBACK");
  } finally {
    client.release();
  }
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

test("an experiment", async () => {
  await explore.defineExperiment(autoplay);
  await explore.defineExperiment(autoplay);
  // Seconds watched before and after, of six viewers of each variant.
  const watched: Array<[string, Array<[number, number]>]> = [
    ["control", [[10, 12], [8, 9], [15, 15], [3, 5], [12, 12], [7, 6]]],
    ["treatment", [[9, 13], [11, 14], [4, 8], [14, 18], [6, 9], [10, 13]]],
  ];
  let userId = creator + 1000;
  const events: Engagement[] = [];
  for (const [variant, viewers] of watched)
    for (const [before, after] of viewers) {
      userId += 1;
      assert.equal(await explore.recordExposure(autoplay.name, { userId, variant, exposedAt: daysAgo(5) }), variant);
      events.push({ contentId: clip, engagementType: "view", userId, watchTime: before, createdAt: daysAgo(8) },
        { contentId: clip, engagementType: "view", userId, watchTime: after, createdAt: daysAgo(2) });
    }
  assert.equal((await explore.recordEngagementBatch(events)).recorded, 24);

  const [control, treatment, ...more] = await explore.experimentResults(autoplay.name, ["total_watch_time"], { method: "welch" });
  assert.deepEqual(more, []);
  assert.deepEqual([control!.variant, control!.units, control!.diff, control!.warnings], ["control", 6, null, []]);
  assert.deepEqual([treatment!.variant, treatment!.units, treatment!.mean, treatment!.warnings], ["treatment", 6, 12.5, ["small_sample"]]);
  for (const [name, value] of Object.entries(treatment!))
    if (!["metric", "variant", "warnings", "chanceToBeat", "expectedLoss"].includes(name)) assert.equal(typeof value, "number", name);
  const near = (value: number | null, expected: number) => assert.ok(value !== null && Math.abs(value - expected) < 1e-8 * Math.abs(expected), `${value} ${expected}`);
  near(control!.mean, 59 / 6);
  near(treatment!.diff, 2.821093319);
  near(treatment!.lower, 1.60434669);
  near(treatment!.upper, 4.037839947);
  near(treatment!.pValue, 0.0007559617312);
  near(treatment!.liftPercent, 28.6890846);
  const whole = await explore.experimentResults(autoplay.name, ["total_watch_time", "any_click"], { asOf: daysAgo(6) });
  assert.deepEqual(whole.map(({ metric, variant, units }) => [metric, variant, units]),
    [["total_watch_time", "control", 0], ["total_watch_time", "treatment", 0], ["any_click", "control", 0], ["any_click", "treatment", 0]]);
});

test("exposures without a variant, and twice", async () => {
  for (const userId of [creator + 2001, creator + 2002, creator + 2003])
    assert.equal(await explore.recordExposure(autoplay.name, { userId }), assignVariant(autoplay, userId));
  assert.equal(await explore.recordExposure(autoplay.name, { userId: creator + 2001 }), assignVariant(autoplay, creator + 2001));
  const stored = await pool.query("SELECT count(*)::int AS n FROM explore_exposures WHERE experiment = $1 AND viewer_key > $2", [autoplay.name, creator + 2000]);
  assert.equal(stored.rows[0].n, 3);
  await assert.rejects(explore.recordExposure("no such experiment", { userId: 1 }), NotFoundError);
  await assert.rejects(explore.recordExposure(autoplay.name, { userId: 1, variant: "third" }), InvalidInputError);
  // Frozen, but for the coverage; and that is no lack of an installation.
  await assert.rejects(explore.defineExperiment({ ...autoplay, weights: [0.4, 0.6] }), (error) =>
    error instanceof NotPossibleError && !(error instanceof NotInstalledError));
});

test("attribution", async () => {
  const userId = creator + 3001;
  await explore.recordEngagementBatch([
    { contentId: clip, engagementType: "view", userId, watchTime: 1, createdAt: daysAgo(1.5) },
    { contentId: clip, engagementType: "view", userId, watchTime: 1, createdAt: daysAgo(1.4) },
    { contentId: clip, engagementType: "click", userId, createdAt: daysAgo(1.3) },
    { contentId: clip, engagementType: "click", userId: userId + 1, createdAt: daysAgo(1.3) },
  ]);
  const last = { start: daysAgo(1.6), creatorId: creator + 2 };
  assert.deepEqual(await explore.attribution(last), [
    { key: String(clip), touches: 2, conversions: 1, sharePercent: 50 },
    { key: "(none)", touches: 0, conversions: 1, sharePercent: 50 },
  ]);
  assert.deepEqual((await explore.attribution({ ...last, model: "markov", key: "creator" })).map(({ key }) => key), [String(creator + 2), "(none)"]);
  assert.deepEqual(await explore.attribution({ ...last, conversion: "share" }), []);
  await assert.rejects(explore.attribution({ model: "best" as "first" }), InvalidInputError);
});

test("a boost campaign", async () => {
  const id = await explore.createBoostCampaign({
    contentId: clip, budget: "1.00", currency: "AED", costPerImpression: 0.3, costPerClick: "0.05", startsAt: daysAgo(3), conversionValue: 2, within: "1 day",
  });
  const people = [creator + 4001, creator + 4002, creator + 4003, creator + 4004];
  const events = people.map(() => randomUUID());
  const charge = (i: number) => explore.chargeBoost(id, events[i]!, "impression", { userId: people[i]!, chargedAt: daysAgo(2) });
  assert.deepEqual(await charge(0), { status: "charged", amount: "0.3", budgetLeft: "0.70" });
  assert.deepEqual(await charge(0), { status: "duplicate", amount: "0", budgetLeft: "0.70" });
  // All at once: two of three fit.
  const statuses = (await Promise.all([1, 2, 3].map(charge))).map(({ status }) => status).sort();
  assert.deepEqual(statuses, ["budget", "charged", "charged"]);
  assert.deepEqual(await explore.chargeBoost(id, randomUUID(), "click", { userId: people[0]!, chargedAt: daysAgo(2) }),
    { status: "charged", amount: "0.05", budgetLeft: "0.05" });
  assert.equal((await explore.chargeBoost(id, randomUUID(), "click", { chargedAt: daysAgo(4) })).status, "outside");
  await explore.recordEngagementBatch([
    { contentId: clip, engagementType: "view", userId: people[0]!, watchTime: 3, createdAt: daysAgo(1.9) },
    { contentId: clip, engagementType: "click", userId: people[0]!, createdAt: daysAgo(1.8) },
  ]);
  const numbers = await explore.campaignAnalytics(id);
  assert.deepEqual(
    [numbers.campaignId, numbers.status, numbers.currency, numbers.budget, numbers.impressions, numbers.clicks, numbers.viewers, numbers.views, numbers.conversions, numbers.heldOut],
    [id, "running", "AED", "1.00", 3, 1, 3, 1, 1, 0]);
  assert.deepEqual([numbers.spend, numbers.budgetLeft, numbers.costPerConversion, numbers.roas].map(Number), [0.95, 0.05, 0.95, 2.105263]);
  for (const name of ["spend", "budgetLeft", "costPerMille", "costPerView", "roas"] as const) assert.equal(typeof numbers[name], "string", name);
  assert.equal(numbers.liftPercent, null);
  assert.equal((await explore.campaignAnalytics(id, { end: daysAgo(2.5) })).impressions, 0);

  assert.equal(await explore.creditBoost(id, { eventId: events[0]!, reason: "shown twice" }), "0.3");
  assert.equal(Number(await explore.creditBoost(id, { eventId: events[0]! })), 0);
  assert.equal(Number(await explore.creditBoost(id, { amount: "0.1", reason: "sorry" })), 0.1);
  const revenue = await explore.boostRevenue({ start: daysAgo(5), bucket: "month", creatorId: creator + 2 });
  assert.ok(revenue.every(({ bucketStart, bucketEnd, currency }) => bucketStart instanceof Date && bucketEnd > bucketStart && currency === "AED"));
  const sum = (name: "charges" | "credits" | "revenue") => revenue.reduce((all, row) => all + Math.round(Number(row[name]) * 1e6), 0) / 1e6;
  assert.deepEqual([sum("charges"), sum("credits"), sum("revenue")], [0.95, 0.4, 0.55]);

  await explore.setBoostBudget(id, "2");
  assert.equal((await explore.campaignAnalytics(id)).budgetLeft, "1.45");
  await assert.rejects(explore.setBoostBudget(id, 0.5), InvalidInputError);
  await explore.stopBoostCampaign(id);
  assert.equal((await explore.campaignAnalytics(id)).status, "stopped");
  assert.equal((await explore.chargeBoost(id, randomUUID(), "click")).status, "outside");
  await assert.rejects(explore.chargeBoost(1e15, randomUUID(), "click"), NotFoundError);
  await assert.rejects(explore.chargeBoost(id, randomUUID(), "view" as "click"), InvalidInputError);
  await assert.rejects(explore.creditBoost(id, {}), InvalidInputError);
  await assert.rejects(explore.creditBoost(id, { eventId: randomUUID() }), NotFoundError);
});

test("a creator among its peers", async () => {
  const among = await explore.benchmarkCreator(creator, { metric: "views", peers: "platform" });
  // Two views of its own are too few to say more.
  assert.deepEqual([among.metric, among.value, among.percentile, among.rank, among.median], ["views", 2, null, null, null]);
  assert.equal(typeof among.peers, "number");
  await assert.rejects(explore.benchmarkCreator(creator, { peers: "friends" as "size" }), InvalidInputError);
});

test("traffic that should not count", async () => {
  const userId = creator + 5001;
  const sent = Array.from({ length: 40 }, (_, i): Engagement => ({
    contentId: clip, engagementType: "view", userId, watchTime: 0, createdAt: new Date(Math.floor(daysAgo(3).getTime() / 60_000) * 60_000 + i * 1000),
  }));
  await explore.recordEngagementBatch(sent);
  const range = { start: daysAgo(4), creatorId: creator + 2 };
  const found = (await explore.suspiciousViewers(range)).filter((viewer) => viewer.userId === userId);
  assert.deepEqual(found, [{ viewerKey: userId, userId, sessionId: null, reasons: ["rate"], events: 40, views: 40, peakPerMinute: 40, contents: 1 }]);
  const views = async () => (await explore.getCreatorAnalytics(creator + 2)).totalViews;
  const before = await views();
  assert.equal(await explore.excludeTraffic({ userId }, "a script"), 40);
  assert.equal(await views(), before - 40);
  assert.equal((await explore.recordEngagementBatch(sent.slice(0, 1))).recorded, 1);
  assert.equal(await views(), before - 40);
  assert.equal(await explore.restoreTraffic({ userId }), 41);
  assert.equal(await views(), before + 1);
  await assert.rejects(explore.excludeTraffic({ userId, sessionId: session }), InvalidInputError);
});

test("errors", async () => {
  await assert.rejects(explore.getVideoAnalytics(1e15), (error) => {
    assert.ok(error instanceof NotFoundError);
    assert.equal(error.code, "P0002");
    assert.equal(error.message, "video 1000000000000000 does not exist");
    assert.ok(error.hint);
    return true;
  });
  await assert.rejects(explore.getSessionAnalytics(1e15), NotFoundError);
  await assert.rejects(explore.getVideoAnalytics(-1), InvalidInputError);
  await assert.rejects(explore.getVideoAnalytics(videos[0]!, { start: "2025-02-01", end: "2025-01-01" }), InvalidInputError);
  await assert.rejects(explore.getAggregatedMetrics("year" as "month"), InvalidInputError);
});

test("a bigint that a number cannot hold is refused, not rounded", async () => {
  assert.equal(safeInteger("9007199254740991"), Number.MAX_SAFE_INTEGER);
  assert.throws(() => safeInteger(beyond), RangeError);
  await pool.query("INSERT INTO explore_content (id, creator_id, title) VALUES ($1, $2, 'Far')", [beyond, creator]);
  await pool.query("INSERT INTO explore_discovery_videos (id, content_id) VALUES ($1, $1)", [beyond]);
  await assert.rejects(explore.getVideoAnalytics(beyond), RangeError);
  await assert.rejects(explore.getCreatorDashboard(creator), RangeError);
});

test("other queries of the pool are left as they were", async () => {
  assert.equal((await pool.query("SELECT 42::bigint AS n")).rows[0].n, "42");
});
