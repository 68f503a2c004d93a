-- Variants of 1,000,000 units
-- Plain SQL splits by md5, which has no GrowthBook beside it: only how many there are can be compared.
--@ask plain
SELECT count(CASE WHEN ('x' || substr(md5('bench' || g), 1, 8))::bit(32)::bigint % 10000 < 5000 THEN 'off' ELSE 'on' END) FROM generate_series(1, 1000000) g;
--@ask ours
SELECT count(assign_variant('bench', g::text)) FROM generate_series(1, 1000000) g;
