-- Months of raw events are dropped, by retain.sql when everything is loaded; half of the rest is in buckets.
CALL oracle.add_contents();
CALL oracle.add_events('half OR created_at < ''2025-11-01''');
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
CALL oracle.add_events('NOT half AND created_at >= ''2025-11-01''');
