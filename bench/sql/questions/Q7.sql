-- Rescore of all videos, every row of both tables written
--@rounds 3
--@before plain
UPDATE plain.content SET view_count = -1, engagement_score = -1;
UPDATE plain.videos SET total_views = -1, total_watch_time_ms = -1, completion_rate = -1, save_count = -1,
  share_count = -1, click_count = -1;
VACUUM plain.content;
VACUUM plain.videos;
--@ask plain
CALL plain.rescore();
--@before ours
UPDATE explore_content SET view_count = -1, engagement_score = -1;
UPDATE explore_discovery_videos SET total_views = -1, total_watch_time_ms = -1, completion_rate = -1, save_count = -1,
  share_count = -1, click_count = -1;
VACUUM explore_content;
VACUUM explore_discovery_videos;
--@ask ours
SELECT batch_update_engagement_scores(true);
--@check
SELECT NOT EXISTS (
  SELECT FROM plain.content p JOIN explore_content c USING (id)
  WHERE (p.view_count, p.engagement_score) IS DISTINCT FROM (c.view_count, c.engagement_score));
SELECT NOT EXISTS (
  SELECT FROM plain.videos p JOIN explore_discovery_videos v USING (id)
  WHERE (p.total_views, p.total_watch_time_ms, p.completion_rate, p.save_count, p.share_count, p.click_count)
    IS DISTINCT FROM (v.total_views, v.total_watch_time_ms, v.completion_rate, v.save_count, v.share_count, v.click_count));
