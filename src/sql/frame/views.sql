-- BI relations: plain views with plain columns. The rule of the one door is inside: a session with an
-- identity sees its own content, others see all.

CREATE OR REPLACE FUNCTION explore_analytics.install_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $install$
DECLARE
  numbers text := (SELECT string_agg(format('d.%I', n.column_name), ', ' ORDER BY n.ordinality) FROM explore_analytics.layout_daily_numbers() WITH ORDINALITY n);
  daily text := 'explore_analytics.daily_numbers(%s::smallint, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) d';
  item record;
BEGIN
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_video_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, v.id AS video_id, d.id AS content_id, c.creator_id, c.title, c.category, c.area, %s
    FROM %s
    JOIN {s}.explore_content c ON c.id = d.id
    LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = d.id
    WHERE explore_analytics.may_read(c.creator_id, d.id)
  $$, numbers, format(daily, 2)));
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_creator_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, d.id AS creator_id, %s
    FROM %s
    WHERE d.id IN (SELECT c.creator_id FROM {s}.explore_content c) AND explore_analytics.may_read(d.id, d.id)
  $$, numbers, format(daily, 1)));
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_platform_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, %s FROM %s WHERE explore_analytics.may_read(NULL, d.id)
  $$, numbers, format(daily, 0)));

  -- Ranks are counted off along the index explore_content_best, and no further than rows are asked for: a limit that
  -- the planner cannot know is what makes it read in the order of an index instead of sorting all, and OFFSET 0 keeps
  -- the videos from being joined before that.
  EXECUTE explore_analytics.in_home($$
    CREATE OR REPLACE VIEW {s}.explore_leaderboard WITH (security_barrier) AS
    SELECT l.rank, l.id AS content_id, v.id AS video_id, l.creator_id, l.title, l.view_count AS views,
           v.completion_rate, l.engagement_score, v.scored_at
    FROM (
      SELECT b.*, row_number() OVER (ORDER BY b.engagement_score DESC, b.view_count DESC, b.id) AS rank
      FROM (SELECT c.id, c.creator_id, c.title, c.view_count, c.engagement_score FROM {s}.explore_content c WHERE c.view_count >= 10
            ORDER BY c.engagement_score DESC, c.view_count DESC, c.id LIMIT (SELECT NULL::bigint)) b) l
    LEFT JOIN LATERAL (SELECT w.id, w.completion_rate, w.scored_at FROM {s}.explore_discovery_videos w WHERE w.content_id = l.id OFFSET 0) v ON true
    WHERE (SELECT explore_analytics.sees_all()) OR l.creator_id = (SELECT {s}.current_creator_id())
    ORDER BY l.engagement_score DESC, l.view_count DESC, l.id
  $$);
  -- Of layouts before 3, with every rank stored.
  IF to_regclass('explore_analytics.leaderboard') IS NOT NULL THEN
    DROP MATERIALIZED VIEW explore_analytics.leaderboard;
  END IF;

  -- Roles that were granted the views before these read daily_numbers() go on reading them.
  FOR item IN SELECT a.grantee::regrole AS role FROM pg_proc p, aclexplode(p.proacl) a
              WHERE p.oid = 'explore_analytics.active_days()'::regprocedure AND a.privilege_type = 'EXECUTE' AND a.grantee <> 0
                AND NOT has_function_privilege(a.grantee, 'explore_analytics.daily_numbers(smallint,date,date,timestamptz,timestamptz,date[],bigint,bigint[],bigint,integer)', 'EXECUTE') LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION explore_analytics.daily_numbers TO %s', item.role);
  END LOOP;

  FOR item IN SELECT * FROM explore_analytics.layout_views() LOOP
    EXECUTE explore_analytics.in_home(format('COMMENT ON VIEW {s}.%I IS %L', item.view_name, item.description));
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_view_columns() LOOP
    EXECUTE explore_analytics.in_home(format('COMMENT ON COLUMN {s}.%I.%I IS %L', item.view_name, item.column_name, item.description));
  END LOOP;
END $install$;
COMMENT ON FUNCTION explore_analytics.install_views() IS 'Internal: the BI views.';
