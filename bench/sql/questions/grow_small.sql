-- Refresh of 4,000 new events
--@wal
--@setup
CALL explore_analytics.refresh();
--@before ours
COPY explore_engagements ({columns}) FROM '{feed}/small.{number}.{round}.csv' (FORMAT csv);
--@ask ours
CALL explore_analytics.refresh();
