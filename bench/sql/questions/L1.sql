-- First ten of the leaderboard
--@ask plain
SELECT id, view_count, engagement_score FROM {plain}.content WHERE view_count >= 10
ORDER BY engagement_score DESC, view_count DESC, id LIMIT 10;
--@ask ours
SELECT content_id, views, engagement_score FROM explore_leaderboard WHERE rank <= 10 ORDER BY rank;
