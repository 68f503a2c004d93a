-- Refresh of as many new events as a slice has
--@rounds 1
--@wal
--@setup
CALL explore_analytics.refresh();
--@before ours
COPY explore_engagements ({columns}) FROM '{feed}/large.{number}.csv' (FORMAT csv);
--@ask ours
CALL explore_analytics.refresh();
