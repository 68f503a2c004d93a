-- One day of explore_video_daily, all contents
--@ask plain
SELECT count(*), sum(views), sum(viewers)
FROM (SELECT content_id, count(*) FILTER (WHERE engagement_type = 'view') AS views,
        count(DISTINCT coalesce(user_id, -session_id)) FILTER (WHERE engagement_type = 'view') AS viewers
      FROM {plain}.events
      WHERE created_at >= :month_end::timestamptz - interval '1 day' AND created_at < :month_end::timestamptz
      GROUP BY content_id) AS e;
--@ask ours
SELECT count(*), sum(views), sum(unique_viewers) FROM explore_video_daily WHERE day = (:month_end::timestamptz AT TIME ZONE 'UTC')::date - 1;
