-- A creator who wants to know a competitor's number: sequences of questions about worlds in which one peer can be named (psql -v worlds=N,
-- -v sequences=N for each world, -v seed=N; the extension and the roles of callers.sql are there). Between questions the attacker moves numbers of
-- its own, as a ruler: next to those of the peer, or, where a second creator of the attacker's is among the peers, to the very number at which the
-- answer turns. The table attack says what came of it. The peer is recovered when no other world that looks the same from outside, and gives the
-- same answers, has another number for it: one that is more than two percent away, so that no single number is within one percent of both. Its
-- views and saves are both unknown: in another world both may be others.
-- Sequences of answers that are exact but for quartiles of three digits show that the attack works.
SET jit = off;
SELECT setseed((:seed % 1000000007) / 1000000007.0) \g /dev/null

-- Creator 1 attacks; 2 is the one that can be named, active on one day; the others were active from day 0, 2025-03-03, to day 9, on each of them.
-- The ruler is of creator 1, but where it is of another (puppet); it and the number that is wanted are of one type.
CREATE TEMP TABLE world (n int PRIMARY KEY, kind text, day int, ruler bigint, counted engagement_type);
INSERT INTO world SELECT n, kind, CASE kind WHEN 'one_day' THEN 12 WHEN 'day_before' THEN -3 ELSE 4 END, CASE kind WHEN 'puppet' THEN 3 ELSE 1 END, CASE kind WHEN 'puppet' THEN 'view' ELSE 'save' END::engagement_type
FROM (SELECT n, (ARRAY['alone', 'alone_in_area', 'most_of_metric', 'one_day', 'largest', 'alone_in_category', 'day_before', 'puppet'])[1 + (n - 1) % 8] AS kind FROM generate_series(1, :worlds) n) w;
CREATE FUNCTION pg_temp.at(day int) RETURNS timestamptz LANGUAGE sql AS $$ SELECT timestamptz '2025-03-03' + day * interval '1 day' $$;
CREATE FUNCTION pg_temp.did(creator bigint, kind engagement_type, count int, day int) RETURNS void LANGUAGE sql AS $$
  INSERT INTO explore_engagements (content_id, user_id, engagement_type, watch_time_ms, created_at) SELECT creator, n, kind, 1000, timestamptz '2025-03-03 12:00' + day * interval '1 day' FROM generate_series(1, count) n $$;
CREATE FUNCTION pg_temp.build(w world) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  others int := 6 + floor(4 * random())::int;
BEGIN
  INSERT INTO explore_content (id, creator_id, category, area)
  SELECT n, n, CASE WHEN n = 2 AND w.kind IN ('alone', 'alone_in_category', 'puppet') THEN 'rare' ELSE 'common' END, CASE WHEN n = 2 AND w.kind IN ('alone', 'alone_in_area') THEN 'rare' ELSE 'common' END FROM generate_series(1, others + 2) n;
  PERFORM pg_temp.did(c, 'view', 6 + floor(8 * random())::int, d), pg_temp.did(c, 'save', 1 + floor(9 * random() ^ 2)::int, d) FROM generate_series(3, others + 2) c, generate_series(0, 9) d;
  PERFORM explore_analytics.rebuild();
  -- The one: of about as many views, and saves, so that quartiles may be its own, and more where its kind says so.
  PERFORM pg_temp.did(2, 'view', CASE w.kind WHEN 'puppet' THEN 120 + floor(160 * random())::int WHEN 'largest' THEN 160 + floor(40 * random())::int ELSE 60 + floor(40 * random())::int END, w.day),
    pg_temp.did(2, 'save', CASE w.kind WHEN 'most_of_metric' THEN 400 + floor(200 * random())::int WHEN 'largest' THEN 150 + floor(100 * random())::int ELSE 28 + floor(18 * random())::int END, w.day);
  PERFORM pg_temp.did(1, 'view', 10, own), pg_temp.did(1, 'save', 1, own) FROM generate_series(0, 9) own;
END $$;

-- Question i of sequence n: of which metric, peers and days, and how many events more the ruler has.
CREATE TEMP TABLE question (protected boolean, n int, i int, metric text, peers text, min_peers int, first_day int, after_day int, ruler int);
CREATE TEMP TABLE answer (other boolean, protected boolean, n int, i int, told text);
-- What somebody is told, as a reader or as one from whom nothing is kept back. Between braces, so that no answer is NULL.
CREATE FUNCTION pg_temp.told(protected boolean, q question) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN protected THEN b::text ELSE format('{%s %s %s %s %s %s %s %s}', b.value, b.percentile, b.rank, to_char(b.p25, '9.99EEEE'), to_char(b.median, '9.99EEEE'), to_char(b.p75, '9.99EEEE'), b.share_percent, b.peers) END
  FROM public.benchmark_creator(1, q.metric, pg_temp.at(q.first_day), pg_temp.at(q.after_day), q.peers, q.min_peers) b $$;
CREATE FUNCTION pg_temp.more(moved engagement_type, count int, day int) RETURNS void LANGUAGE sql AS $$
  DELETE FROM explore_engagements WHERE (tableoid, ctid) IN (SELECT tableoid, ctid FROM explore_engagements WHERE content_id = 2 AND engagement_type = moved LIMIT greatest(0, -count));
  SELECT pg_temp.did(2, moved, count, day) $$;
-- The answers to some sequences, were the number of the one larger by some events, or smaller, and that of the other type too. Nothing of it has
-- happened.
CREATE FUNCTION pg_temp.ask(w world, was_protected boolean, more int, along int, sequences int[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  q question;
  made int := 0;
  answers answer[] := '{}';
BEGIN
  BEGIN
    PERFORM pg_temp.more(w.counted, more, w.day), pg_temp.more(CASE w.counted WHEN 'view' THEN 'save' ELSE 'view' END::engagement_type, along, w.day);
    PERFORM set_config('explore_analytics.user_id', CASE WHEN was_protected THEN '1' ELSE '' END, true);
    FOR q IN SELECT * FROM question WHERE protected = was_protected AND n = ANY (sequences) ORDER BY ruler LOOP
      PERFORM pg_temp.did(w.ruler, w.counted, q.ruler - made, 5);
      made := q.ruler;
      PERFORM set_config('role', current_setting('tap.family') || CASE WHEN was_protected THEN 'reader' ELSE 'analyst' END, true);
      answers := answers || ROW(more <> 0, was_protected, q.n, q.i, pg_temp.told(was_protected, q))::answer;
      PERFORM set_config('role', 'none', true);
    END LOOP;
    RAISE SQLSTATE 'ZZ001';
  EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
  END;
  INSERT INTO answer SELECT * FROM unnest(answers);
END $$;
-- The most the ruler may have for somebody to be told anything.
CREATE FUNCTION pg_temp.turn(w world, protected boolean, q question) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  most int := 0;
  told text;
BEGIN
  FOR bit IN REVERSE 10 .. 0 LOOP
    BEGIN
      PERFORM pg_temp.did(w.ruler, w.counted, most + (1 << bit), 5);
      PERFORM set_config('explore_analytics.user_id', CASE WHEN protected THEN '1' ELSE '' END, true), set_config('role', current_setting('tap.family') || CASE WHEN protected THEN 'reader' ELSE 'analyst' END, true);
      told := (SELECT b.rank FROM public.benchmark_creator(1, q.metric, pg_temp.at(q.first_day), pg_temp.at(q.after_day), q.peers, q.min_peers) b);
      RAISE SQLSTATE 'ZZ001';
    EXCEPTION WHEN SQLSTATE 'ZZ001' THEN
    END;
    most := most + CASE WHEN told IS NULL THEN 0 ELSE 1 << bit END;
  END LOOP;
  RETURN most;
END $$;
-- Five questions: at random; in every second sequence four of them are two pairs that differ by one day, that of the one; where there is a second
-- creator of the attacker's, they are on either side of where the answer turns, for everybody and for the category.
CREATE FUNCTION pg_temp.make_questions(w world, truth int, protected boolean, sequence int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  q question;
  pair question;
  by_end boolean;
BEGIN
  FOR i IN 1 .. 5 LOOP
    q := ROW(protected, sequence, i, CASE WHEN random() < 0.8 THEN 'saves' WHEN random() < 0.5 THEN 'total_engagements' ELSE 'save_rate' END, (ARRAY['platform', 'category', 'area', 'size'])[1 + floor(4 * random())::int], 5 + floor(2 * random())::int,
      -4 + floor(6 * random())::int, 10 + floor(5 * random())::int, greatest(0, (truth * (0.94 + 0.12 * random()))::int - 10));
    IF w.kind = 'puppet' AND i < 5 THEN
      IF i % 2 = 1 THEN
        pair := q;
        pair.peers := CASE i WHEN 1 THEN 'platform' ELSE 'category' END;
        pair.ruler := pg_temp.turn(w, protected, pair);
      END IF;
      q := pair;
      q.i := i;
      q.ruler := pair.ruler + (i + 1) % 2;
    ELSIF sequence % 2 = 0 AND i < 5 THEN
      IF i % 2 = 1 THEN
        pair := q;
        by_end := CASE w.kind WHEN 'one_day' THEN true WHEN 'day_before' THEN false ELSE random() < 0.5 END;
        IF by_end THEN
          pair.first_day := w.day - 7 - floor(4 * random())::int;
          pair.after_day := w.day;
        ELSE
          pair.first_day := w.day;
          pair.after_day := w.day + 8 + floor(4 * random())::int;
        END IF;
      END IF;
      q := pair;
      q.i := i;
      IF i % 2 = 0 AND by_end THEN
        q.after_day := w.day + 1;
      ELSIF i % 2 = 0 THEN
        q.first_day := w.day + 1;
      END IF;
    END IF;
    INSERT INTO question SELECT q.*;
  END LOOP;
END $$;

CREATE TEMP TABLE attack (world int, kind text, n int, protected boolean, told boolean, recovered boolean, questions json);
-- Looks for two worlds that look alike, with numbers more than two percent apart: on either side of the truth, or this one and another.
CREATE FUNCTION pg_temp.attack_world(w world, sequences int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  truth int;
  open int[];
  moved int;
  rest int;
  alike int[];
  below int;
BEGIN
  PERFORM pg_temp.build(w);
  truth := (SELECT count(*) FROM explore_engagements WHERE content_id = 2 AND engagement_type = w.counted);
  rest := (SELECT count(*) FROM explore_engagements WHERE content_id = 2 AND engagement_type <> w.counted);
  FOR sequence IN 1 .. sequences LOOP
    PERFORM pg_temp.make_questions(w, truth, true, sequence);
  END LOOP;
  -- The same without protection, but for where the ruler turns it.
  FOR sequence IN 1 .. least(sequences, 5) LOOP
    IF w.kind = 'puppet' THEN
      PERFORM pg_temp.make_questions(w, truth, false, sequence);
    ELSE
      INSERT INTO question SELECT false, n, q.i, metric, peers, min_peers, first_day, after_day, ruler FROM question q WHERE q.protected AND n = sequence;
    END IF;
  END LOOP;
  FOR mode IN 0 .. 1 LOOP
    open := ARRAY(SELECT DISTINCT n FROM question WHERE protected = (mode = 1));
    PERFORM pg_temp.ask(w, mode = 1, 0, 0, open);
    INSERT INTO attack SELECT w.n, w.kind, n, mode = 1, bool_or(told NOT LIKE '%,,,,,,%'), true, json_agg(q ORDER BY i) FROM question q JOIN answer a USING (protected, n, i) WHERE protected = (mode = 1) AND NOT a.other GROUP BY n;
    FOR below IN SELECT -ceil(l * truth)::int FROM unnest(ARRAY[0, 0.005, 0.01, 0.015, 0.021]) l LOOP
      open := ARRAY(SELECT n FROM attack a WHERE a.world = w.n AND protected = (mode = 1) AND recovered);
      FOREACH moved IN ARRAY ARRAY[below, floor(1.02 * (truth + below))::int + 1 - truth] LOOP
        CONTINUE WHEN moved = 0 OR moved > below AND moved < 0;
        alike := '{}';
        FOR along IN 0 .. 1 LOOP
          PERFORM pg_temp.ask(w, mode = 1, moved, (along * rest * moved::float8 / truth)::int, open);
          alike := alike || ARRAY(SELECT o FROM unnest(open) o WHERE NOT EXISTS (SELECT FROM answer b JOIN answer a USING (protected, n, i) WHERE protected = (mode = 1) AND n = o AND NOT b.other AND a.other AND a.told <> b.told));
          open := ARRAY(SELECT unnest(open) EXCEPT SELECT unnest(alike));
          DELETE FROM answer a WHERE a.other;
        END LOOP;
        open := alike;
      END LOOP;
      UPDATE attack a SET recovered = false WHERE a.world = w.n AND protected = (mode = 1) AND n = ANY (open);
    END LOOP;
  END LOOP;
  -- The next world is another.
  DELETE FROM question;
  DELETE FROM answer;
  DELETE FROM explore_engagements;
  DELETE FROM explore_content;
END $$;
SELECT format('DO $do$ BEGIN PERFORM pg_temp.attack_world(w, %s) FROM world w WHERE n = %s; END $do$', :sequences, n), 'VACUUM explore_engagements, explore_content' FROM world ORDER BY n \gexec
