// Which variant of an experiment a unit sees, without asking anybody: what assign_variant() of the database says,
// and the SDK of GrowthBook with hashVersion 2. It imports nothing, so that a browser or a phone can have it too.

// The argument of define_experiment(), and all that assignVariant() has to know. Keep it in the app's own code.
export interface Experiment {
  name: string;
  variants: string[]; // 2 to 100; the first is the control
  weights?: number[]; // one for each variant, together 1; equal if left out
  seed?: string; // of the hash; the name if left out
  coverage?: number; // the share of units that take part, 0..1; 1 if left out
  alpha?: number; // 0.05 if left out
  tuning?: number; // 5000 if left out
}

// 32-bit FNV-1a over UTF-16 code units.
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

// 0, 0.0001, ... 0.9999: experiment_bucket() of the database.
export function experimentBucket(seed: string, unit: string): number {
  return (fnv1a(String(fnv1a(seed + unit))) % 10000) / 10000;
}

// The variant, or null for a unit that does not take part. The unit is a user's id, or what else stays the same
// wherever the variant is asked for.
export function assignVariant(experiment: Experiment, unit: string | number): string | null {
  const { name, variants, weights, seed = name, coverage = 1 } = experiment;
  const value = unitText(unit);
  if (weights !== undefined && weights.length !== variants.length)
    throw new RangeError(`experiment ${name} has ${variants.length} variants and ${weights.length} weights`);
  const bucket = experimentBucket(seed, value);
  let start = 0;
  for (const [i, variant] of variants.entries()) {
    const weight = weights?.[i] ?? 1 / variants.length;
    if (bucket >= start && bucket < start + coverage * weight) return variant;
    start += weight;
  }
  return null;
}

// A unit that the database could not be asked about has no variant here either.
function unitText(unit: string | number): string {
  if (typeof unit === "number" && !Number.isSafeInteger(unit)) throw new RangeError(`unit ${unit} is not a whole number up to 2^53 - 1`);
  const text = String(unit);
  if (text === "") throw new RangeError("a unit must not be empty");
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|\0/.test(text))
    throw new RangeError("a unit must not hold half of a surrogate pair or NUL");
  return text;
}
