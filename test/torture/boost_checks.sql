-- What must be true of boost campaigns after a crash, of the server's tables and of the journal that the chargers have kept
-- outside of it; and the same sums by plain SQL.
CREATE SCHEMA torture;
INSERT INTO explore_content (id, creator_id, title) VALUES (1, 7, 'boosted');
CREATE TABLE torture.journal (word text, id uuid, campaign bigint, kind text, amount numeric, user_id bigint, age numeric);
CREATE INDEX ON torture.journal (id);

-- The days of a campaign that has a limit for each, by plain SQL.
CREATE VIEW torture.days AS
  SELECT c.campaign_id, (l.charged_at AT TIME ZONE c.time_zone)::date AS day, sum(l.amount) AS charged, c.daily_budget
  FROM explore_boost_campaigns c JOIN explore_boost_ledger l USING (campaign_id)
  WHERE c.daily_budget IS NOT NULL AND l.entry = 'charge' GROUP BY c.campaign_id, 2, c.daily_budget;

-- In the snapshot of whoever asks: how much of a campaign is not as it must be. Of all where there is none.
CREATE FUNCTION torture.faults(campaign bigint DEFAULT NULL) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM explore_boost_campaigns c
          LEFT JOIN (SELECT campaign_id, sum(amount) AS amount, bool_or((entry = 'ghost' AND amount <> 0) OR (entry = 'charge' AND amount < 0)) AS odd
                     FROM explore_boost_ledger l WHERE campaign IS NULL OR l.campaign_id = campaign GROUP BY 1) l USING (campaign_id)
          WHERE (campaign IS NULL OR c.campaign_id = campaign) AND (c.spend <> coalesce(l.amount, 0) OR c.spend > c.budget OR c.spend < 0 OR coalesce(l.odd, false)))
    + (SELECT count(*) FROM torture.days d WHERE (campaign IS NULL OR d.campaign_id = campaign) AND d.charged > d.daily_budget)
    + (SELECT count(*) FROM torture.days d FULL JOIN (SELECT * FROM explore_analytics.boost_days b WHERE campaign IS NULL OR b.campaign_id = campaign) b USING (campaign_id, day)
       WHERE (campaign IS NULL OR campaign_id = campaign) AND coalesce(d.charged, 0) <> coalesce(b.charged, 0))
$$;

-- Acknowledged, and not in the ledger with its amount; whatever it was answered, once.
CREATE VIEW torture.lost AS
  SELECT j.* FROM torture.journal j
  LEFT JOIN explore_boost_ledger l ON l.campaign_id = j.campaign AND l.event_id = j.id AND l.entry <> 'credit'
  LEFT JOIN explore_boost_campaigns c ON c.campaign_id = j.campaign
  WHERE CASE WHEN j.word IN ('charged', 'held_out') THEN
          l.kind IS DISTINCT FROM j.kind OR l.amount IS DISTINCT FROM j.amount OR l.entry <> CASE j.word WHEN 'charged' THEN 'charge' ELSE 'ghost' END
          OR j.amount <> CASE WHEN j.word = 'held_out' THEN 0 WHEN j.kind = 'click' THEN c.cost_per_click ELSE c.cost_per_impression END
        WHEN j.word = 'duplicate' THEN l.event_id IS NULL OR j.amount <> 0 END
  UNION ALL
  SELECT j.* FROM torture.journal j
  WHERE j.word = 'credit' AND j.amount > 0 AND NOT EXISTS (
      SELECT FROM explore_boost_ledger l WHERE l.campaign_id = j.campaign AND l.event_id = j.id AND l.entry = 'credit' AND l.amount = -j.amount)
     OR j.word = 'money' AND NOT EXISTS (SELECT FROM explore_boost_ledger l WHERE l.campaign_id = j.campaign AND l.reason = j.id::text AND l.amount = -j.amount)
     OR j.word = 'stop' AND NOT EXISTS (SELECT FROM explore_boost_campaigns c WHERE c.campaign_id = j.campaign AND c.stopped_at IS NOT NULL);

-- Charged, held out or turned round twice, by what was answered or by what is in the ledger, under any campaign.
CREATE VIEW torture.doubled AS
  SELECT id FROM torture.journal WHERE word IN ('charged', 'held_out') GROUP BY id HAVING count(*) > 1
  UNION ALL SELECT id FROM torture.journal WHERE word = 'credit' AND amount > 0 GROUP BY id HAVING count(*) > 1
  UNION ALL SELECT event_id FROM explore_boost_ledger WHERE entry <> 'credit' GROUP BY 1 HAVING count(*) > 1
  UNION ALL SELECT event_id FROM explore_boost_ledger WHERE entry = 'credit' GROUP BY 1 HAVING count(*) > 1
  UNION ALL SELECT min(event_id::text)::uuid FROM explore_boost_ledger WHERE entry = 'credit' AND kind IS NULL GROUP BY reason HAVING count(*) > 1;

-- In the ledger, and nobody was told of it, nor waits for an answer: rolled back, refused, or never sent.
CREATE VIEW torture.invented AS
  SELECT l.* FROM explore_boost_ledger l
  WHERE l.entry <> 'credit' AND NOT EXISTS (SELECT FROM torture.journal j WHERE j.id = l.event_id AND j.campaign = l.campaign_id AND j.word IN ('charged', 'held_out', 'unknown', 'duplicate'))
     OR l.entry = 'credit' AND l.kind IS NOT NULL AND NOT EXISTS (SELECT FROM torture.journal j WHERE j.id = l.event_id AND j.campaign = l.campaign_id AND j.word IN ('credit', 'credit_unknown'))
     OR l.entry = 'credit' AND l.kind IS NULL AND NOT EXISTS (SELECT FROM torture.journal j WHERE j.id::text = l.reason AND j.campaign = l.campaign_id AND j.word IN ('money', 'money_unknown'));

-- Of 1.00 at 0.03 there are thirty-three, not one fewer, once somebody was told that it is gone.
CREATE VIEW torture.short AS
  SELECT s.campaign FROM torture.journal s
  WHERE s.word = 'small' AND EXISTS (SELECT FROM torture.journal j WHERE j.campaign = s.campaign AND j.word = 'budget')
    AND 33 <> (SELECT count(*) FROM explore_boost_ledger l WHERE l.campaign_id = s.campaign AND l.entry = 'charge');

-- Held out by the bucket of the viewer, and nobody else.
CREATE VIEW torture.misheld AS
  SELECT l.* FROM explore_boost_ledger l JOIN explore_boost_campaigns c USING (campaign_id)
  WHERE l.entry <> 'credit' AND (l.entry = 'ghost') <> (experiment_bucket('boost:' || c.campaign_id, l.user_id::text) < c.holdout_percent / 100);

CREATE FUNCTION torture.verdict(OUT acknowledged bigint, OUT unanswered bigint, OUT lost bigint, OUT doubled bigint, OUT invented bigint, OUT faults bigint, OUT short bigint, OUT misheld bigint)
LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM torture.journal WHERE word IN ('charged', 'held_out', 'credit', 'money')),
    (SELECT count(*) FROM torture.journal WHERE word = 'unknown'),
    (SELECT count(*) FROM torture.lost), (SELECT count(*) FROM torture.doubled), (SELECT count(*) FROM torture.invented), torture.faults(),
    (SELECT count(*) FROM torture.short), (SELECT count(*) FROM torture.misheld)
$$;
