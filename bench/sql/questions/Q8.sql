-- Late events stored, then refresh and rescore
--@rounds 3
--@setup
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores();
CALL plain.rescore();
VACUUM plain.content, plain.videos, explore_content, explore_discovery_videos;
--@before plain
COPY plain.events ({columns}) FROM '{feed}/late.{round}.csv' (FORMAT csv);
--@ask plain
CALL plain.rescore();
--@before ours
COPY explore_engagements ({columns}) FROM '{feed}/late.{round}.csv' (FORMAT csv);
--@ask ours
CALL explore_analytics.refresh();
SELECT batch_update_engagement_scores();
--@check
SELECT NOT EXISTS (
  SELECT FROM plain.content p JOIN explore_content c USING (id)
  WHERE (p.view_count, p.engagement_score) IS DISTINCT FROM (c.view_count, c.engagement_score));
SELECT NOT EXISTS (
  SELECT FROM plain.videos p JOIN explore_discovery_videos v USING (id)
  WHERE (p.total_views, p.total_watch_time_ms, p.completion_rate, p.save_count, p.share_count, p.click_count)
    IS DISTINCT FROM (v.total_views, v.total_watch_time_ms, v.completion_rate, v.save_count, v.share_count, v.click_count));
