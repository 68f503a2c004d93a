-- Refresh of the newest events
--@rounds 3
--@wal
--@setup
CALL explore_analytics.refresh();
--@before ours
COPY plain.events ({columns}) FROM '{feed}/newest.{round}.csv' (FORMAT csv);
COPY explore_engagements ({columns}) FROM '{feed}/newest.{round}.csv' (FORMAT csv);
--@ask ours
CALL explore_analytics.refresh();
