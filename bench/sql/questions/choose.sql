-- What the questions are about: lines name=value. psql -v stop=TIME, the midnight (UTC) that ends the
-- history; -v plain=SCHEMA, where to look.
SET timezone = 'UTC';
CREATE TEMP TABLE chosen AS
SELECT v.id, e.content_id, e.events, row_number() OVER (ORDER BY e.events DESC, e.content_id) AS place, count(*) OVER () AS videos
FROM (SELECT content_id, count(*) AS events FROM :plain.events GROUP BY content_id) e
JOIN :plain.videos v ON v.content_id = e.content_id;
SELECT 'hot_video=' || id || E'\nhot_content=' || content_id || E'\nhot_events=' || events FROM chosen WHERE place = 1;
SELECT 'median_video=' || id || E'\nmedian_content=' || content_id || E'\nmedian_events=' || events FROM chosen
WHERE place = (videos + 1) / 2;
SELECT 'creator=' || creator_id || E'\ncreator_videos=' || count(*) FROM :plain.content
GROUP BY creator_id ORDER BY abs(count(*) - 200), creator_id LIMIT 1;
-- The hottest video of that creator, and one in the middle of the category that has nearest to ten thousand.
SELECT 'creator_video=' || c.id FROM chosen c JOIN :plain.content o ON o.id = c.content_id
WHERE o.creator_id = (SELECT creator_id FROM :plain.content GROUP BY creator_id ORDER BY abs(count(*) - 200), creator_id LIMIT 1)
ORDER BY c.place LIMIT 1;
SELECT 'category_video=' || id FROM (
  SELECT c.id, row_number() OVER (ORDER BY c.place) AS nth, count(*) OVER () AS videos FROM chosen c JOIN :plain.content o ON o.id = c.content_id
  WHERE o.category = (SELECT category FROM :plain.content WHERE category IS NOT NULL GROUP BY category ORDER BY abs(count(*) - 10000), category LIMIT 1)) v
WHERE nth = (videos + 1) / 2;
SELECT 'moment=' || :'stop'::timestamptz - interval '05:29:30.5';
-- A closed visit of ordinary length, in the middle of the history.
SELECT 'session=' || e.session_id FROM :plain.events e JOIN :plain.sessions s ON s.id = e.session_id
WHERE s.session_end IS NOT NULL AND s.session_start BETWEEN :'stop'::timestamptz - interval '45 days' AND :'stop'::timestamptz - interval '44 days'
GROUP BY e.session_id HAVING count(*) FILTER (WHERE engagement_type = 'view') > 0
ORDER BY abs(count(*) - 8), e.session_id LIMIT 1;
SELECT name || '_start=' || stop - width || E'\n' || name || '_end=' || stop
FROM (VALUES ('week', :'stop'::timestamptz - interval '1 day 03:17:11.123457', interval '7 days'),
             ('month', :'stop'::timestamptz, interval '30 days'),
             ('rolling', :'stop'::timestamptz - interval '05:40:09.876543', interval '30 days'),
             ('series', :'stop'::timestamptz, interval '90 days'),
             ('kolkata', :'stop'::timestamptz - interval '05:30', interval '90 days')) AS range(name, stop, width);
