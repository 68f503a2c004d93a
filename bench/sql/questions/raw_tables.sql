-- The same questions can be asked of the raw rows behind ours.
CREATE SCHEMA raw;
CREATE VIEW raw.events AS SELECT * FROM explore_engagements;
CREATE VIEW raw.content AS SELECT * FROM explore_content;
CREATE VIEW raw.sessions AS SELECT * FROM explore_feed_sessions;
CREATE VIEW raw.viewers AS SELECT * FROM explore_viewers;
CREATE VIEW raw.videos AS SELECT * FROM explore_discovery_videos;
CREATE VIEW raw.exposures AS SELECT viewer_key, variant, exposed_at FROM explore_exposures WHERE experiment = 'bench';
