// assignVariant(), assign_variant() of the database and the SDK of GrowthBook say the same. Which database, and as whom,
// is as in explore.test.ts.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GrowthBook } from "@growthbook/growthbook";
import pg from "pg";
import { assignVariant, experimentBucket, ExploreAnalytics, type Experiment } from "../src/explore.js";

const connectionString = process.env["DATABASE_URL"];
const pool = new pg.Pool({ max: 2, ...(connectionString === undefined ? {} : { connectionString }) });
const explore = new ExploreAnalytics(pool);

const run = `ts-${Date.now()}-${process.pid}`;
const named = (n: number) => Array.from({ length: n }, (_, i) => `variant ${i}`);
const experiments: Experiment[] = [
  { name: `${run}-two`, variants: ["control", "treatment"] },
  { name: `${run}-half`, variants: ["control", "treatment"], seed: "feed-rank", coverage: 0.5 },
  { name: `${run}-three`, variants: named(3), weights: [0.2, 0.3, 0.5], seed: "feed-rank", coverage: 0.2 },
  { name: `${run}-thirds`, variants: named(3), seed: "ordre d'été 🌊", coverage: 0.9999 },
  { name: `${run}-zero`, variants: named(4), weights: [0.5, 0, 0.5, 0], seed: "null" },
  { name: `${run}-tenths`, variants: named(10), weights: Array<number>(10).fill(0.1), seed: "順番", coverage: 0.3 },
  { name: `${run}-odd`, variants: named(3), weights: [0.3333337, 0.3333333, 0.333333], seed: "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}" },
  { name: `${run}-hundred`, variants: named(100), seed: "100", coverage: 0.77 },
  { name: `${run}-nobody`, variants: ["control", "treatment"], seed: "nobody", coverage: 0 },
];

// mulberry32: another EXPLORE_SEED, other units.
let state = Number(process.env["EXPLORE_SEED"] ?? 1);
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const whole = (below: number) => Math.floor(random() * below);
const ranges: Array<[number, number]> = [
  [0x20, 0x7e], [0xa1, 0x17f], [0x300, 0x36f], [0x5d0, 0x5ea], [0x3040, 0x30ff], [0x4e00, 0x9fff], [0xac00, 0xd7a3],
  [0xe000, 0xffff], [0x10000, 0x100ff], [0x1f300, 0x1faff], [0x10fff0, 0x10ffff], [0x1, 0x1f],
];
function unit(): string {
  switch (whole(4)) {
    case 0: return String(1 + whole(2 ** 31));
    case 1: return String(1 + whole(2 ** 53 - 1));
    case 2: return Array.from({ length: 4 }, () => whole(2 ** 32).toString(16)).join("-");
    default: return Array.from({ length: 1 + whole(12) }, () => {
      const [from, to] = ranges[whole(ranges.length)]!;
      return String.fromCodePoint(from + whole(to - from + 1));
    }).join("");
  }
}

const units = ["1", "e\u0301", "\u00e9", "\u{1F3E1}", "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}", "\ufeffa", "\uffff", " ", "住宅",
  ...Array.from({ length: 100_000 }, unit)];
const assigned = new Map(experiments.map((experiment) => [experiment.name, units.map((value) => assignVariant(experiment, value))]));

after(async () => {
  await pool.query("DELETE FROM explore_analytics.experiments WHERE name = ANY ($1)", [experiments.map(({ name }) => name)]);
  await pool.end();
});

test("known buckets and variants", () => {
  // Of the SDK's own tests.
  assert.equal(experimentBucket("seed", "a"), 0.0505);
  assert.equal(experimentBucket("seed", "b"), 0.2696);
  assert.equal(experimentBucket("foo", "ab"), 0.2575);
  assert.equal(experimentBucket("foo", "def"), 0.2019);
  const three: Experiment = { name: "feed-rank", variants: ["a", "b", "c"], weights: [0.2, 0.3, 0.5] };
  for (const [id, some, all] of [
    [1001, null, "c"], [1002, null, "b"], [1003, "a", "a"], [1004, "a", "a"], [1005, null, "c"],
    [1006, "b", "b"], [1007, null, "a"], [1008, null, "c"], [1011, null, "c"], [1013, null, "c"],
  ] as const) {
    assert.equal(assignVariant({ ...three, coverage: 0.2 }, id), some);
    assert.equal(assignVariant(three, String(id)), all);
  }
  const half: Experiment = { name: "feed-rank", variants: ["a", "b"], coverage: 0.5 };
  assert.equal(assignVariant(half, 19160), null); // bucket 0.25: the end of the first range is outside
  assert.equal(assignVariant(half, 4023), "b"); // bucket 0.5: the start of the second inside
});

test("100,000 units: the SDK of GrowthBook says the same", () => {
  const sdk = new GrowthBook();
  for (const { name, variants, weights, seed, coverage } of experiments) {
    const theirs = units.map((id) => {
      void sdk.setAttributes({ id });
      const result = sdk.run({
        key: name, variations: variants as [string, string, ...string[]], hashVersion: 2, hashAttribute: "id",
        ...(seed === undefined ? {} : { seed }), ...(weights === undefined ? {} : { weights }), ...(coverage === undefined ? {} : { coverage }),
      });
      return result.inExperiment ? result.value : null;
    });
    assertAssigned(name, theirs);
    // And the shares are about those that were asked for.
    for (const [i, variant] of variants.entries()) {
      const share = (coverage ?? 1) * (weights?.[i] ?? 1 / variants.length);
      const seen = theirs.filter((one) => one === variant).length / units.length;
      assert.ok(Math.abs(seen - share) <= 6 * Math.sqrt(share / units.length), `${name}: ${seen} instead of ${share} see ${variant}`);
    }
  }
  sdk.destroy();
});

test("100,000 units: the database says the same", async () => {
  for (const experiment of experiments) {
    await explore.defineExperiment(experiment);
    const stored: Array<string | null> = [];
    for (let from = 0; from < units.length; from += 10_000) {
      const answer = await pool.query<{ variants: Array<string | null> }>(
        "SELECT array_agg(assign_variant($1, unit) ORDER BY n) AS variants FROM unnest($2::text[]) WITH ORDINALITY AS u(unit, n)",
        [experiment.name, units.slice(from, from + 10_000)]);
      stored.push(...answer.rows[0]!.variants);
    }
    assertAssigned(experiment.name, stored);
  }
});

test("what the database would refuse", async () => {
  const [experiment] = experiments as [Experiment];
  for (const bad of ["", "\ud83c", "a\udf0a", "\udf0a\ud83c", "\0", 1.5, NaN, 2 ** 53]) assert.throws(() => assignVariant(experiment, bad), RangeError);
  assert.throws(() => assignVariant({ ...experiment, weights: [1] }, 1), RangeError);
  await assert.rejects(pool.query("SELECT assign_variant($1, '')", [experiment.name]), { code: "22023" });
});

test("a greater coverage moves nobody", () => {
  const experiment: Experiment = { name: "growing", variants: named(3), weights: [0.5, 0.2, 0.3] };
  for (let i = 0; i < 20_000; i++) {
    const value = unit();
    let before: string | null = null;
    for (const coverage of [0.1, 0.35, 0.7, 1]) {
      const now = assignVariant({ ...experiment, coverage }, value);
      if (before !== null) assert.equal(now, before, value);
      before = now;
    }
    assert.notEqual(before, null);
  }
});

// They are those of assignVariant(); if not, the first unit that differs is named.
function assertAssigned(name: string, variants: Array<string | null>): void {
  const ours = assigned.get(name)!;
  assert.equal(variants.length, ours.length);
  for (const [i, one] of variants.entries())
    if (one !== ours[i]) assert.fail(`${name}: ${JSON.stringify(units[i])} sees ${one}, here ${ours[i]}`);
}
