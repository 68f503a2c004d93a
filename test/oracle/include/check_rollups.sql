-- The rollups say so themselves, before and after one more refresh.
SELECT oracle.holds('verify() finds nothing', count(*) = 0) FROM explore_analytics.verify();
SELECT oracle.holds('the ledger agrees with the raw table', count(*) = 0) FROM explore_analytics.check_ledger();
CREATE TEMP TABLE said AS
SELECT platform_summary()::text AS platform, (SELECT string_agg(x::text, ';' ORDER BY c) FROM (SELECT DISTINCT creator_id AS c FROM explore_content) k, creator_summary(c) x) AS creators,
       (SELECT string_agg(x::text, ';' ORDER BY id) FROM explore_content, content_summary(id) x) AS contents, (SELECT string_agg(v::text, ';') FROM videos_analytics() v) AS videos;
CALL explore_analytics.refresh();
SELECT oracle.holds('nothing changes with a refresh', platform = platform_summary()::text
  AND creators = (SELECT string_agg(x::text, ';' ORDER BY c) FROM (SELECT DISTINCT creator_id AS c FROM explore_content) k, creator_summary(c) x)
  AND contents = (SELECT string_agg(x::text, ';' ORDER BY id) FROM explore_content, content_summary(id) x) AND videos = (SELECT string_agg(v::text, ';') FROM videos_analytics() v)) FROM said;
SELECT oracle.holds('verify() finds nothing after it', count(*) = 0) FROM explore_analytics.verify();
SELECT oracle.holds('the ledger agrees after it', count(*) = 0) FROM explore_analytics.check_ledger();
SELECT oracle.holds('no creator has changes left', count(*) = 0) FROM explore_analytics.creator_changes;
