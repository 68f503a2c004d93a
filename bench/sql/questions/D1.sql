-- Dashboard of the creator, month
--@ask ours
SELECT creator_dashboard(:creator, 'month', :month_end);
