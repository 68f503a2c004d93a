-- Boost campaigns with a known effect (psql -v experiments=N: campaigns, -v seed=N), whose budgets end on the way, whose days are full by noon, which
-- are stopped, and some of whose impressions are credited: is lift what it is, and its interval as wide as it should be? Viewers who come later convert
-- more often than those who come first, so that to compare the reached with those who came too late is wrong: that is what a holdout is for.
\ir experiments_lib.sql
\set effect 0.12
\set viewers 400
SELECT FROM explore_analytics.ensure_partitions('2010-01-01', '2010-01-31');
CREATE TABLE shown (campaign bigint, viewer bigint, at timestamptz, event uuid, status text);
CREATE TABLE campaign (campaign bigint, kind text);
-- 400 viewers who come twice each in three days. The budget is enough for 300 impressions: all the 800, or those of two days, if it were not for the rest.
CREATE PROCEDURE run(n bigint, seed bigint) LANGUAGE plpgsql AS $$
DECLARE
  kind text := (ARRAY['open', 'budget', 'daily', 'stopped', 'credited'])[1 + n % 5];
  id bigint;
BEGIN
  INSERT INTO explore_content (id, creator_id) OVERRIDING SYSTEM VALUE VALUES (n, 1);
  id := create_boost_campaign(n, CASE kind WHEN 'open' THEN 1000 WHEN 'budget' THEN 3 WHEN 'credited' THEN 2 ELSE 4 END, 'EUR', 0.01, starts_at => '2010-01-01', ends_at => '2010-01-04', daily_budget => CASE kind WHEN 'daily' THEN 1 END, holdout_percent => 25);
  INSERT INTO campaign VALUES (id, kind);
  DECLARE
    visit record;
    told text;
    served int := 0;
  BEGIN
    FOR visit IN SELECT (seed * 10000 + n) * 1000 + v AS viewer, timestamptz '2010-01-01' + random() * interval '3 days' AS at, gen_random_uuid() AS event FROM generate_series(1, 400) v, generate_series(1, 2) ORDER BY 2 LOOP
      SELECT status INTO told FROM charge_boost(id, visit.event, 'impression', visit.viewer, charged_at => visit.at);
      INSERT INTO shown VALUES (id, visit.viewer, visit.at, visit.event, told);
      served := served + (told IN ('charged', 'held_out'))::int;
      IF kind = 'credited' AND told IN ('charged', 'held_out') AND random() < 0.3 THEN
        PERFORM credit_boost(id, visit.event, reason => 'not seen');
        UPDATE shown SET status = told || ', credited' WHERE campaign = id AND event = visit.event;
      END IF;
      IF kind = 'stopped' AND served = 250 THEN
        PERFORM stop_boost_campaign(id);
      END IF;
    END LOOP;
  END;
  COMMIT;
END $$;
CREATE PROCEDURE run_all(first bigint, last bigint, seed bigint) LANGUAGE plpgsql AS $$ BEGIN FOR n IN first .. last LOOP CALL run(n, seed); END LOOP; END $$;
CALL run_all(1, :experiments, :seed);
-- What a viewer is like depends on when he first comes; the effect is the same for all who are shown something. Who is credited was not.
CREATE TABLE viewer AS
SELECT campaign, viewer, min(at) AS came, bool_or(status = 'charged') AS reached, bool_or(status = 'held_out') AS held_out, bool_or(status IN ('budget', 'daily_budget', 'outside')) AND NOT bool_or(status IN ('charged', 'held_out')) AS late, random() AS die
FROM shown GROUP BY 1, 2;
ALTER TABLE viewer ADD converts boolean;
UPDATE viewer SET converts = die < 0.1 + 0.3 * extract(epoch FROM came - '2010-01-01') / 259200 + CASE WHEN reached THEN :effect ELSE 0 END;
INSERT INTO explore_engagements (content_id, user_id, engagement_type, created_at) SELECT c.content_id, v.viewer, 'click', '2010-01-04 12:00' FROM viewer v JOIN explore_boost_campaigns c ON c.campaign_id = v.campaign WHERE converts;
CREATE TABLE result AS
SELECT c.kind, a.*, a.incremental_conversions / a.viewers - :effect AS error, a.incremental_lower <= a.viewers * :effect AND a.viewers * :effect <= a.incremental_upper AS covered
FROM campaign c, campaign_analytics(c.campaign) a;
CREATE VIEW share AS
SELECT coalesce(kind, 'all') AS kind, count(*) AS n, avg(error) AS bias, stddev_samp(error) / sqrt(count(*)) AS se, count(*) FILTER (WHERE covered) AS covered, count(*) FILTER (WHERE p_value < 0.05) AS found,
  count(*) FILTER (WHERE srm_p_value < 0.05) AS srm, count(*) FILTER (WHERE srm_p_value < 0.001) AS bad_srm, avg(viewers) AS viewers, avg(held_out) AS held_out
FROM result GROUP BY ROLLUP (kind);
CREATE TABLE naive AS
SELECT campaign, avg(converts::int) FILTER (WHERE reached) - avg(converts::int) FILTER (WHERE late) - :effect AS error FROM viewer JOIN campaign USING (campaign) WHERE kind = 'budget' GROUP BY 1;
SELECT format('RESULT lift seed=%s campaigns=%s kind=%s effect=%s viewers=%s held_out=%s bias=%s se=%s covered_percent=%s significant_percent=%s srm_below_twentieth_percent=%s',
  :seed, n, kind, :effect, round(viewers), round(held_out), round(bias::numeric, 5), round(se::numeric, 5), round(100.0 * covered / n, 1), round(100.0 * found / n, 1), round(100.0 * srm / n, 1)) FROM share ORDER BY kind;
SELECT format('RESULT lift_naive seed=%s campaigns=%s kind=budget bias=%s se=%s', :seed, count(error), round(avg(error)::numeric, 5), round((stddev_samp(error) / sqrt(count(error)))::numeric, 5)) FROM naive;
SELECT FROM campaign JOIN share USING (kind), verdict(format('%s: budgets, days and stops bind', kind), (SELECT count(*) > 0 FROM shown JOIN campaign USING (campaign) WHERE kind = share.kind AND status NOT LIKE 'charged%' AND status NOT LIKE 'held_out%') = (kind <> 'open'));
-- Five standard errors: a bias of one part in a hundred shows in the long form.
SELECT FROM share, verdict(format('%s: bias %s, standard error %s', kind, bias, se), abs(bias) < 5 * se AND se < 0.2 / sqrt(n));
SELECT FROM share, verdict(format('%s: %s of %s intervals hold the effect', kind, covered, n), covered BETWEEN fewest(n, 0.94) AND most(n, 0.96)) ;
SELECT FROM share, verdict(format('%s: %s of %s splits below a twentieth, %s below a thousandth', kind, srm, n, bad_srm), srm <= most(n, 0.055) AND srm >= fewest(n, 0.045) AND bad_srm <= most(n, 0.001));
-- Uniform: no tenth of it holds far more or fewer than a tenth.
SELECT FROM (SELECT count(*) AS c, (SELECT count(*) FROM result) AS n FROM generate_series(0, 9) d LEFT JOIN result ON least(9, floor(srm_p_value * 10)) = d GROUP BY d) t, verdict(format('%s of %s in a tenth of srm', c, n), n < 500 OR c BETWEEN fewest(n, 0.08) AND most(n, 0.12));
SELECT FROM verdict('to compare with who came too late is wrong', (SELECT avg(error) < -5 * stddev_samp(error) / sqrt(count(error)) FROM naive));
SELECT FROM verdict('spend is the ledger', NOT EXISTS (SELECT FROM explore_boost_campaigns c WHERE spend <> (SELECT sum(amount) FROM explore_boost_ledger l WHERE l.campaign_id = c.campaign_id) OR spend > budget));
SELECT 'ok campaigns_lift';
