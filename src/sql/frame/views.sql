-- BI relations: plain views with plain columns. The rule of the one door is inside: a session with an
-- identity sees its own content, others see all.

CREATE OR REPLACE FUNCTION explore_analytics.install_views() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $install$
DECLARE
  numbers text := (SELECT string_agg(format('{s}.%I(s.summary) AS %I', n.accessor, n.column_name), ', ' ORDER BY n.ordinality)
                   FROM explore_analytics.layout_daily_numbers() WITH ORDINALITY n);
  -- Days and ids come first, so that a condition on either keeps the summaries of all others from being
  -- made; OFFSET 0 keeps each from being made once for every column.
  summary text := $$LEFT JOIN explore_analytics.tail_days(%1$s::smallint) t ON t.bucket = d.bucket AND t.id = %2$s,
    LATERAL (SELECT explore_analytics.day_summary(%1$s::smallint, %2$s, d.bucket, t.summary) AS summary OFFSET 0) s$$;
  item record;
BEGIN
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_video_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, v.id AS video_id, c.id AS content_id, c.creator_id, c.title, c.category, c.area, %s
    FROM (SELECT a.day, a.bucket FROM explore_analytics.active_days() a) d
    CROSS JOIN {s}.explore_content c
    LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id
    %s
    WHERE s.summary IS NOT NULL AND ((SELECT explore_analytics.sees_all()) OR c.creator_id = (SELECT {s}.current_creator_id()))
  $$, numbers, format(summary, 2, 'c.id')));
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_creator_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, c.creator_id, %s
    FROM (SELECT a.day, a.bucket FROM explore_analytics.active_days() a) d
    CROSS JOIN (SELECT DISTINCT o.creator_id FROM {s}.explore_content o) c
    %s
    WHERE s.summary IS NOT NULL AND ((SELECT explore_analytics.sees_all()) OR c.creator_id = (SELECT {s}.current_creator_id()))
  $$, numbers, format(summary, 1, 'c.creator_id')));
  EXECUTE explore_analytics.in_home(format($$
    CREATE OR REPLACE VIEW {s}.explore_platform_daily WITH (security_barrier) AS
    SELECT d.day, d.bucket, %s
    FROM (SELECT a.day, a.bucket FROM explore_analytics.active_days() a WHERE (SELECT explore_analytics.sees_all())) d
    %s
    WHERE s.summary IS NOT NULL
  $$, numbers, format(summary, 0, '0::bigint')));

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

  FOR item IN SELECT * FROM explore_analytics.layout_views() LOOP
    EXECUTE explore_analytics.in_home(format('COMMENT ON VIEW {s}.%I IS %L', item.view_name, item.description));
  END LOOP;
  FOR item IN SELECT * FROM explore_analytics.layout_view_columns() LOOP
    EXECUTE explore_analytics.in_home(format('COMMENT ON COLUMN {s}.%I.%I IS %L', item.view_name, item.column_name, item.description));
  END LOOP;
END $install$;
COMMENT ON FUNCTION explore_analytics.install_views() IS 'Internal: the BI views.';
