-- COPY into the filled table
--@rounds 4
--@ask plain
COPY plain.events ({columns}) FROM '{feed}/copy.{round}.csv' (FORMAT csv);
--@ask ours
COPY explore_engagements ({columns}) FROM '{feed}/copy.{round}.csv' (FORMAT csv);
--@check
SELECT (SELECT count(*) FROM plain.events) = (SELECT count(*) FROM explore_engagements);
--@after
CALL explore_analytics.refresh();
