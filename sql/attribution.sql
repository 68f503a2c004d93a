-- attribution, attribution_weights and path_attribution: who gets the credit. Every edge is in test/pgtap/attribution.sql.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
SET extra_float_digits = 0;
\set VERBOSITY terse
\pset null '-'
CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  place text;
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS place = PG_EXCEPTION_DETAIL;
  RETURN SQLSTATE || ' ' || SQLERRM || CASE WHEN place <> '' THEN ' at ' || place ELSE '' END;
END $$;

-- Touches 38, 33, 26, 8 and 0 days before the conversion, and positions.
SELECT model, attribution_weights(model, array_agg(timestamptz '2003-03-03' - age * interval '1 day' ORDER BY n), '2003-03-03') AS weights
FROM unnest(ARRAY['first', 'last', 'linear', 'position', 'time_decay']) model, unnest(ARRAY[38, 33, 26, 8, 0]) WITH ORDINALITY a(age, n) GROUP BY 1 ORDER BY 1;
SELECT attribution_weights('position', '{2003-03-02}', '2003-03-03') AS one, attribution_weights('position', '{2003-03-02,2003-03-01}', '2003-03-03') AS two, attribution_weights('first', '{2003-03-02,2003-03-01,2003-03-01}', '2003-03-03') AS by_time,
  attribution_weights('linear', '{}', '2003-03-03') AS none, attribution_weights('linear', NULL, '2003-03-03') AS null;

SELECT * FROM path_attribution('[{"path": ["C1", "C2", "C3"], "conversions": 1}, {"path": ["C1"], "nulls": 1}, {"path": ["C2", "C3"], "nulls": 1}, {"path": [], "conversions": 2}]');
SELECT key, round(max(conversions) FILTER (WHERE model = 'first')::numeric, 6) AS first, round(max(conversions) FILTER (WHERE model = 'last')::numeric, 6) AS last, round(max(conversions) FILTER (WHERE model = 'linear')::numeric, 6) AS linear,
  round(max(conversions) FILTER (WHERE model = 'position')::numeric, 6) AS position, round(max(conversions) FILTER (WHERE model = 'shapley')::numeric, 6) AS shapley, round(max(conversions) FILTER (WHERE model = 'markov')::numeric, 6) AS markov
FROM unnest(ARRAY['first', 'last', 'linear', 'position', 'shapley', 'markov']) model,
  path_attribution('[{"path": ["o", "s", "p"], "conversions": 100}, {"path": ["p", "e"], "conversions": 200}, {"path": ["s", "o", "s", "p"], "conversions": 150}, {"path": ["e"], "conversions": 50}]', model)
GROUP BY key ORDER BY key;

BEGIN;
INSERT INTO explore_content (id, creator_id, title) VALUES (5431, 5971, 'One'), (5432, 5971, 'Two'), (5433, 5972, 'Another''s');
INSERT INTO explore_feed_sessions (id, user_id, session_start, traffic_source) VALUES (5481, 4, '2003-03-03', 'search'), (5482, NULL, '2003-03-03', 'mail'), (5483, NULL, '2003-03-03', NULL);
INSERT INTO explore_engagements (content_id, user_id, session_id, engagement_type, created_at)
SELECT content, viewer, session, type::engagement_type, timestamptz '2003-03-03' + hours * interval '1 hour' FROM (VALUES
  (5431, 1, NULL, 'view', 1), (5432, 1, 5483, 'view', 25), (5433, 1, NULL, 'view', 49), (5433, 1, NULL, 'click', 73),
  (5431, 2, NULL, 'view', 1), (5431, 2, NULL, 'view', 2), (5432, 2, NULL, 'view', 3), (5432, 2, NULL, 'click', 4), (5432, 2, NULL, 'click', 5),
  (5433, 3, NULL, 'view', 1), (5432, 3, NULL, 'view', 2),
  -- Anonymous until they logged in: by the row of the session, and by the only user that its events name.
  (5431, NULL, 5481, 'view', 1), (5431, 4, NULL, 'click', 2), (5433, NULL, 5482, 'view', 1), (5432, 5, 5482, 'skip', 2), (5432, 5, NULL, 'click', 3),
  (5439, NULL, 5484, 'view', 1), (5431, NULL, 5484, 'click', 2), (5431, NULL, NULL, 'click', 2)) e(content, viewer, session, type, hours);
SELECT * FROM attribution('click', '{view}', '2003-03-03', '2003-03-10');
SELECT model, key, touches, round(conversions::numeric, 6) AS conversions FROM unnest(ARRAY['first', 'last', 'position', 'time_decay', 'shapley', 'markov']) WITH ORDINALITY m(model, n),
  attribution('click', '{view}', '2003-03-03', '2003-03-10', model, half_life => '1 day') WITH ORDINALITY a(key, touches, conversions, share, o) ORDER BY n, o;
SELECT * FROM attribution('click', '{view}', '2003-03-03', '2003-03-10', key => 'creator');
SELECT * FROM attribution('click', '{view}', '2003-03-03', '2003-03-10', key => 'source');
SELECT * FROM attribution('click', '{view,click}', '2003-03-03 04:30', '2003-03-10', lookback => '2 days', creator_id => 5971);
SELECT pg_temp.refused('SELECT * FROM attribution(' || arguments || ')') FROM unnest(ARRAY['''like''', 'touches => ''{}''', 'model => ''middle''', 'lookback => ''0''', 'key => ''video''']) arguments;
SELECT pg_temp.refused('SELECT * FROM path_attribution(' || arguments || ')') FROM unnest(ARRAY['''[{"path": ["a", 7]}]''', '''[{"path": [], "conversions": -1}]''', '''[]'', ''time_decay''']) arguments;
SELECT pg_temp.refused($$SELECT attribution_weights('shapley', '{}', now())$$);
ROLLBACK;
