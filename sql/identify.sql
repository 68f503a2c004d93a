-- A visitor logs in: what the session did anonymously becomes the user's.
SET timezone = 'UTC';
SET datestyle = 'ISO, MDY';
\set VERBOSITY terse

CREATE FUNCTION pg_temp.refused(query text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
INSERT INTO explore_content (id, creator_id, title) VALUES (3901, 3991, 'Identify one'), (3902, 3992, 'Identify two');
INSERT INTO explore_feed_sessions (id, user_id, session_start) VALUES (3911, NULL, '2024-05-10 10:00+00'), (3912, 3921, '2024-05-10 10:00+00'), (3913, NULL, '2024-05-10 10:00+00');

-- Some events are in the buckets, some beside them, some not refreshed yet; one is another user's.
SELECT record_engagement(3901, 'view', session_id => 3911, watch_time => 5, completed => true, created_at => '2024-05-10 10:01+00') AS first,
       record_engagement(3902, 'save', session_id => 3911, created_at => '2024-05-10 10:02+00') AS save;
CALL explore_analytics.refresh();
CALL explore_analytics.compact();
SELECT record_engagement(3902, 'view', session_id => 3911, created_at => '2024-05-10 10:03+00') AS beside,
       record_engagement(3902, 'view', session_id => 3911, user_id => 3922, created_at => '2024-05-10 10:03+00') AS of_another;
CALL explore_analytics.refresh();
SELECT record_engagement(3901, 'view', session_id => 3911, created_at => '2024-05-10 10:04+00') AS fresh;
SELECT c AS content, ARRAY(SELECT viewer_keys(viewers(content_summary(c)))) AS viewers FROM (VALUES (3901), (3902)) v(c);

SELECT identify_session(3911, 3921) AS moved, identify_session(session_id => 3911, user_id => 3921) AS again;
SELECT user_id FROM explore_feed_sessions WHERE id = 3911;
SELECT content_id, user_id, engagement_type FROM explore_engagements WHERE session_id = 3911 ORDER BY created_at, id;
SELECT c AS content, ARRAY(SELECT viewer_keys(viewers(content_summary(c)))) AS viewers FROM (VALUES (3901), (3902)) v(c);
SELECT c AS creator, ARRAY(SELECT viewer_keys(viewers(creator_summary(c)))) AS viewers FROM (VALUES (3991), (3992)) v(c);
SELECT viewers(platform_summary()) @> 3921::bigint AS has_user, viewers(platform_summary()) @> -3911::bigint AS has_visitor;
SELECT * FROM explore_saved_properties WHERE user_id = 3921;
SELECT session_id, content_id, viewer_key, by_complete FROM explore_analytics.viewing_keys WHERE session_id = 3911;
SELECT count(*) AS differences FROM explore_analytics.verify();
SELECT count(*) AS differences FROM explore_analytics.check_ledger();

-- Later events follow by the session's user, and complete the viewing that is complete already.
SELECT record_engagement(3901, 'complete', session_id => 3911, created_at => '2024-05-10 10:05+00') AS complete,
       record_engagement(3901, 'share', session_id => 3911, created_at => '2024-05-10 10:06+00') AS share;
SELECT engagement_type, user_id FROM explore_engagements WHERE session_id = 3911 AND created_at >= '2024-05-10 10:05+00';
-- What is inserted anonymous by plain SQL is found by the next call.
INSERT INTO explore_engagements (content_id, session_id, engagement_type, created_at) VALUES (3901, 3911, 'click', '2024-05-10 10:07+00');
SELECT identify_session(3911, 3921) AS inserted, identify_session(3911, 3921) AS again;
-- A session without events; one that has its user from the start.
SELECT identify_session(3913, 3923) AS without_events, identify_session(3912, 3921) AS has_it;
SELECT id, user_id FROM explore_feed_sessions WHERE id IN (3912, 3913) ORDER BY id;

SELECT call, pg_temp.refused('SELECT identify_session(' || call || ')') FROM (VALUES ('3911, 3922'), ('3912, 3922'), ('3999, 3921'), ('NULL, 3921'), ('3911, NULL'), ('0, 3921'), ('3911, -1')) v(call);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT identify_session(3911, 3921);
ROLLBACK;
BEGIN READ ONLY;
SELECT identify_session(3911, 3921);
ROLLBACK;

-- The user is erased, and with the user what the visitor did.
SELECT explore_analytics.forget_viewer(3921) AS removed;
SELECT count(*) AS left_of_the_session FROM explore_engagements WHERE session_id = 3911;
SELECT count(*) AS differences FROM explore_analytics.verify();
DELETE FROM explore_engagements WHERE content_id IN (3901, 3902);
DELETE FROM explore_feed_sessions WHERE id BETWEEN 3911 AND 3919;
DELETE FROM explore_content WHERE id IN (3901, 3902);
SELECT explore_analytics.rebuild() >= 0 AS rebuilt;
