-- Forecast of 90 days of a creator, method chosen by trial
--@ask ours
SELECT count(*), min(method) FROM metric_forecast('views', :series_start, :series_end, 'day', 'UTC', creator_id => :creator);
