-- Refresh of the newest events, right after a checkpoint
--@rounds 3
--@wal
--@setup
CALL explore_analytics.refresh();
--@before ours
COPY plain.events ({columns}) FROM '{feed}/later.{round}.csv' (FORMAT csv);
COPY explore_engagements ({columns}) FROM '{feed}/later.{round}.csv' (FORMAT csv);
CHECKPOINT;
--@ask ours
CALL explore_analytics.refresh();
