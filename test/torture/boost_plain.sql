-- Charging by plain SQL: torture.with_all() has every guard, and is a control; of the others each lacks one. The torture must
-- notice them. What torture.without_flush() lacks is a setting of its database.
CREATE FUNCTION torture.plain_charge(missing text, campaign bigint, event uuid, kind text, viewer bigint, at timestamptz, OUT status text, OUT amount numeric)
LANGUAGE plpgsql AS $$
DECLARE
  c explore_boost_campaigns;
  price numeric;
  today date;
BEGIN
  amount := 0;
  IF missing = 'lock' THEN
    SELECT * INTO STRICT c FROM explore_boost_campaigns WHERE campaign_id = campaign;
  ELSE
    SELECT * INTO STRICT c FROM explore_boost_campaigns WHERE campaign_id = campaign FOR NO KEY UPDATE;
  END IF;
  price := CASE kind WHEN 'click' THEN c.cost_per_click ELSE c.cost_per_impression END;
  today := (at AT TIME ZONE c.time_zone)::date;
  status := CASE
    WHEN missing <> 'once' AND EXISTS (SELECT FROM explore_boost_ledger l WHERE l.campaign_id = campaign AND l.event_id = event AND l.entry <> 'credit') THEN 'duplicate'
    WHEN c.stopped_at IS NOT NULL OR at < c.starts_at OR at >= c.ends_at THEN 'outside'
    WHEN missing <> 'day' AND price + coalesce((SELECT d.charged FROM explore_analytics.boost_days d WHERE d.campaign_id = campaign AND d.day = today), 0) > c.daily_budget THEN 'daily_budget'
    WHEN c.spend + price > c.budget THEN 'budget'
    WHEN experiment_bucket('boost:' || campaign, viewer::text) < c.holdout_percent / 100 THEN 'held_out'
    ELSE 'charged' END;
  IF status NOT IN ('held_out', 'charged') THEN
    RETURN;
  END IF;
  INSERT INTO explore_boost_ledger (campaign_id, event_id, entry, kind, amount, user_id, charged_at)
  VALUES (campaign, CASE WHEN missing = 'once' THEN gen_random_uuid() ELSE event END, CASE status WHEN 'charged' THEN 'charge' ELSE 'ghost' END, kind,
          CASE status WHEN 'charged' THEN price ELSE 0 END, viewer, at)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    status := 'duplicate';
  ELSIF status = 'charged' THEN
    amount := price;
    UPDATE explore_boost_campaigns SET spend = c.spend + price WHERE campaign_id = campaign;
    IF c.daily_budget IS NOT NULL THEN
      INSERT INTO explore_analytics.boost_days AS d (campaign_id, day, charged) VALUES (campaign, today, price)
      ON CONFLICT (campaign_id, day) DO UPDATE SET charged = d.charged + excluded.charged;
    END IF;
  END IF;
END $$;

DO $$
DECLARE
  name text;
  missing text;
BEGIN
  FOR name, missing IN VALUES ('with_all', 'nothing'), ('without_lock', 'lock'), ('without_once', 'once'), ('without_day', 'day'), ('without_flush', 'flush') LOOP
    EXECUTE format($f$CREATE FUNCTION torture.%I(campaign_id bigint, event_id uuid, kind text, user_id bigint, charged_at timestamptz, OUT status text, OUT amount numeric)
      LANGUAGE plpgsql AS $b$BEGIN SELECT * INTO status, amount FROM torture.plain_charge(%L, campaign_id, event_id, kind, user_id, charged_at); END$b$ $f$,
      name, missing);
  END LOOP;
END $$;
