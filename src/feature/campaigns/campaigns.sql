-- Boost campaigns: shown for money, which is counted exactly.
CREATE OR REPLACE FUNCTION explore_analytics.keep_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kept record := old;
  computed text[] := (SELECT array_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = TG_RELID AND a.attgenerated <> '' AND NOT a.attisdropped);
BEGIN
  -- Of the new row they are not computed yet.
  IF computed IS NOT NULL THEN
    kept := jsonb_populate_record(old, (SELECT jsonb_object_agg(c, NULL) FROM unnest(computed) c));
  END IF;
  IF new.user_id IS NULL THEN
    kept.user_id := NULL;
  END IF;
  IF new.session_id IS NULL THEN
    kept.session_id := NULL;
  END IF;
  -- Byte for byte, also of columns that others have added.
  IF new *= kept THEN
    RETURN new;
  END IF;
  RAISE EXCEPTION 'an entry of table %.% stays as it is', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege',
    HINT = 'What was charged by mistake is turned round by credit_boost(); forget_viewer() takes out who it was.';
END $$;
COMMENT ON FUNCTION explore_analytics.keep_entry() IS 'Internal: trigger on explore_boost_ledger; refuses every update but one that takes out who the viewer was.';

CREATE OR REPLACE FUNCTION @extschema@.create_boost_campaign(content_id bigint, budget numeric, currency text, cost_per_impression numeric DEFAULT 0,
    cost_per_click numeric DEFAULT 0, starts_at timestamptz DEFAULT now(), ends_at timestamptz DEFAULT NULL, daily_budget numeric DEFAULT NULL, time_zone text DEFAULT 'UTC',
    holdout_percent double precision DEFAULT 0, conversion text DEFAULT 'click', conversion_value numeric DEFAULT NULL, within interval DEFAULT '7 days') RETURNS bigint
  AS 'MODULE_PATHNAME', 'ea_create_boost_campaign' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.create_boost_campaign(bigint, numeric, text, numeric, numeric, timestamptz, timestamptz, numeric, text, double precision, text, numeric, interval) IS
  'Makes a boost campaign for a content, paid by who is its creator now, and returns its id. budget and prices: 0 or more, at most 6 decimals, less than 10^15 (22003), of one currency, three capital letters. It runs in [starts_at, ends_at), ends_at NULL: until it is stopped. daily_budget: what may be charged for a day of time_zone, NULL: no limit. holdout_percent: 0..50, the share of viewers who are not shown it, so that campaign_analytics() can tell what it does. starts_at: in 2000 or later. conversion: an engagement type; conversion_value: what one is worth; within: how long after the first impression views and conversions count. Errors: 23503 unknown content, 22004 NULL content_id, 22008 infinite time, else 22023.';

CREATE OR REPLACE FUNCTION @extschema@.set_boost_budget(campaign_id bigint, budget numeric) RETURNS void
  AS 'MODULE_PATHNAME', 'ea_set_boost_budget' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.set_boost_budget(bigint, numeric) IS
  'Changes the budget of a boost campaign, to not less than it has spent (22023). Unknown campaign: P0002; 40001 and 40P01 as charge_boost(); NULL campaign_id: 22004; an amount that create_boost_campaign() would not take: 22023 or 22003.';

CREATE OR REPLACE FUNCTION @extschema@.stop_boost_campaign(campaign_id bigint) RETURNS void
  AS 'MODULE_PATHNAME', 'ea_stop_boost_campaign' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.stop_boost_campaign(bigint) IS
  'Stops a boost campaign for good; whoever charges it afterwards is told outside, also for what happened before. A second call changes nothing. Unknown campaign: P0002; 40001 and 40P01 as charge_boost(); NULL: 22004.';

CREATE OR REPLACE FUNCTION @extschema@.charge_boost(campaign_id bigint, event_id uuid, kind text, user_id bigint DEFAULT NULL, session_id bigint DEFAULT NULL,
    charged_at timestamptz DEFAULT now(), OUT status text, OUT amount numeric, OUT budget_left numeric) RETURNS SETOF record
  AS 'MODULE_PATHNAME', 'ea_charge_boost' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000 ROWS 1;
COMMENT ON FUNCTION @extschema@.charge_boost(bigint, uuid, text, bigint, bigint, timestamptz) IS
  'Charges a boost campaign for an impression or a click, before it is shown: only what is charged is to be shown. status is the first that holds: duplicate (the event_id was charged or held out before, for ever), outside (stopped, or charged_at not in [starts_at, ends_at)), excluded (traffic that does not count), daily_budget or budget (the price does not fit), held_out (not to be shown; kept with amount 0), charged. What is refused stores nothing. User defaults to the session''s user, then to the current user; nobody is charged, and never held out. The campaign stays locked until the transaction ends. Errors: P0002 unknown campaign, 40001 (above READ COMMITTED: it has changed) or 40P01 (deadlock: campaigns charged in another order), to be tried again, 23503 unknown session, 22004 NULL campaign_id or event_id, 22008 infinite time, 22023 another kind, an id that is not positive, a time in the future.';

CREATE OR REPLACE FUNCTION @extschema@.credit_boost(campaign_id bigint, event_id uuid DEFAULT NULL, amount numeric DEFAULT NULL, reason text DEFAULT NULL) RETURNS numeric
  AS 'MODULE_PATHNAME', 'ea_credit_boost' LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000;
COMMENT ON FUNCTION @extschema@.credit_boost(bigint, uuid, numeric, text) IS
  'Gives a boost campaign money back, dated now, and returns how much: event_id turns that charge round, once, afterwards 0, and an event that was held out leaves its arm; amount is money alone. The budget can spend it again, a daily budget not. Errors: P0002 unknown campaign or event, 40001 and 40P01 as charge_boost(), 22004 NULL campaign_id, 22023 both or neither, an amount that is not more than 0 or more than was spent, 22003 too large.';

CREATE OR REPLACE FUNCTION explore_analytics.local_day(at timestamptz, time_zone text) RETURNS date
  AS 'MODULE_PATHNAME', 'ea_local_day' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION explore_analytics.local_day(timestamptz, text) IS 'Internal: the day of a time in a time zone by its IANA name, as daily budgets have it. AT TIME ZONE takes CET for an abbreviation, without summer time. Null where the server does not know the zone.';

CREATE OR REPLACE FUNCTION explore_analytics.boost_faults(since timestamptz DEFAULT NULL)
  RETURNS TABLE (campaign_id bigint, problem text, entries bigint)
  AS 'MODULE_PATHNAME', 'ea_boost_faults' LANGUAGE C STABLE PARALLEL UNSAFE COST 100000 ROWS 1;
COMMENT ON FUNCTION explore_analytics.boost_faults(timestamptz) IS
  'Proves from the ledger what boost campaigns have spent: a row for each campaign, day or event of which spend, budget, daily budget, price or credit is not right; no row: all is good. since: only what campaigns have spent that were made, charged or credited since then, in all and by day, and not each event; NULL: everything. verify() says the same.';
