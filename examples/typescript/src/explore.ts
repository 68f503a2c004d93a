// A client of the PostgreSQL extension explore_analytics over a pg Pool. Counts and ids are numbers;
// seconds, percents and scores are numbers; names are in camelCase.
import pg from "pg";
import type { Experiment } from "./assign.js";

export { assignVariant, experimentBucket, type Experiment } from "./assign.js";

export type EngagementType = "view" | "save" | "share" | "click" | "skip" | "complete" | "impression" | "progress";
export type Period = "day" | "week" | "month" | "all";

// An id to ask with. Ids beyond 2^53 - 1 must be strings; answers with such ids throw a RangeError.
export type Id = number | string;
export type Time = Date | string;

export interface Engagement {
  contentId: Id;
  engagementType: EngagementType;
  userId?: Id;
  sessionId?: Id;
  watchTime?: number; // seconds
  completed?: boolean;
  createdAt?: Time;
  eventId?: string; // a UUID makes it safe to send the event again
  metadata?: unknown;
}

export interface EngagementError {
  index: number;
  field: string | null;
  code:
    | "not_an_object"
    | "missing_field"
    | "invalid_value"
    | "unknown_content"
    | "unknown_session"
    | "unknown_type"
    | "created_at_in_future";
  message: string;
}

export interface EngagementBatchResult {
  received: number;
  recorded: number;
  duplicates: number;
  rejected: number;
  errors: EngagementError[];
}

export interface VideoAnalytics {
  videoId: number;
  contentId: number;
  totalViews: number;
  uniqueViewers: number;
  totalWatchTime: number; // seconds
  averageWatchTime: number; // seconds
  completionRate: number; // percent
  completions: number;
  saves: number;
  shares: number;
  clicks: number;
  skips: number;
  engagementRate: number; // percent
  averageEngagementScore: number; // 0..100
}

export interface TopVideo {
  videoId: number | null; // null: the content has no video
  contentId: number;
  title: string | null;
  views: number;
  completionRate: number; // percent
  engagementScore: number; // 0..100
}

export interface CreatorAnalytics {
  creatorId: number;
  totalVideos: number;
  totalViews: number;
  uniqueViewers: number;
  totalWatchTime: number; // seconds
  averageCompletionRate: number; // percent
  totalSaves: number;
  totalShares: number;
  totalClicks: number;
  engagementRate: number; // percent
  topPerformingVideos: TopVideo[];
}

export interface SessionAnalytics {
  sessionId: number;
  userId: number | null; // null: anonymous
  duration: number; // seconds
  videosViewed: number;
  completions: number;
  saves: number;
  shares: number;
  clicks: number;
  averageWatchTime: number; // seconds per video viewed
  engagementRate: number; // percent per video viewed
}

export interface AggregatedMetrics {
  period: Period;
  totalViews: number;
  totalUniqueViewers: number;
  totalWatchTime: number; // seconds
  averageSessionDuration: number; // seconds
  totalSessions: number;
  averageCompletionRate: number; // percent
  totalEngagements: number;
  engagementRate: number; // percent
}

export interface CreatorDashboard {
  overview: {
    totalVideos: number;
    totalViews: number;
    totalWatchTime: number;
    averageCompletionRate: number;
    engagementRate: number;
  };
  periodMetrics: AggregatedMetrics & { previous: AggregatedMetrics | null };
  topPerformingVideos: TopVideo[];
  engagementBreakdown: {
    totalSaves: number;
    totalShares: number;
    totalClicks: number;
    totalSkips: number;
    totalCompletions: number;
  };
}

export interface Range {
  start?: Time; // included
  end?: Time; // excluded
}

export interface Exposure {
  userId?: Id;
  sessionId?: Id;
  variant?: string; // what assignVariant() said and the viewer saw; if left out, the database assigns
  exposedAt?: Time;
}

export interface ResultsOptions {
  method?: "sequential" | "welch" | "bayes";
  cuped?: boolean;
  lookback?: string; // an interval, for CUPED: '14 days'
  within?: string; // an interval, of each unit's outcome
  winsorize?: number; // 0..1
  correction?: "holm" | "bh" | "bonferroni" | "none";
  asOf?: Time;
}

// From `diff` to `varianceReductionPercent` null for the control, and where there is nothing to tell.
export interface ExperimentResult {
  metric: string;
  variant: string;
  units: number;
  mean: number | null;
  diff: number | null; // to the control, in the metric's unit
  lower: number | null;
  upper: number | null;
  pValue: number | null;
  pAdjusted: number | null;
  liftPercent: number | null;
  liftLowerPercent: number | null;
  liftUpperPercent: number | null;
  chanceToBeat: number | null; // 0..1, method bayes
  expectedLoss: number | null; // in the metric's unit, method bayes
  theta: number | null;
  varianceReductionPercent: number | null;
  srmPValue: number | null;
  multipleExposures: number;
  warnings: string[];
}

export interface AttributionOptions extends Range {
  conversion?: EngagementType;
  touches?: EngagementType[];
  model?: "first" | "last" | "linear" | "position" | "time_decay" | "shapley" | "markov";
  lookback?: string; // an interval: '30 days'
  halfLife?: string; // an interval, of time_decay: '7 days'
  key?: "content" | "creator" | "source";
  creatorId?: Id;
}

export interface AttributedKey {
  key: string; // an id as text, a source, 'unknown', or '(none)': conversions without a touch
  touches: number;
  conversions: number; // parts of conversions add up, so this need not be whole
  sharePercent: number;
}

// An amount of money, exact to the sixth decimal: text in answers, as `pg` gives numeric, so that nothing is rounded.
export type Money = string;

export interface BoostCampaign {
  contentId: Id; // its creator pays
  budget: Money | number;
  currency: string; // "AED"
  costPerImpression?: Money | number; // 0 if left out
  costPerClick?: Money | number;
  startsAt?: Time;
  endsAt?: Time;
  dailyBudget?: Money | number; // for each day of timeZone
  timeZone?: string; // "UTC"
  holdoutPercent?: number; // 0..50: viewers who are not shown it, to measure what it does
  conversion?: EngagementType; // "click"
  conversionValue?: Money | number;
  within?: string; // an interval after a viewer's first impression: '7 days'
}

export interface BoostViewer {
  userId?: Id;
  sessionId?: Id;
  chargedAt?: Time; // now if left out; not in the future
}

// Show it where the status is "charged", and do not where it is anything else. "duplicate": this event was charged
// or held out before; where that answer got lost, creditBoost() it and charge with a new id.
export interface BoostCharge {
  status: "charged" | "held_out" | "duplicate" | "outside" | "excluded" | "daily_budget" | "budget";
  amount: Money;
  budgetLeft: Money;
}

// One of eventId, of the charge that is turned round, and amount.
export interface BoostCredit {
  eventId?: string;
  amount?: Money | number;
  reason?: string;
}

// Null where there is nothing to divide by, and from incrementalConversions on where an arm is empty.
export interface CampaignAnalytics {
  campaignId: number;
  status: "stopped" | "ended" | "scheduled" | "exhausted" | "running";
  currency: string;
  budget: Money;
  spend: Money; // of the range, less what was credited in it
  budgetLeft: Money;
  impressions: number;
  clicks: number;
  clickRate: number | null; // percent
  viewers: number; // who were reached
  views: number;
  conversions: number; // viewers with one
  costPerMille: Money | null;
  costPerClick: Money | null;
  costPerView: Money | null;
  costPerConversion: Money | null;
  roas: Money | null; // value of the conversions over spend
  heldOut: number;
  incrementalConversions: number | null;
  incrementalLower: number | null;
  incrementalUpper: number | null;
  liftPercent: number | null;
  pValue: number | null;
  srmPValue: number | null;
}

export interface RevenueOptions extends Range {
  bucket?: "hour" | "day" | "week" | "month";
  timeZone?: string;
  creatorId?: Id;
}

export interface BoostRevenue {
  bucketStart: Date;
  bucketEnd: Date;
  currency: string;
  charges: Money;
  credits: Money;
  revenue: Money;
}

export interface BenchmarkOptions extends Range {
  metric?: string; // "engagement_rate"
  peers?: "category" | "area" | "platform" | "size";
  minPeers?: number; // 5
}

// Only metric, value and peers where the peers are too few, or one of them would be told by the others.
export interface Benchmark {
  metric: string;
  value: number | null;
  percentile: number | null;
  rank: number | null; // 1 is the best
  p25: number | null;
  median: number | null;
  p75: number | null;
  sharePercent: number | null;
  peers: number;
}

// One of the two.
export interface Viewer {
  userId?: Id;
  sessionId?: Id;
}

export interface SuspicionOptions extends Range {
  creatorId?: Id;
  maxViewsPerMinute?: number; // 30
  maxSameContentPerDay?: number; // 50
}

export interface SuspiciousViewer {
  viewerKey: number; // the user, or minus the session
  userId: number | null;
  sessionId: number | null;
  reasons: Array<"rate" | "repeat" | "no_watch_time" | "always_on">;
  events: number;
  views: number;
  peakPerMinute: number;
  contents: number;
}

export interface SessionAttributes {
  deviceType?: string;
  platform?: string;
  appVersion?: string;
  country?: string;
  region?: string;
  city?: string;
  trafficSource?: string;
  [more: string]: unknown;
}

export class ExploreError extends Error {
  readonly code: string; // SQLSTATE
  readonly hint: string | undefined;

  constructor(message: string, code: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.hint = hint;
  }
}
export class NotFoundError extends ExploreError {} // P0002, 23503: no such video, session, content
export class InvalidInputError extends ExploreError {} // class 22, 54000: a bad argument
export class NotAllowedError extends ExploreError {} // 42501: not yours, or not granted
export class NotPossibleError extends ExploreError {} // 55000: not as things are: raw events are gone, an experiment runs
export class NotInstalledError extends NotPossibleError {} // 55000 that install() mends

// Turns errors of the server into those above; others stay as they are.
function mapped(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError) || !error.code) return error;
  const { code, hint } = error;
  const Kind =
    code === "P0002" || code === "23503" ? NotFoundError
    : code.startsWith("22") || code === "54000" ? InvalidInputError
    : code === "42501" ? NotAllowedError
    : code === "55000" ? (hint?.includes("install()") ? NotInstalledError : NotPossibleError)
    : undefined;
  return Kind ? new Kind(error.message, code, hint, { cause: error }) : error;
}

export function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond 2^53 - 1 and would lose digits`);
  return value;
}

// A text the database can store: half of a surrogate pair, as of an emoji cut in two, becomes U+FFFD, and NUL goes.
export function wellFormed(text: string): string {
  const whole = text as string & { toWellFormed?: () => string };   // Node 20 has it
  return (whole.toWellFormed?.() ?? text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD")).replaceAll("\0", "");
}

// JSON.stringify with every string and key well formed, so that no event is refused for one.
export function wellFormedJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === "string") return wellFormed(item);
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    if (Object.keys(item).every((key) => key === wellFormed(key))) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [wellFormed(key), inner]));
  });
}

const INT8 = 20;

// For the `types` of a query or of a Client: bigint as number, everything else as pg does it. This client
// passes it with its own queries, so other queries of the same pool are not affected.
export const numberTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === INT8 && format !== "binary"
      ? safeInteger
      : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
};

function camelCase(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()), value]),
  );
}

// Ids inside jsonb come as strings when they are beyond 2^53 - 1.
function topVideos(videos: Array<Omit<TopVideo, "videoId" | "contentId"> & { videoId: Id | null; contentId: Id }>): TopVideo[] {
  return videos.map((video) => ({
    ...video,
    videoId: video.videoId === null ? null : safeInteger(String(video.videoId)),
    contentId: safeInteger(String(video.contentId)),
  }));
}

type Runner = Pick<pg.ClientBase, "query">;

export interface ExploreOptions {
  schema?: string; // where the extension lives; default: the search path decides
  readerRole?: string; // role that my...() assumes for its transaction, for a gateway login
}

export class ExploreAnalytics {
  readonly #pool: pg.Pool;
  readonly #prefix: string;
  readonly #readerRole: string | undefined;

  constructor(pool: pg.Pool, options: ExploreOptions = {}) {
    this.#pool = pool;
    this.#prefix = options.schema === undefined ? "" : `${pg.escapeIdentifier(options.schema)}.`;
    this.#readerRole = options.readerRole;
  }

  // Stores up to 10,000 events. Bad items do not stop the others: they are listed in `errors`. Events with
  // an eventId may be sent again after a failure; what was stored before is counted in `duplicates`.
  async recordEngagementBatch(engagements: Engagement[]): Promise<EngagementBatchResult> {
    return this.recordEngagementBody(wellFormedJson(engagements));
  }

  // The same for the text of a request that the app passes on as it came: an array, or an object with the key
  // "engagements". Text that is not JSON is an InvalidInputError; a string in it that cannot be stored is an item's.
  async recordEngagementBody(body: string): Promise<EngagementBatchResult> {
    const row = await this.#one("record_engagement_body(body => $1)", [body]);
    return row as unknown as EngagementBatchResult;
  }

  async getVideoAnalytics(videoId: Id, range: Range = {}): Promise<VideoAnalytics> {
    const row = await this.#one("video_analytics(video_id => $1, start_date => $2, end_date => $3)", [
      videoId, range.start, range.end,
    ]);
    return row as unknown as VideoAnalytics;
  }

  async getCreatorAnalytics(creatorId: Id, range: Range = {}): Promise<CreatorAnalytics> {
    const row = (await this.#one("creator_analytics(creator_id => $1, start_date => $2, end_date => $3)", [
      creatorId, range.start, range.end,
    ])) as unknown as CreatorAnalytics;
    return { ...row, topPerformingVideos: topVideos(row.topPerformingVideos) };
  }

  async getSessionAnalytics(sessionId: Id): Promise<SessionAnalytics> {
    return (await this.#one("session_analytics(session_id => $1)", [sessionId])) as unknown as SessionAnalytics;
  }

  // Of the platform, or of one creator. asOf: the end of the period; now if left out.
  async getAggregatedMetrics(period: Period, options: { creatorId?: Id; asOf?: Time } = {}): Promise<AggregatedMetrics> {
    const row = await this.#one("aggregated_metrics(period => $1, creator_id => $2, as_of => $3)", [
      period, options.creatorId, options.asOf,
    ]);
    return row as unknown as AggregatedMetrics;
  }

  async getCreatorDashboard(creatorId: Id, period: Period = "month", asOf?: Time): Promise<CreatorDashboard> {
    const row = await this.#one("creator_dashboard(creator_id => $1, period => $2, as_of => $3) AS dashboard", [
      creatorId, period, asOf,
    ]);
    return dashboard(row);
  }

  // The dashboard of the user on whose behalf the app asks: the identity lasts for one transaction, so that
  // it cannot leak to the next user of a pooled connection.
  async getMyAnalyticsDashboard(userId: Id, period: Period = "month", asOf?: Time): Promise<CreatorDashboard> {
    return this.#asUser(userId, async (client) =>
      dashboard(await this.#one("my_analytics_dashboard(period => $1, as_of => $2) AS dashboard", [period, asOf], client)),
    );
  }

  // Without a user: a session of an anonymous visitor.
  async createSession(userId?: Id | null, attributes: SessionAttributes = {}): Promise<number> {
    const row = await this.#one("create_session(user_id => $1, attributes => $2) AS id", [
      userId, JSON.stringify(attributes),
    ]);
    return row["id"] as number;
  }

  // The session's duration in seconds. Closing twice keeps the first end.
  async closeSession(sessionId: Id, endedAt?: Time): Promise<number> {
    const row = await this.#one("close_session(session_id => $1, ended_at => $2) AS seconds", [sessionId, endedAt]);
    return row["seconds"] as number;
  }

  // For a migration: the same object that assignVariant() takes. Saying it again changes nothing; once a viewer has
  // been exposed only a greater coverage is taken, anything else is a NotPossibleError.
  async defineExperiment({ name, variants, weights, seed, coverage = 1, alpha = 0.05, tuning = 5000 }: Experiment): Promise<void> {
    await this.#one(
      `define_experiment(name => $1, variants => $2, weights => $3, seed => $4, coverage => $5, alpha => $6, tuning => $7)`,
      [name, variants, weights, seed, coverage, alpha, tuning],
    );
  }

  // To be called where the variant is shown, each time it is: the first time counts. The variant, or null for a viewer
  // that does not take part, of whom nothing is stored.
  async recordExposure(experiment: string, { userId, sessionId, variant, exposedAt }: Exposure): Promise<string | null> {
    const row = await this.#one(
      `record_exposure(experiment => $1, user_id => $2, session_id => $3, variant => $4, exposed_at => coalesce($5, now())) AS variant`,
      [experiment, userId, sessionId, variant, exposedAt],
    );
    return row["variant"] as string | null;
  }

  // A row for each metric and variant, in the order given.
  async experimentResults(name: string, metrics: string[], options: ResultsOptions = {}): Promise<ExperimentResult[]> {
    const { method = "sequential", cuped = true, lookback = "14 days", within, winsorize, correction = "holm", asOf } = options;
    const rows = await this.#all(
      `experiment_results(name => $1, metrics => $2, method => $3, cuped => $4, lookback => $5, within => $6, winsorize => $7,
         correction => $8, as_of => $9)`,
      [name, metrics, method, cuped, lookback, within, winsorize, correction, asOf],
    );
    return rows as unknown as ExperimentResult[];
  }

  // Which contents, creators or sources led to the conversions of a range, the most first.
  async attribution(options: AttributionOptions = {}): Promise<AttributedKey[]> {
    const { conversion = "click", touches = ["view"], start, end, model = "linear", lookback = "30 days", halfLife = "7 days", key = "content", creatorId } = options;
    const rows = await this.#all(
      `attribution(conversion => $1, touches => $2, start_date => $3, end_date => $4, model => $5, lookback => $6, half_life => $7,
         key => $8, creator_id => $9)`,
      [conversion, touches, start, end, model, lookback, halfLife, key, creatorId],
    );
    return rows as unknown as AttributedKey[];
  }

  // The campaign's id.
  async createBoostCampaign(campaign: BoostCampaign): Promise<number> {
    const { contentId, budget, currency, costPerImpression = 0, costPerClick = 0, startsAt, endsAt, dailyBudget } = campaign;
    const { timeZone = "UTC", holdoutPercent = 0, conversion = "click", conversionValue, within = "7 days" } = campaign;
    const row = await this.#one(
      `create_boost_campaign(content_id => $1, budget => $2, currency => $3, cost_per_impression => $4, cost_per_click => $5,
         starts_at => coalesce($6, now()), ends_at => $7, daily_budget => $8, time_zone => $9, holdout_percent => $10, conversion => $11,
         conversion_value => $12, within => $13) AS id`,
      [contentId, budget, currency, costPerImpression, costPerClick, startsAt, endsAt, dailyBudget, timeZone, holdoutPercent, conversion,
        conversionValue, within],
    );
    return row["id"] as number;
  }

  // Not below what is spent.
  async setBoostBudget(campaignId: Id, budget: Money | number): Promise<void> {
    await this.#one("set_boost_budget(campaign_id => $1, budget => $2)", [campaignId, budget]);
  }

  async stopBoostCampaign(campaignId: Id): Promise<void> {
    await this.#one("stop_boost_campaign(campaign_id => $1)", [campaignId]);
  }

  // To be called before the impression is shown, or the click followed. Make the eventId where it happens, and call again
  // with the same one when the answer got lost: it is charged once.
  async chargeBoost(campaignId: Id, eventId: string, kind: "impression" | "click", { userId, sessionId, chargedAt }: BoostViewer = {}): Promise<BoostCharge> {
    const row = await this.#one(
      `charge_boost(campaign_id => $1, event_id => $2, kind => $3, user_id => $4, session_id => $5, charged_at => coalesce($6, now()))`,
      [campaignId, eventId, kind, userId, sessionId, chargedAt],
    );
    return row as unknown as BoostCharge;
  }

  // What was credited: a charge is turned round once, then it is "0". An amount is credited each time.
  async creditBoost(campaignId: Id, { eventId, amount, reason }: BoostCredit): Promise<Money> {
    const row = await this.#one("credit_boost(campaign_id => $1, event_id => $2, amount => $3, reason => $4) AS credited", [
      campaignId, eventId, amount, reason,
    ]);
    return row["credited"] as Money;
  }

  async campaignAnalytics(campaignId: Id, { start, end, asOf }: Range & { asOf?: Time } = {}): Promise<CampaignAnalytics> {
    const row = await this.#one("campaign_analytics(campaign_id => $1, start_date => $2, end_date => $3, as_of => $4)", [
      campaignId, start, end, asOf,
    ]);
    return row as unknown as CampaignAnalytics;
  }

  // A row for each bucket with entries, and currency.
  async boostRevenue({ start, end, bucket = "month", timeZone = "UTC", creatorId }: RevenueOptions = {}): Promise<BoostRevenue[]> {
    const rows = await this.#all("boost_revenue(start_date => $1, end_date => $2, bucket => $3, time_zone => $4, creator_id => $5)", [
      start, end, bucket, timeZone, creatorId,
    ]);
    return rows as unknown as BoostRevenue[];
  }

  // A creator among its peers, by one of the metrics of compare_video().
  async benchmarkCreator(creatorId: Id, options: BenchmarkOptions = {}): Promise<Benchmark> {
    const { metric = "engagement_rate", start, end, peers = "category", minPeers = 5 } = options;
    const row = await this.#one(
      "benchmark_creator(creator_id => $1, metric => $2, start_date => $3, end_date => $4, peers => $5, min_peers => $6)",
      [creatorId, metric, start, end, peers, minPeers],
    );
    return row as unknown as Benchmark;
  }

  // For analysts: viewers who do not behave like people, the busiest first. It only proposes.
  async suspiciousViewers({ start, end, creatorId, maxViewsPerMinute = 30, maxSameContentPerDay = 50 }: SuspicionOptions = {}): Promise<SuspiciousViewer[]> {
    const rows = await this.#all(
      `suspicious_viewers(start_date => $1, end_date => $2, creator_id => $3, max_views_per_minute => $4, max_same_content_per_day => $5)`,
      [start, end, creatorId, maxViewsPerMinute, maxSameContentPerDay],
    );
    return rows as unknown as SuspiciousViewer[];
  }

  // For operators: takes a viewer's events out of every number, and what it sends from now on. How many were taken.
  async excludeTraffic({ userId, sessionId }: Viewer, reason?: string): Promise<number> {
    const row = await this.#one("explore_analytics.exclude_traffic(user_id => $1, session_id => $2, reason => $3) AS events", [userId, sessionId, reason], this.#pool, "");
    return row["events"] as number;
  }

  async restoreTraffic({ userId, sessionId }: Viewer): Promise<number> {
    const row = await this.#one("explore_analytics.restore_traffic(user_id => $1, session_id => $2) AS events", [userId, sessionId], this.#pool, "");
    return row["events"] as number;
  }

  async #one(call: string, values: unknown[], runner: Runner = this.#pool, prefix = this.#prefix): Promise<Record<string, unknown>> {
    const [row] = await this.#all(call, values, runner, prefix);
    if (!row) throw new Error(`no row from ${call}`);
    return row;
  }

  async #all(call: string, values: unknown[], runner: Runner = this.#pool, prefix = this.#prefix): Promise<Record<string, unknown>[]> {
    try {
      const result = await runner.query({
        text: `SELECT * FROM ${prefix}${call}`,
        values: values.map((value) => value ?? null),
        types: numberTypes,
      });
      return result.rows.map(camelCase);
    } catch (error) {
      throw mapped(error);
    }
  }

  async #asUser<T>(userId: Id, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("BEGIN");
      try {
        // The same as SET LOCAL, which takes no parameters.
        await client.query("SELECT set_config('explore_analytics.user_id', $1, true)", [String(userId)]);
        if (this.#readerRole !== undefined) {
          await client.query(`SET LOCAL ROLE ${pg.escapeIdentifier(this.#readerRole)}`);
        }
        const result = await work(client);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((failure: Error) => (broken = failure));
        throw mapped(error);
      }
    } finally {
      client.release(broken);
    }
  }
}

function dashboard(row: Record<string, unknown>): CreatorDashboard {
  const found = row["dashboard"] as CreatorDashboard;
  return { ...found, topPerformingVideos: topVideos(found.topPerformingVideos) };
}
