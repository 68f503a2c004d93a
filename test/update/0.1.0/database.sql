
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE EXTENSION IF NOT EXISTS explore_analytics WITH SCHEMA public;

COMMENT ON EXTENSION explore_analytics IS 'exact engagement analytics for short-video feeds';

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE explore_analytics.audit_log (
    id bigint NOT NULL,
    logged_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    login name DEFAULT SESSION_USER NOT NULL,
    role name DEFAULT CURRENT_USER NOT NULL,
    creator_id bigint DEFAULT public.current_creator_id(),
    action text NOT NULL,
    subject text,
    row_count bigint,
    detail text
);

ALTER TABLE explore_analytics.audit_log OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.audit_log IS 'Erasures, exports and grants, one row each, in the transaction that did them; rows are never changed or removed.';

COMMENT ON COLUMN explore_analytics.audit_log.id IS 'Order of the entries.';

COMMENT ON COLUMN explore_analytics.audit_log.logged_at IS 'When it was done.';

COMMENT ON COLUMN explore_analytics.audit_log.login IS 'Who had logged in.';

COMMENT ON COLUMN explore_analytics.audit_log.role IS 'Role that called, after SET ROLE.';

COMMENT ON COLUMN explore_analytics.audit_log.creator_id IS 'Identity of the session, if it had one.';

COMMENT ON COLUMN explore_analytics.audit_log.action IS 'What was done, such as forget_viewer, export_viewer or grant_access.';

COMMENT ON COLUMN explore_analytics.audit_log.subject IS 'To whom or what: a role, or the digest of a viewer''s id.';

COMMENT ON COLUMN explore_analytics.audit_log.row_count IS 'Rows concerned; null where that has no meaning.';

COMMENT ON COLUMN explore_analytics.audit_log.detail IS 'Particulars, never ids of viewers.';

ALTER TABLE explore_analytics.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME explore_analytics.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE explore_analytics.creator_changes (
    creator_id bigint NOT NULL,
    content_id bigint NOT NULL
);

ALTER TABLE explore_analytics.creator_changes OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.creator_changes IS 'Creators whose contents changed since the last refresh; 0: all of them.';

COMMENT ON COLUMN explore_analytics.creator_changes.creator_id IS 'Creator; 0: all.';

COMMENT ON COLUMN explore_analytics.creator_changes.content_id IS 'Content that came, went or moved.';

CREATE TABLE explore_analytics.dropped_partitions (
    partition_name text NOT NULL,
    range_start timestamp with time zone NOT NULL,
    range_end timestamp with time zone NOT NULL,
    epoch bigint NOT NULL,
    event_count bigint NOT NULL,
    dropped_at timestamp with time zone
);

ALTER TABLE explore_analytics.dropped_partitions OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.dropped_partitions IS 'Partitions of raw events that retention took over; before the latest range_end rollups are the only complete copy.';

COMMENT ON COLUMN explore_analytics.dropped_partitions.partition_name IS 'Name of the partition; with its schema where that is another one.';

COMMENT ON COLUMN explore_analytics.dropped_partitions.range_start IS 'Its events began here ...';

COMMENT ON COLUMN explore_analytics.dropped_partitions.range_end IS '... and ended before.';

COMMENT ON COLUMN explore_analytics.dropped_partitions.epoch IS 'Its events up to this epoch are in rollups and session_rollups; they are not read from the partition any more.';

COMMENT ON COLUMN explore_analytics.dropped_partitions.event_count IS 'How many events it had.';

COMMENT ON COLUMN explore_analytics.dropped_partitions.dropped_at IS 'When it was dropped; null: not yet.';

CREATE SEQUENCE explore_analytics.epoch_seq
    START WITH 1
    INCREMENT BY 1
    MINVALUE 0
    NO MAXVALUE
    CACHE 1;

ALTER TABLE explore_analytics.epoch_seq OWNER TO ea_update_owner;

COMMENT ON SEQUENCE explore_analytics.epoch_seq IS 'The current epoch; every refresh starts a new one.';

CREATE TABLE explore_analytics.rollup_state (
    low bigint NOT NULL,
    rescore_all bigint NOT NULL,
    layout_version integer NOT NULL,
    refreshed_at timestamp with time zone,
    failed_at timestamp with time zone,
    failure text,
    failure_code text,
    only_row boolean DEFAULT true NOT NULL,
    CONSTRAINT rollup_state_only_row_check CHECK (only_row)
)
WITH (fillfactor='10');

ALTER TABLE explore_analytics.rollup_state OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.rollup_state IS 'One row: how far rollups reach.';

COMMENT ON COLUMN explore_analytics.rollup_state.low IS 'The watermark: events of epochs up to this are in the rollups; -1: none.';

COMMENT ON COLUMN explore_analytics.rollup_state.rescore_all IS 'Watermark at which something changed that concerns more than new events; a rescore that is older looks at every content.';

COMMENT ON COLUMN explore_analytics.rollup_state.layout_version IS 'Version of the layout of the tables; install() brings older ones up to date.';

COMMENT ON COLUMN explore_analytics.rollup_state.refreshed_at IS 'When the last refresh succeeded; null: never.';

COMMENT ON COLUMN explore_analytics.rollup_state.failed_at IS 'When a refresh gave up since then; null: it did not.';

COMMENT ON COLUMN explore_analytics.rollup_state.failure IS 'Why it gave up.';

COMMENT ON COLUMN explore_analytics.rollup_state.failure_code IS 'SQLSTATE of that.';

COMMENT ON COLUMN explore_analytics.rollup_state.only_row IS 'True: there is one row.';

CREATE VIEW explore_analytics.epoch_holders AS
 SELECT ((s.low + 1) + (((l.objid)::bigint - (s.low + 1)) & '4294967295'::bigint)) AS epoch,
    l.pid,
    x.gid,
    COALESCE(x.prepared, a.xact_start) AS since
   FROM explore_analytics.rollup_state s,
    (((pg_locks l
     LEFT JOIN pg_stat_activity a ON ((a.pid = l.pid)))
     LEFT JOIN pg_locks p ON (((l.pid IS NULL) AND (p.pid IS NULL) AND (p.locktype = 'transactionid'::text) AND (p.mode = 'ExclusiveLock'::text) AND (p.virtualtransaction = l.virtualtransaction))))
     LEFT JOIN pg_prepared_xacts x ON ((x.transaction = p.transactionid)))
  WHERE ((l.locktype = 'advisory'::text) AND (l.objsubid = 234) AND (l.mode = 'ShareLock'::text) AND l.granted AND (l.classid = ('explore_analytics.epoch_seq'::regclass)::oid) AND (l.database = ( SELECT d.oid
           FROM pg_database d
          WHERE (d.datname = current_database()))));

ALTER TABLE explore_analytics.epoch_holders OWNER TO ea_update_owner;

COMMENT ON VIEW explore_analytics.epoch_holders IS 'Transactions that have written events and have not ended.';

COMMENT ON COLUMN explore_analytics.epoch_holders.epoch IS 'Epoch of the transaction''s events.';

COMMENT ON COLUMN explore_analytics.epoch_holders.pid IS 'Its process; null of a prepared transaction.';

COMMENT ON COLUMN explore_analytics.epoch_holders.gid IS 'Name of the prepared transaction.';

COMMENT ON COLUMN explore_analytics.epoch_holders.since IS 'When it began or was prepared; null where the role may not see it.';

CREATE TABLE explore_analytics.event_keys (
    event_id uuid NOT NULL,
    seen timestamp with time zone NOT NULL
);

ALTER TABLE explore_analytics.event_keys OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.event_keys IS 'Event ids seen by the recording functions: a repeat is a duplicate.';

COMMENT ON COLUMN explore_analytics.event_keys.event_id IS 'The app''s id of the event.';

COMMENT ON COLUMN explore_analytics.event_keys.seen IS 'When it was recorded; rows older than explore_analytics.dedup_horizon are pruned.';

CREATE TABLE explore_analytics.identities (
    login name NOT NULL,
    creator_id bigint NOT NULL,
    CONSTRAINT identities_creator_id_check CHECK ((creator_id > 0))
);

ALTER TABLE explore_analytics.identities OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.identities IS 'Logins that stand for a creator; kept by set_identity().';

COMMENT ON COLUMN explore_analytics.identities.login IS 'Name of the login role.';

COMMENT ON COLUMN explore_analytics.identities.creator_id IS 'The creator it stands for.';

CREATE TABLE public.explore_content (
    id bigint NOT NULL,
    creator_id bigint NOT NULL,
    content_type text DEFAULT 'video'::text NOT NULL,
    title text,
    category text,
    area text,
    country text,
    tags text[],
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    view_count bigint DEFAULT 0 NOT NULL,
    engagement_score double precision DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    CONSTRAINT explore_content_ids_positive CHECK (((id > 0) AND (creator_id > 0)))
)
WITH (fillfactor='50');

ALTER TABLE public.explore_content OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_content IS 'Content in the Explore feed, one row each; view_count and engagement_score are written back by batch_update_engagement_scores().';

COMMENT ON COLUMN public.explore_content.id IS 'Id of the content.';

COMMENT ON COLUMN public.explore_content.creator_id IS 'User id of the creator; numbers follow the current creator.';

COMMENT ON COLUMN public.explore_content.content_type IS 'Kind of content.';

COMMENT ON COLUMN public.explore_content.title IS 'Title as shown in the feed.';

COMMENT ON COLUMN public.explore_content.category IS 'Category, free text.';

COMMENT ON COLUMN public.explore_content.area IS 'Area or neighbourhood, free text.';

COMMENT ON COLUMN public.explore_content.country IS 'Country of the listing.';

COMMENT ON COLUMN public.explore_content.tags IS 'Tags, free text.';

COMMENT ON COLUMN public.explore_content.created_at IS 'When the content was published.';

COMMENT ON COLUMN public.explore_content.updated_at IS 'When the content was last edited; a rescore leaves it alone.';

COMMENT ON COLUMN public.explore_content.view_count IS 'Views of all time as of the last rescore.';

COMMENT ON COLUMN public.explore_content.engagement_score IS 'Engagement score (0..100) of all time as of the last rescore.';

COMMENT ON COLUMN public.explore_content.is_active IS 'Whether the feed shows it; analytics count it either way.';

CREATE TABLE public.explore_discovery_videos (
    id bigint NOT NULL,
    content_id bigint NOT NULL,
    duration_ms integer,
    video_url text,
    thumbnail_url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    total_views bigint DEFAULT 0 NOT NULL,
    total_watch_time_ms bigint DEFAULT 0 NOT NULL,
    completion_rate double precision DEFAULT 0 NOT NULL,
    save_count bigint DEFAULT 0 NOT NULL,
    share_count bigint DEFAULT 0 NOT NULL,
    click_count bigint DEFAULT 0 NOT NULL,
    scored_at timestamp with time zone,
    CONSTRAINT explore_discovery_videos_duration_positive CHECK ((duration_ms > 0)),
    CONSTRAINT explore_discovery_videos_ids_positive CHECK (((id > 0) AND (content_id > 0)))
)
WITH (fillfactor='50');

ALTER TABLE public.explore_discovery_videos OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_discovery_videos IS 'Videos: at most one for each content; the all-time numbers are written back by batch_update_engagement_scores().';

COMMENT ON COLUMN public.explore_discovery_videos.id IS 'Id of the video.';

COMMENT ON COLUMN public.explore_discovery_videos.content_id IS 'Content the video belongs to; unique.';

COMMENT ON COLUMN public.explore_discovery_videos.duration_ms IS 'Length in milliseconds; null: unknown.';

COMMENT ON COLUMN public.explore_discovery_videos.video_url IS 'Where the video is.';

COMMENT ON COLUMN public.explore_discovery_videos.thumbnail_url IS 'Where its picture is.';

COMMENT ON COLUMN public.explore_discovery_videos.created_at IS 'When the video was added.';

COMMENT ON COLUMN public.explore_discovery_videos.total_views IS 'Views of all time as of scored_at.';

COMMENT ON COLUMN public.explore_discovery_videos.total_watch_time_ms IS 'Watch time of all time in milliseconds as of scored_at.';

COMMENT ON COLUMN public.explore_discovery_videos.completion_rate IS 'Completion rate of all time in percent as of scored_at.';

COMMENT ON COLUMN public.explore_discovery_videos.save_count IS 'Saves of all time as of scored_at.';

COMMENT ON COLUMN public.explore_discovery_videos.share_count IS 'Shares of all time as of scored_at.';

COMMENT ON COLUMN public.explore_discovery_videos.click_count IS 'Clicks of all time as of scored_at.';

COMMENT ON COLUMN public.explore_discovery_videos.scored_at IS 'When a rescore last changed the stored numbers; null: never.';

CREATE MATERIALIZED VIEW explore_analytics.leaderboard AS
 SELECT row_number() OVER (ORDER BY c.engagement_score DESC, c.view_count DESC, c.id) AS rank,
    c.id AS content_id,
    v.id AS video_id,
    c.creator_id,
    c.title,
    c.view_count AS views,
    v.completion_rate,
    c.engagement_score,
    v.scored_at
   FROM (public.explore_content c
     LEFT JOIN public.explore_discovery_videos v ON ((v.content_id = c.id)))
  WHERE (c.view_count >= 10)
  ORDER BY c.engagement_score DESC, c.view_count DESC, c.id
  WITH NO DATA;

ALTER TABLE explore_analytics.leaderboard OWNER TO ea_update_owner;

COMMENT ON MATERIALIZED VIEW explore_analytics.leaderboard IS 'Behind explore_leaderboard; refreshed concurrently by batch_update_engagement_scores().';

COMMENT ON COLUMN explore_analytics.leaderboard.rank IS 'Place, 1 is best: by score, then views, then content id.';

COMMENT ON COLUMN explore_analytics.leaderboard.content_id IS 'Content.';

COMMENT ON COLUMN explore_analytics.leaderboard.video_id IS 'Video; null when the content has none.';

COMMENT ON COLUMN explore_analytics.leaderboard.creator_id IS 'Creator of the content.';

COMMENT ON COLUMN explore_analytics.leaderboard.title IS 'Title of the content.';

COMMENT ON COLUMN explore_analytics.leaderboard.views IS 'Views of all time as of the last rescore; at least 10.';

COMMENT ON COLUMN explore_analytics.leaderboard.completion_rate IS 'Completion rate of all time in percent as of the last rescore; null when the content has no video.';

COMMENT ON COLUMN explore_analytics.leaderboard.engagement_score IS 'Engagement score (0..100) of all time as of the last rescore.';

COMMENT ON COLUMN explore_analytics.leaderboard.scored_at IS 'When a rescore last changed the stored numbers.';

CREATE VIEW explore_analytics.rate_limit_status AS
 SELECT c.shared,
    c.slots,
    c.used,
    c.allowed_events,
    c.refused_events,
    c.refused_batches,
    c.evictions
   FROM explore_analytics.rate_limit_counters() c(shared, slots, used, allowed_events, refused_events, refused_batches, evictions);

ALTER TABLE explore_analytics.rate_limit_status OWNER TO ea_update_owner;

COMMENT ON VIEW explore_analytics.rate_limit_status IS 'What rate limits have done since the server started, in all databases; without preloading, in this connection.';

COMMENT ON COLUMN explore_analytics.rate_limit_status.shared IS 'Whether limits hold for all connections together; false: the library is not preloaded, and each connection counts by itself.';

COMMENT ON COLUMN explore_analytics.rate_limit_status.slots IS 'Roles and sessions of which the levels can be kept.';

COMMENT ON COLUMN explore_analytics.rate_limit_status.used IS 'Of these, taken now.';

COMMENT ON COLUMN explore_analytics.rate_limit_status.allowed_events IS 'Events that came under a limit and were let through.';

COMMENT ON COLUMN explore_analytics.rate_limit_status.refused_events IS 'Events in batches that were refused.';

COMMENT ON COLUMN explore_analytics.rate_limit_status.refused_batches IS 'Batches that were refused.';

COMMENT ON COLUMN explore_analytics.rate_limit_status.evictions IS 'Levels that were forgotten for want of slots; many: raise explore_analytics.rate_limit_slots.';

CREATE TABLE explore_analytics.rate_limits (
    scope text NOT NULL,
    name text DEFAULT '*'::text NOT NULL,
    events_per_second double precision NOT NULL,
    burst bigint NOT NULL,
    CONSTRAINT rate_limits_burst_check CHECK ((burst > 0)),
    CONSTRAINT rate_limits_check CHECK (((scope <> 'session'::text) OR (name = '*'::text))),
    CONSTRAINT rate_limits_check1 CHECK (((burst)::double precision <= (events_per_second * (1000000000)::double precision))),
    CONSTRAINT rate_limits_events_per_second_check CHECK (((events_per_second > (0)::double precision) AND (events_per_second <= (1000000000)::double precision))),
    CONSTRAINT rate_limits_name_check CHECK (((name <> ''::text) AND (octet_length(name) < 64))),
    CONSTRAINT rate_limits_scope_check CHECK ((scope = ANY (ARRAY['role'::text, 'session'::text])))
);

ALTER TABLE explore_analytics.rate_limits OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.rate_limits IS 'How much the recording functions take from a role and for a session; empty: any number. Changed by plain SQL, in force with the commit.';

COMMENT ON COLUMN explore_analytics.rate_limits.scope IS 'role: each role that calls; session: each feed session.';

COMMENT ON COLUMN explore_analytics.rate_limits.name IS 'A role''s name, or * for every role without a row of its own (superusers excepted); for sessions *.';

COMMENT ON COLUMN explore_analytics.rate_limits.events_per_second IS 'Events in the long run, at most 1e9 and more than nothing.';

COMMENT ON COLUMN explore_analytics.rate_limits.burst IS 'Events that may come at once, and the largest batch; at most what comes in 1e9 seconds.';

CREATE VIEW explore_analytics.refresh_progress AS
 SELECT a.pid,
    "substring"(a.application_name, '^explore_analytics ([a-z]+):'::text) AS command,
    "substring"(a.application_name, '^explore_analytics [a-z]+: (.*?)(?: [0-9]+/[0-9]+)?$'::text) AS phase,
    ("substring"(a.application_name, ' ([0-9]{1,18})/[0-9]+$'::text))::bigint AS done,
    ("substring"(a.application_name, ' [0-9]+/([0-9]{1,18})$'::text))::bigint AS total,
    a.xact_start AS started_at
   FROM pg_stat_activity a
  WHERE ((a.datname = current_database()) AND (COALESCE(a.state, 'active'::text) = 'active'::text) AND (a.application_name ~ '^explore_analytics [a-z]+: '::text));

ALTER TABLE explore_analytics.refresh_progress OWNER TO ea_update_owner;

COMMENT ON VIEW explore_analytics.refresh_progress IS 'Refreshes, compactions, rebuilds and retention that are running now.';

COMMENT ON COLUMN explore_analytics.refresh_progress.pid IS 'Process.';

COMMENT ON COLUMN explore_analytics.refresh_progress.command IS 'refresh, compact, rebuild or retention.';

COMMENT ON COLUMN explore_analytics.refresh_progress.phase IS 'What it is doing.';

COMMENT ON COLUMN explore_analytics.refresh_progress.done IS 'Events or keys done in this phase; null when not counted.';

COMMENT ON COLUMN explore_analytics.refresh_progress.total IS 'Events or keys in this phase; null when not known.';

COMMENT ON COLUMN explore_analytics.refresh_progress.started_at IS 'When its transaction began; null where the role may not see it.';

CREATE TABLE explore_analytics.rescores (
    low bigint NOT NULL,
    rescored_at timestamp with time zone NOT NULL,
    changed bigint NOT NULL
);

ALTER TABLE explore_analytics.rescores OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.rescores IS 'The last rescore; empty before the first one.';

COMMENT ON COLUMN explore_analytics.rescores.low IS 'The watermark that it saw.';

COMMENT ON COLUMN explore_analytics.rescores.rescored_at IS 'When.';

COMMENT ON COLUMN explore_analytics.rescores.changed IS 'Contents of which stored values changed.';

CREATE TABLE explore_analytics.rollup_buckets (
    id bigint NOT NULL,
    bucket bigint NOT NULL,
    scope smallint NOT NULL,
    level smallint NOT NULL,
    summary public.engagement_summary,
    events bytea
)
WITH (autovacuum_vacuum_scale_factor='0.05');
ALTER TABLE ONLY explore_analytics.rollup_buckets ALTER COLUMN events SET STORAGE EXTERNAL;

ALTER TABLE explore_analytics.rollup_buckets OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.rollup_buckets IS 'Rollups by time: buckets of 64, 16, 4 and 1 days, 6 hours, 1 hour, 15 minutes, 5 minutes and 1 minute; a bucket with few events is not cut further.';

COMMENT ON COLUMN explore_analytics.rollup_buckets.id IS 'Id of the content or creator; 0 of the platform.';

COMMENT ON COLUMN explore_analytics.rollup_buckets.bucket IS 'Number of the bucket among those of its level; the one that begins at 2000-01-01 00:00 UTC is 0.';

COMMENT ON COLUMN explore_analytics.rollup_buckets.scope IS '0: platform, 1: creator, 2: content.';

COMMENT ON COLUMN explore_analytics.rollup_buckets.level IS '1: 64 days, 2: 16 days, 3: 4 days, 4: 1 day, 5: 6 hours, 6: 1 hour, 7: 15 minutes, 8: 5 minutes, 9: 1 minute.';

COMMENT ON COLUMN explore_analytics.rollup_buckets.summary IS 'Summary of more than 128 events, which the next level holds in parts; else null.';

COMMENT ON COLUMN explore_analytics.rollup_buckets.events IS 'Up to 128 events (of a minute any number), packed; else null.';

CREATE TABLE explore_analytics.rollup_deltas (
    id bigint NOT NULL,
    epoch bigint NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    scope smallint NOT NULL,
    event_count integer NOT NULL,
    events bytea NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.05');
ALTER TABLE ONLY explore_analytics.rollup_deltas ALTER COLUMN events SET STORAGE EXTERNAL;

ALTER TABLE explore_analytics.rollup_deltas OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.rollup_deltas IS 'Events of refreshes since the last compaction, packed.';

COMMENT ON COLUMN explore_analytics.rollup_deltas.id IS 'Id of the content or creator; 0 of the platform.';

COMMENT ON COLUMN explore_analytics.rollup_deltas.epoch IS 'Epoch of the refresh.';

COMMENT ON COLUMN explore_analytics.rollup_deltas.first_at IS 'Time of the first event.';

COMMENT ON COLUMN explore_analytics.rollup_deltas.last_at IS 'Time of the last event.';

COMMENT ON COLUMN explore_analytics.rollup_deltas.scope IS '0: platform, 1: creator, 2: content.';

COMMENT ON COLUMN explore_analytics.rollup_deltas.event_count IS 'Number of events.';

COMMENT ON COLUMN explore_analytics.rollup_deltas.events IS 'The events, packed.';

CREATE TABLE explore_analytics.rollup_ledger (
    low bigint NOT NULL,
    high bigint NOT NULL,
    event_count bigint NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    waited_ms bigint NOT NULL,
    took_ms bigint NOT NULL,
    rollup_rows bigint NOT NULL,
    rollup_bytes bigint NOT NULL
);

ALTER TABLE explore_analytics.rollup_ledger OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.rollup_ledger IS 'What each refresh brought in.';

COMMENT ON COLUMN explore_analytics.rollup_ledger.low IS 'Events of epochs above this ...';

COMMENT ON COLUMN explore_analytics.rollup_ledger.high IS '... up to this were brought in.';

COMMENT ON COLUMN explore_analytics.rollup_ledger.event_count IS 'How many they were, less those that retention has taken over.';

COMMENT ON COLUMN explore_analytics.rollup_ledger.finished_at IS 'When.';

COMMENT ON COLUMN explore_analytics.rollup_ledger.waited_ms IS 'Milliseconds spent waiting for writers.';

COMMENT ON COLUMN explore_analytics.rollup_ledger.took_ms IS 'Milliseconds in all.';

COMMENT ON COLUMN explore_analytics.rollup_ledger.rollup_rows IS 'Rows of rollups written.';

COMMENT ON COLUMN explore_analytics.rollup_ledger.rollup_bytes IS 'Bytes of summaries and events in them.';

CREATE TABLE explore_analytics.rollup_totals (
    id bigint NOT NULL,
    epoch bigint NOT NULL,
    views bigint NOT NULL,
    score double precision NOT NULL,
    scope smallint NOT NULL,
    summary public.engagement_summary,
    events bytea
)
WITH (autovacuum_vacuum_scale_factor='0.05');
ALTER TABLE ONLY explore_analytics.rollup_totals ALTER COLUMN events SET STORAGE EXTERNAL;

ALTER TABLE explore_analytics.rollup_totals OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.rollup_totals IS 'All-time rollup of each content, creator and the platform, as of the last compaction.';

COMMENT ON COLUMN explore_analytics.rollup_totals.id IS 'Id of the content or creator; 0 of the platform.';

COMMENT ON COLUMN explore_analytics.rollup_totals.epoch IS 'Epoch of the refresh that last changed the row.';

COMMENT ON COLUMN explore_analytics.rollup_totals.views IS 'Views in the row.';

COMMENT ON COLUMN explore_analytics.rollup_totals.score IS 'Engagement score of the row, 0..100.';

COMMENT ON COLUMN explore_analytics.rollup_totals.scope IS '0: platform, 1: creator, 2: content.';

COMMENT ON COLUMN explore_analytics.rollup_totals.summary IS 'Summary of more than 128 events; else null.';

COMMENT ON COLUMN explore_analytics.rollup_totals.events IS 'Up to 128 events, packed; else null.';

CREATE TABLE public.explore_engagements (
    id bigint NOT NULL,
    content_id bigint NOT NULL,
    user_id bigint,
    session_id bigint,
    engagement_type public.engagement_type NOT NULL,
    watch_time_ms integer DEFAULT 0 NOT NULL,
    completed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    event_id uuid,
    metadata jsonb,
    epoch bigint DEFAULT explore_analytics.current_epoch() NOT NULL,
    CONSTRAINT explore_engagements_created_at CHECK (isfinite(created_at)),
    CONSTRAINT explore_engagements_epochs CHECK ((epoch >= 0)),
    CONSTRAINT explore_engagements_ids_positive CHECK (((id > 0) AND (content_id > 0) AND (user_id > 0) AND (session_id > 0))),
    CONSTRAINT explore_engagements_watch_time CHECK ((watch_time_ms >= 0))
)
PARTITION BY RANGE (created_at);

ALTER TABLE public.explore_engagements OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_engagements IS 'Raw engagement events, the truth behind every number; partitioned by month of created_at (UTC), with a default partition for every other time.';

COMMENT ON COLUMN public.explore_engagements.id IS 'Order of arrival; for order and paging, not a key.';

COMMENT ON COLUMN public.explore_engagements.content_id IS 'Content the event is about.';

COMMENT ON COLUMN public.explore_engagements.user_id IS 'Viewer; null: anonymous, then the session stands for the viewer.';

COMMENT ON COLUMN public.explore_engagements.session_id IS 'Feed session; null: outside a session.';

COMMENT ON COLUMN public.explore_engagements.engagement_type IS 'What happened: view, save, share, click, skip, complete or impression.';

COMMENT ON COLUMN public.explore_engagements.watch_time_ms IS 'Watch time in milliseconds; longer than the video is legal (clips loop).';

COMMENT ON COLUMN public.explore_engagements.completed IS 'Whether a view reached the end; ignored on other types.';

COMMENT ON COLUMN public.explore_engagements.created_at IS 'When it happened; finite.';

COMMENT ON COLUMN public.explore_engagements.event_id IS 'Id given by the app; a repeat through the recording functions is a duplicate.';

COMMENT ON COLUMN public.explore_engagements.metadata IS 'Anything the app wants to keep with the event.';

COMMENT ON COLUMN public.explore_engagements.epoch IS 'Write generation for rollups; leave it out of INSERT and COPY.';

CREATE VIEW explore_analytics.rollup_status AS
 SELECT s.low,
    q.last_value AS epoch,
    t.tail_events,
    (
        CASE
            WHEN (t.tail_events = 0) THEN (0)::numeric
            ELSE EXTRACT(epoch FROM (clock_timestamp() - s.refreshed_at))
        END)::double precision AS lag_seconds,
    s.refreshed_at,
    r.event_count AS last_events,
    r.took_ms AS last_took_ms,
    r.waited_ms AS last_waited_ms,
    s.failed_at,
    s.failure,
    s.failure_code,
    h.pid AS oldest_writer_pid,
    h.gid AS oldest_writer_gid,
    (EXTRACT(epoch FROM (clock_timestamp() - h.since)))::double precision AS oldest_writer_seconds,
    ( SELECT COALESCE(sum(d.event_count), (0)::bigint) AS "coalesce"
           FROM explore_analytics.rollup_deltas d) AS delta_events,
    ((pg_total_relation_size('explore_analytics.rollup_totals'::regclass) + pg_total_relation_size('explore_analytics.rollup_buckets'::regclass)) + pg_total_relation_size('explore_analytics.rollup_deltas'::regclass)) AS rollup_bytes,
    s.layout_version
   FROM ((((explore_analytics.rollup_state s
     CROSS JOIN explore_analytics.epoch_seq q)
     CROSS JOIN LATERAL ( SELECT count(*) AS tail_events
           FROM public.explore_engagements e
          WHERE (e.epoch > s.low)) t)
     LEFT JOIN explore_analytics.rollup_ledger r ON ((r.high = s.low)))
     LEFT JOIN LATERAL ( SELECT o.epoch,
            o.pid,
            o.gid,
            o.since
           FROM explore_analytics.epoch_holders o
          ORDER BY o.since
         LIMIT 1) h ON (true));

ALTER TABLE explore_analytics.rollup_status OWNER TO ea_update_owner;

COMMENT ON VIEW explore_analytics.rollup_status IS 'How far the rollups reach and what keeps them from reaching further; one row.';

COMMENT ON COLUMN explore_analytics.rollup_status.low IS 'The watermark: events of epochs up to this are in the rollups; -1: none.';

COMMENT ON COLUMN explore_analytics.rollup_status.epoch IS 'The current epoch.';

COMMENT ON COLUMN explore_analytics.rollup_status.tail_events IS 'Events not yet in the rollups; every answer reads them from the raw table.';

COMMENT ON COLUMN explore_analytics.rollup_status.lag_seconds IS 'Seconds since the last refresh; 0 when nothing waits, null before the first one.';

COMMENT ON COLUMN explore_analytics.rollup_status.refreshed_at IS 'When the last refresh succeeded.';

COMMENT ON COLUMN explore_analytics.rollup_status.last_events IS 'Events it brought in; null when a rebuild came after it.';

COMMENT ON COLUMN explore_analytics.rollup_status.last_took_ms IS 'Milliseconds it took.';

COMMENT ON COLUMN explore_analytics.rollup_status.last_waited_ms IS 'Of these, milliseconds spent waiting for writers.';

COMMENT ON COLUMN explore_analytics.rollup_status.failed_at IS 'When a refresh gave up after that; null: none did.';

COMMENT ON COLUMN explore_analytics.rollup_status.failure IS 'Why.';

COMMENT ON COLUMN explore_analytics.rollup_status.failure_code IS 'SQLSTATE of that.';

COMMENT ON COLUMN explore_analytics.rollup_status.oldest_writer_pid IS 'Process of the oldest transaction that has written events and not ended.';

COMMENT ON COLUMN explore_analytics.rollup_status.oldest_writer_gid IS 'Its name, if it is a prepared transaction.';

COMMENT ON COLUMN explore_analytics.rollup_status.oldest_writer_seconds IS 'Its age in seconds.';

COMMENT ON COLUMN explore_analytics.rollup_status.delta_events IS 'Events in rollups that wait for a compaction, counted for each scope.';

COMMENT ON COLUMN explore_analytics.rollup_status.rollup_bytes IS 'Size of the rollups in bytes, with indexes.';

COMMENT ON COLUMN explore_analytics.rollup_status.layout_version IS 'Version of the layout of the tables.';

CREATE TABLE explore_analytics.session_rollups (
    session_id bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    summary public.engagement_summary NOT NULL,
    viewed bigint[] NOT NULL,
    touched bigint[] NOT NULL
);

ALTER TABLE explore_analytics.session_rollups OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.session_rollups IS 'What sessions did in raw events that retention took over; without viewers.';

COMMENT ON COLUMN explore_analytics.session_rollups.session_id IS 'Id of the session.';

COMMENT ON COLUMN explore_analytics.session_rollups.last_at IS 'Time of the last of these events.';

COMMENT ON COLUMN explore_analytics.session_rollups.summary IS 'Their counters; the set of viewers is empty.';

COMMENT ON COLUMN explore_analytics.session_rollups.viewed IS 'Contents that were viewed, each once.';

COMMENT ON COLUMN explore_analytics.session_rollups.touched IS 'Contents with any event, each once.';

CREATE TABLE explore_analytics.viewing_keys (
    session_id bigint NOT NULL,
    content_id bigint NOT NULL,
    viewer_key bigint NOT NULL,
    by_complete boolean NOT NULL,
    completions bigint NOT NULL,
    seen timestamp with time zone NOT NULL
);

ALTER TABLE explore_analytics.viewing_keys OWNER TO ea_update_owner;

COMMENT ON TABLE explore_analytics.viewing_keys IS 'Viewings (session, content, viewer) that the recording functions saw complete: a viewing completes once.';

COMMENT ON COLUMN explore_analytics.viewing_keys.session_id IS 'Feed session.';

COMMENT ON COLUMN explore_analytics.viewing_keys.content_id IS 'Content viewed.';

COMMENT ON COLUMN explore_analytics.viewing_keys.viewer_key IS 'User id, or minus the session id of an anonymous visitor.';

COMMENT ON COLUMN explore_analytics.viewing_keys.by_complete IS 'Whether a complete event came first; otherwise a completed view did.';

COMMENT ON COLUMN explore_analytics.viewing_keys.completions IS 'How many batches tried to complete the viewing.';

COMMENT ON COLUMN explore_analytics.viewing_keys.seen IS 'When it completed; rows older than explore_analytics.dedup_horizon are pruned.';

ALTER TABLE public.explore_content ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.explore_content_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.explore_creator_daily WITH (security_barrier='true') AS
 SELECT d.day,
    d.bucket,
    c.creator_id,
    public.views(s.summary) AS views,
    public.unique_viewers(s.summary) AS unique_viewers,
    public.total_watch_time(s.summary) AS watch_time,
    public.completions(s.summary) AS completions,
    public.completion_rate(s.summary) AS completion_rate,
    public.saves(s.summary) AS saves,
    public.save_rate(s.summary) AS save_rate,
    public.shares(s.summary) AS shares,
    public.clicks(s.summary) AS clicks,
    public.skips(s.summary) AS skips,
    public.impressions(s.summary) AS impressions,
    public.engagement_rate(s.summary) AS engagement_rate,
    public.engagement_score(s.summary) AS engagement_score
   FROM ((( SELECT a.day,
            a.bucket
           FROM explore_analytics.active_days() a(day, bucket)) d
     CROSS JOIN ( SELECT DISTINCT o.creator_id
           FROM public.explore_content o) c)
     LEFT JOIN explore_analytics.tail_days((1)::smallint) t(bucket, id, summary) ON (((t.bucket = d.bucket) AND (t.id = c.creator_id)))),
    LATERAL ( SELECT explore_analytics.day_summary((1)::smallint, c.creator_id, d.bucket, t.summary) AS summary
         OFFSET 0) s
  WHERE ((s.summary IS NOT NULL) AND (( SELECT explore_analytics.sees_all() AS sees_all) OR (c.creator_id = ( SELECT public.current_creator_id() AS current_creator_id))));

ALTER TABLE public.explore_creator_daily OWNER TO ea_update_owner;

COMMENT ON VIEW public.explore_creator_daily IS 'Engagement of each creator by day (UTC), rates pooled over the creator''s content. unique_viewers of several days must not be added up.';

COMMENT ON COLUMN public.explore_creator_daily.day IS 'Day in UTC.';

COMMENT ON COLUMN public.explore_creator_daily.bucket IS 'Start of the day in UTC.';

COMMENT ON COLUMN public.explore_creator_daily.creator_id IS 'Current creator of the content.';

COMMENT ON COLUMN public.explore_creator_daily.views IS 'Views.';

COMMENT ON COLUMN public.explore_creator_daily.unique_viewers IS 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.';

COMMENT ON COLUMN public.explore_creator_daily.watch_time IS 'Watch time in seconds.';

COMMENT ON COLUMN public.explore_creator_daily.completions IS 'Completions.';

COMMENT ON COLUMN public.explore_creator_daily.completion_rate IS 'Percent: 100 * completions / views.';

COMMENT ON COLUMN public.explore_creator_daily.saves IS 'Saves.';

COMMENT ON COLUMN public.explore_creator_daily.save_rate IS 'Percent: 100 * saves / views.';

COMMENT ON COLUMN public.explore_creator_daily.shares IS 'Shares.';

COMMENT ON COLUMN public.explore_creator_daily.clicks IS 'Clicks.';

COMMENT ON COLUMN public.explore_creator_daily.skips IS 'Skips.';

COMMENT ON COLUMN public.explore_creator_daily.impressions IS 'Impressions.';

COMMENT ON COLUMN public.explore_creator_daily.engagement_rate IS 'Percent: 100 * (saves + shares + clicks) / views.';

COMMENT ON COLUMN public.explore_creator_daily.engagement_score IS 'Engagement score of the day, 0..100.';

ALTER TABLE public.explore_discovery_videos ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.explore_discovery_videos_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.explore_engagements_2024_11 (
    id bigint NOT NULL,
    content_id bigint NOT NULL,
    user_id bigint,
    session_id bigint,
    engagement_type public.engagement_type NOT NULL,
    watch_time_ms integer DEFAULT 0 NOT NULL,
    completed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    event_id uuid,
    metadata jsonb,
    epoch bigint DEFAULT explore_analytics.current_epoch() NOT NULL,
    CONSTRAINT explore_engagements_created_at CHECK (isfinite(created_at)),
    CONSTRAINT explore_engagements_epochs CHECK ((epoch >= 0)),
    CONSTRAINT explore_engagements_ids_positive CHECK (((id > 0) AND (content_id > 0) AND (user_id > 0) AND (session_id > 0))),
    CONSTRAINT explore_engagements_watch_time CHECK ((watch_time_ms >= 0))
);

ALTER TABLE public.explore_engagements_2024_11 OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_engagements_2024_11 IS 'Engagement events of 2024-11 (UTC); a partition of explore_engagements.';

COMMENT ON COLUMN public.explore_engagements_2024_11.id IS 'Order of arrival; for order and paging, not a key.';

COMMENT ON COLUMN public.explore_engagements_2024_11.content_id IS 'Content the event is about.';

COMMENT ON COLUMN public.explore_engagements_2024_11.user_id IS 'Viewer; null: anonymous, then the session stands for the viewer.';

COMMENT ON COLUMN public.explore_engagements_2024_11.session_id IS 'Feed session; null: outside a session.';

COMMENT ON COLUMN public.explore_engagements_2024_11.engagement_type IS 'What happened: view, save, share, click, skip, complete or impression.';

COMMENT ON COLUMN public.explore_engagements_2024_11.watch_time_ms IS 'Watch time in milliseconds; longer than the video is legal (clips loop).';

COMMENT ON COLUMN public.explore_engagements_2024_11.completed IS 'Whether a view reached the end; ignored on other types.';

COMMENT ON COLUMN public.explore_engagements_2024_11.created_at IS 'When it happened; finite.';

COMMENT ON COLUMN public.explore_engagements_2024_11.event_id IS 'Id given by the app; a repeat through the recording functions is a duplicate.';

COMMENT ON COLUMN public.explore_engagements_2024_11.metadata IS 'Anything the app wants to keep with the event.';

COMMENT ON COLUMN public.explore_engagements_2024_11.epoch IS 'Write generation for rollups; leave it out of INSERT and COPY.';

CREATE TABLE public.explore_engagements_2024_12 (
    id bigint NOT NULL,
    content_id bigint NOT NULL,
    user_id bigint,
    session_id bigint,
    engagement_type public.engagement_type NOT NULL,
    watch_time_ms integer DEFAULT 0 NOT NULL,
    completed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    event_id uuid,
    metadata jsonb,
    epoch bigint DEFAULT explore_analytics.current_epoch() NOT NULL,
    CONSTRAINT explore_engagements_created_at CHECK (isfinite(created_at)),
    CONSTRAINT explore_engagements_epochs CHECK ((epoch >= 0)),
    CONSTRAINT explore_engagements_ids_positive CHECK (((id > 0) AND (content_id > 0) AND (user_id > 0) AND (session_id > 0))),
    CONSTRAINT explore_engagements_watch_time CHECK ((watch_time_ms >= 0))
);

ALTER TABLE public.explore_engagements_2024_12 OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_engagements_2024_12 IS 'Engagement events of 2024-12 (UTC); a partition of explore_engagements.';

COMMENT ON COLUMN public.explore_engagements_2024_12.id IS 'Order of arrival; for order and paging, not a key.';

COMMENT ON COLUMN public.explore_engagements_2024_12.content_id IS 'Content the event is about.';

COMMENT ON COLUMN public.explore_engagements_2024_12.user_id IS 'Viewer; null: anonymous, then the session stands for the viewer.';

COMMENT ON COLUMN public.explore_engagements_2024_12.session_id IS 'Feed session; null: outside a session.';

COMMENT ON COLUMN public.explore_engagements_2024_12.engagement_type IS 'What happened: view, save, share, click, skip, complete or impression.';

COMMENT ON COLUMN public.explore_engagements_2024_12.watch_time_ms IS 'Watch time in milliseconds; longer than the video is legal (clips loop).';

COMMENT ON COLUMN public.explore_engagements_2024_12.completed IS 'Whether a view reached the end; ignored on other types.';

COMMENT ON COLUMN public.explore_engagements_2024_12.created_at IS 'When it happened; finite.';

COMMENT ON COLUMN public.explore_engagements_2024_12.event_id IS 'Id given by the app; a repeat through the recording functions is a duplicate.';

COMMENT ON COLUMN public.explore_engagements_2024_12.metadata IS 'Anything the app wants to keep with the event.';

COMMENT ON COLUMN public.explore_engagements_2024_12.epoch IS 'Write generation for rollups; leave it out of INSERT and COPY.';

CREATE TABLE public.explore_engagements_2025_01 (
    id bigint NOT NULL,
    content_id bigint NOT NULL,
    user_id bigint,
    session_id bigint,
    engagement_type public.engagement_type NOT NULL,
    watch_time_ms integer DEFAULT 0 NOT NULL,
    completed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    event_id uuid,
    metadata jsonb,
    epoch bigint DEFAULT explore_analytics.current_epoch() NOT NULL,
    CONSTRAINT explore_engagements_created_at CHECK (isfinite(created_at)),
    CONSTRAINT explore_engagements_epochs CHECK ((epoch >= 0)),
    CONSTRAINT explore_engagements_ids_positive CHECK (((id > 0) AND (content_id > 0) AND (user_id > 0) AND (session_id > 0))),
    CONSTRAINT explore_engagements_watch_time CHECK ((watch_time_ms >= 0))
);

ALTER TABLE public.explore_engagements_2025_01 OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_engagements_2025_01 IS 'Engagement events of 2025-01 (UTC); a partition of explore_engagements.';

COMMENT ON COLUMN public.explore_engagements_2025_01.id IS 'Order of arrival; for order and paging, not a key.';

COMMENT ON COLUMN public.explore_engagements_2025_01.content_id IS 'Content the event is about.';

COMMENT ON COLUMN public.explore_engagements_2025_01.user_id IS 'Viewer; null: anonymous, then the session stands for the viewer.';

COMMENT ON COLUMN public.explore_engagements_2025_01.session_id IS 'Feed session; null: outside a session.';

COMMENT ON COLUMN public.explore_engagements_2025_01.engagement_type IS 'What happened: view, save, share, click, skip, complete or impression.';

COMMENT ON COLUMN public.explore_engagements_2025_01.watch_time_ms IS 'Watch time in milliseconds; longer than the video is legal (clips loop).';

COMMENT ON COLUMN public.explore_engagements_2025_01.completed IS 'Whether a view reached the end; ignored on other types.';

COMMENT ON COLUMN public.explore_engagements_2025_01.created_at IS 'When it happened; finite.';

COMMENT ON COLUMN public.explore_engagements_2025_01.event_id IS 'Id given by the app; a repeat through the recording functions is a duplicate.';

COMMENT ON COLUMN public.explore_engagements_2025_01.metadata IS 'Anything the app wants to keep with the event.';

COMMENT ON COLUMN public.explore_engagements_2025_01.epoch IS 'Write generation for rollups; leave it out of INSERT and COPY.';

CREATE TABLE public.explore_engagements_default (
    id bigint NOT NULL,
    content_id bigint NOT NULL,
    user_id bigint,
    session_id bigint,
    engagement_type public.engagement_type NOT NULL,
    watch_time_ms integer DEFAULT 0 NOT NULL,
    completed boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    event_id uuid,
    metadata jsonb,
    epoch bigint DEFAULT explore_analytics.current_epoch() NOT NULL,
    CONSTRAINT explore_engagements_created_at CHECK (isfinite(created_at)),
    CONSTRAINT explore_engagements_epochs CHECK ((epoch >= 0)),
    CONSTRAINT explore_engagements_ids_positive CHECK (((id > 0) AND (content_id > 0) AND (user_id > 0) AND (session_id > 0))),
    CONSTRAINT explore_engagements_watch_time CHECK ((watch_time_ms >= 0))
);

ALTER TABLE public.explore_engagements_default OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_engagements_default IS 'Engagement events outside the monthly partitions; a partition of explore_engagements.';

COMMENT ON COLUMN public.explore_engagements_default.id IS 'Order of arrival; for order and paging, not a key.';

COMMENT ON COLUMN public.explore_engagements_default.content_id IS 'Content the event is about.';

COMMENT ON COLUMN public.explore_engagements_default.user_id IS 'Viewer; null: anonymous, then the session stands for the viewer.';

COMMENT ON COLUMN public.explore_engagements_default.session_id IS 'Feed session; null: outside a session.';

COMMENT ON COLUMN public.explore_engagements_default.engagement_type IS 'What happened: view, save, share, click, skip, complete or impression.';

COMMENT ON COLUMN public.explore_engagements_default.watch_time_ms IS 'Watch time in milliseconds; longer than the video is legal (clips loop).';

COMMENT ON COLUMN public.explore_engagements_default.completed IS 'Whether a view reached the end; ignored on other types.';

COMMENT ON COLUMN public.explore_engagements_default.created_at IS 'When it happened; finite.';

COMMENT ON COLUMN public.explore_engagements_default.event_id IS 'Id given by the app; a repeat through the recording functions is a duplicate.';

COMMENT ON COLUMN public.explore_engagements_default.metadata IS 'Anything the app wants to keep with the event.';

COMMENT ON COLUMN public.explore_engagements_default.epoch IS 'Write generation for rollups; leave it out of INSERT and COPY.';

ALTER TABLE public.explore_engagements ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.explore_engagements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.explore_feed_sessions (
    id bigint NOT NULL,
    user_id bigint,
    session_start timestamp with time zone DEFAULT now() NOT NULL,
    session_end timestamp with time zone,
    device_type text,
    platform text,
    app_version text,
    country text,
    region text,
    city text,
    traffic_source text,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT explore_feed_sessions_ids_positive CHECK (((id > 0) AND (user_id > 0))),
    CONSTRAINT explore_feed_sessions_times CHECK ((isfinite(session_start) AND isfinite(session_end) AND (session_end >= session_start)))
);

ALTER TABLE public.explore_feed_sessions OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_feed_sessions IS 'Feed sessions, one row each; open while session_end is null.';

COMMENT ON COLUMN public.explore_feed_sessions.id IS 'Id of the session.';

COMMENT ON COLUMN public.explore_feed_sessions.user_id IS 'User of the session; null: anonymous.';

COMMENT ON COLUMN public.explore_feed_sessions.session_start IS 'When the session began.';

COMMENT ON COLUMN public.explore_feed_sessions.session_end IS 'When the session ended; null: open.';

COMMENT ON COLUMN public.explore_feed_sessions.device_type IS 'Device type, free text.';

COMMENT ON COLUMN public.explore_feed_sessions.platform IS 'Platform, such as ios, android or web.';

COMMENT ON COLUMN public.explore_feed_sessions.app_version IS 'Version of the app.';

COMMENT ON COLUMN public.explore_feed_sessions.country IS 'Country of the visitor.';

COMMENT ON COLUMN public.explore_feed_sessions.region IS 'Region of the visitor.';

COMMENT ON COLUMN public.explore_feed_sessions.city IS 'City of the visitor.';

COMMENT ON COLUMN public.explore_feed_sessions.traffic_source IS 'Where the visitor came from.';

COMMENT ON COLUMN public.explore_feed_sessions.attributes IS 'Further attributes as the app sent them.';

ALTER TABLE public.explore_feed_sessions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.explore_feed_sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.explore_leaderboard WITH (security_barrier='true') AS
 SELECT l.rank,
    l.content_id,
    l.video_id,
    l.creator_id,
    l.title,
    l.views,
    l.completion_rate,
    l.engagement_score,
    l.scored_at
   FROM explore_analytics.leaderboard l
  WHERE (( SELECT explore_analytics.sees_all() AS sees_all) OR (l.creator_id = ( SELECT public.current_creator_id() AS current_creator_id)))
  ORDER BY l.rank;

ALTER TABLE public.explore_leaderboard OWNER TO ea_update_owner;

COMMENT ON VIEW public.explore_leaderboard IS 'Contents with at least 10 views, ranked by stored engagement score; as of the last batch_update_engagement_scores().';

COMMENT ON COLUMN public.explore_leaderboard.rank IS 'Place, 1 is best: by score, then views, then content id.';

COMMENT ON COLUMN public.explore_leaderboard.content_id IS 'Content.';

COMMENT ON COLUMN public.explore_leaderboard.video_id IS 'Video; null when the content has none.';

COMMENT ON COLUMN public.explore_leaderboard.creator_id IS 'Creator of the content.';

COMMENT ON COLUMN public.explore_leaderboard.title IS 'Title of the content.';

COMMENT ON COLUMN public.explore_leaderboard.views IS 'Views of all time as of the last rescore; at least 10.';

COMMENT ON COLUMN public.explore_leaderboard.completion_rate IS 'Completion rate of all time in percent as of the last rescore; null when the content has no video.';

COMMENT ON COLUMN public.explore_leaderboard.engagement_score IS 'Engagement score (0..100) of all time as of the last rescore.';

COMMENT ON COLUMN public.explore_leaderboard.scored_at IS 'When a rescore last changed the stored numbers.';

CREATE VIEW public.explore_platform_daily WITH (security_barrier='true') AS
 SELECT d.day,
    d.bucket,
    public.views(s.summary) AS views,
    public.unique_viewers(s.summary) AS unique_viewers,
    public.total_watch_time(s.summary) AS watch_time,
    public.completions(s.summary) AS completions,
    public.completion_rate(s.summary) AS completion_rate,
    public.saves(s.summary) AS saves,
    public.save_rate(s.summary) AS save_rate,
    public.shares(s.summary) AS shares,
    public.clicks(s.summary) AS clicks,
    public.skips(s.summary) AS skips,
    public.impressions(s.summary) AS impressions,
    public.engagement_rate(s.summary) AS engagement_rate,
    public.engagement_score(s.summary) AS engagement_score
   FROM (( SELECT a.day,
            a.bucket
           FROM explore_analytics.active_days() a(day, bucket)
          WHERE ( SELECT explore_analytics.sees_all() AS sees_all)) d
     LEFT JOIN explore_analytics.tail_days((0)::smallint) t(bucket, id, summary) ON (((t.bucket = d.bucket) AND (t.id = (0)::bigint)))),
    LATERAL ( SELECT explore_analytics.day_summary((0)::smallint, (0)::bigint, d.bucket, t.summary) AS summary
         OFFSET 0) s
  WHERE (s.summary IS NOT NULL);

ALTER TABLE public.explore_platform_daily OWNER TO ea_update_owner;

COMMENT ON VIEW public.explore_platform_daily IS 'Engagement of the whole platform by day (UTC). unique_viewers of several days must not be added up.';

COMMENT ON COLUMN public.explore_platform_daily.day IS 'Day in UTC.';

COMMENT ON COLUMN public.explore_platform_daily.bucket IS 'Start of the day in UTC.';

COMMENT ON COLUMN public.explore_platform_daily.views IS 'Views.';

COMMENT ON COLUMN public.explore_platform_daily.unique_viewers IS 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.';

COMMENT ON COLUMN public.explore_platform_daily.watch_time IS 'Watch time in seconds.';

COMMENT ON COLUMN public.explore_platform_daily.completions IS 'Completions.';

COMMENT ON COLUMN public.explore_platform_daily.completion_rate IS 'Percent: 100 * completions / views.';

COMMENT ON COLUMN public.explore_platform_daily.saves IS 'Saves.';

COMMENT ON COLUMN public.explore_platform_daily.save_rate IS 'Percent: 100 * saves / views.';

COMMENT ON COLUMN public.explore_platform_daily.shares IS 'Shares.';

COMMENT ON COLUMN public.explore_platform_daily.clicks IS 'Clicks.';

COMMENT ON COLUMN public.explore_platform_daily.skips IS 'Skips.';

COMMENT ON COLUMN public.explore_platform_daily.impressions IS 'Impressions.';

COMMENT ON COLUMN public.explore_platform_daily.engagement_rate IS 'Percent: 100 * (saves + shares + clicks) / views.';

COMMENT ON COLUMN public.explore_platform_daily.engagement_score IS 'Engagement score of the day, 0..100.';

CREATE TABLE public.explore_saved_properties (
    user_id bigint NOT NULL,
    content_id bigint NOT NULL,
    saved_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT explore_saved_properties_ids_positive CHECK (((user_id > 0) AND (content_id > 0)))
);

ALTER TABLE public.explore_saved_properties OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_saved_properties IS 'Content saved by known users, once each, as recorded by the recording functions.';

COMMENT ON COLUMN public.explore_saved_properties.user_id IS 'Who saved.';

COMMENT ON COLUMN public.explore_saved_properties.content_id IS 'What was saved.';

COMMENT ON COLUMN public.explore_saved_properties.saved_at IS 'When it was saved first.';

CREATE VIEW public.explore_video_daily WITH (security_barrier='true') AS
 SELECT d.day,
    d.bucket,
    v.id AS video_id,
    c.id AS content_id,
    c.creator_id,
    c.title,
    c.category,
    c.area,
    public.views(s.summary) AS views,
    public.unique_viewers(s.summary) AS unique_viewers,
    public.total_watch_time(s.summary) AS watch_time,
    public.completions(s.summary) AS completions,
    public.completion_rate(s.summary) AS completion_rate,
    public.saves(s.summary) AS saves,
    public.save_rate(s.summary) AS save_rate,
    public.shares(s.summary) AS shares,
    public.clicks(s.summary) AS clicks,
    public.skips(s.summary) AS skips,
    public.impressions(s.summary) AS impressions,
    public.engagement_rate(s.summary) AS engagement_rate,
    public.engagement_score(s.summary) AS engagement_score
   FROM (((( SELECT a.day,
            a.bucket
           FROM explore_analytics.active_days() a(day, bucket)) d
     CROSS JOIN public.explore_content c)
     LEFT JOIN public.explore_discovery_videos v ON ((v.content_id = c.id)))
     LEFT JOIN explore_analytics.tail_days((2)::smallint) t(bucket, id, summary) ON (((t.bucket = d.bucket) AND (t.id = c.id)))),
    LATERAL ( SELECT explore_analytics.day_summary((2)::smallint, c.id, d.bucket, t.summary) AS summary
         OFFSET 0) s
  WHERE ((s.summary IS NOT NULL) AND (( SELECT explore_analytics.sees_all() AS sees_all) OR (c.creator_id = ( SELECT public.current_creator_id() AS current_creator_id))));

ALTER TABLE public.explore_video_daily OWNER TO ea_update_owner;

COMMENT ON VIEW public.explore_video_daily IS 'Engagement of each content by day (UTC), days without events left out. unique_viewers of several days must not be added up.';

COMMENT ON COLUMN public.explore_video_daily.day IS 'Day in UTC.';

COMMENT ON COLUMN public.explore_video_daily.bucket IS 'Start of the day in UTC.';

COMMENT ON COLUMN public.explore_video_daily.video_id IS 'Video; null when the content has none.';

COMMENT ON COLUMN public.explore_video_daily.content_id IS 'Content.';

COMMENT ON COLUMN public.explore_video_daily.creator_id IS 'Current creator of the content.';

COMMENT ON COLUMN public.explore_video_daily.title IS 'Title of the content.';

COMMENT ON COLUMN public.explore_video_daily.category IS 'Category of the content.';

COMMENT ON COLUMN public.explore_video_daily.area IS 'Area of the content.';

COMMENT ON COLUMN public.explore_video_daily.views IS 'Views.';

COMMENT ON COLUMN public.explore_video_daily.unique_viewers IS 'Exact distinct viewers of the day. Do not add up over days: a viewer of two days would count twice; ask video_analytics() and its kin for longer ranges.';

COMMENT ON COLUMN public.explore_video_daily.watch_time IS 'Watch time in seconds.';

COMMENT ON COLUMN public.explore_video_daily.completions IS 'Completions.';

COMMENT ON COLUMN public.explore_video_daily.completion_rate IS 'Percent: 100 * completions / views.';

COMMENT ON COLUMN public.explore_video_daily.saves IS 'Saves.';

COMMENT ON COLUMN public.explore_video_daily.save_rate IS 'Percent: 100 * saves / views.';

COMMENT ON COLUMN public.explore_video_daily.shares IS 'Shares.';

COMMENT ON COLUMN public.explore_video_daily.clicks IS 'Clicks.';

COMMENT ON COLUMN public.explore_video_daily.skips IS 'Skips.';

COMMENT ON COLUMN public.explore_video_daily.impressions IS 'Impressions.';

COMMENT ON COLUMN public.explore_video_daily.engagement_rate IS 'Percent: 100 * (saves + shares + clicks) / views.';

COMMENT ON COLUMN public.explore_video_daily.engagement_score IS 'Engagement score of the day, 0..100.';

CREATE TABLE public.explore_viewers (
    user_id bigint NOT NULL,
    birth_year integer,
    gender text,
    country text,
    region text,
    city text,
    language text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT explore_viewers_ids_positive CHECK ((user_id > 0))
);

ALTER TABLE public.explore_viewers OWNER TO ea_update_owner;

COMMENT ON TABLE public.explore_viewers IS 'Profiles of viewers; every attribute is optional.';

COMMENT ON COLUMN public.explore_viewers.user_id IS 'Id of the viewer.';

COMMENT ON COLUMN public.explore_viewers.birth_year IS 'Year of birth.';

COMMENT ON COLUMN public.explore_viewers.gender IS 'Gender, free text.';

COMMENT ON COLUMN public.explore_viewers.country IS 'Country.';

COMMENT ON COLUMN public.explore_viewers.region IS 'Region.';

COMMENT ON COLUMN public.explore_viewers.city IS 'City.';

COMMENT ON COLUMN public.explore_viewers.language IS 'Language.';

COMMENT ON COLUMN public.explore_viewers.created_at IS 'When the profile was made.';

CREATE TABLE public.kept_values (
    month timestamp with time zone,
    summary public.engagement_summary,
    viewers public.viewer_set
);

ALTER TABLE public.kept_values OWNER TO ea_update_owner;

ALTER TABLE ONLY public.explore_engagements ATTACH PARTITION public.explore_engagements_2024_11 FOR VALUES FROM ('2024-11-01 00:00:00+00') TO ('2024-12-01 00:00:00+00');

ALTER TABLE ONLY public.explore_engagements ATTACH PARTITION public.explore_engagements_2024_12 FOR VALUES FROM ('2024-12-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');

ALTER TABLE ONLY public.explore_engagements ATTACH PARTITION public.explore_engagements_2025_01 FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2025-02-01 00:00:00+00');

ALTER TABLE ONLY public.explore_engagements ATTACH PARTITION public.explore_engagements_default DEFAULT;

COPY explore_analytics.audit_log (id, logged_at, login, role, creator_id, action, subject, row_count, detail) FROM stdin;
1	2025-01-02 00:01:00+00	dba	dba	\N	create_roles	ea_update	\N	created ea_update_writer, ea_update_reader, ea_update_analyst, ea_update_job
2	2025-01-02 00:02:00+00	dba	dba	\N	grant_access	ea_update_app	\N	record
3	2025-01-02 00:03:00+00	dba	dba	\N	grant_access	ea_update_dashboard	\N	read
4	2025-01-02 00:04:00+00	dba	dba	\N	grant_access	ea_update_operator	\N	operate
5	2025-01-02 00:05:00+00	dba	dba	\N	set_identity	ea_update_agent	\N	creator 102
6	2025-01-02 00:06:00+00	dba	dba	\N	apply_retention	explore_engagements_2024_10	637	dropped partition, epochs up to 2
7	2025-01-02 00:07:00+00	dba	dba	\N	apply_retention	public.explore_engagements_default	11	deleted late events of dropped partitions
8	2025-01-02 00:08:00+00	dba	dba	\N	forget_viewer	14da5da0d9e7bed8e86df9e797cfc8d255d53c114aee17c3dd8595b3dbe5c0a1	40	sessions=3 kept_views=23
\.

COPY explore_analytics.creator_changes (creator_id, content_id) FROM stdin;
101	6
103	6
\.

COPY explore_analytics.dropped_partitions (partition_name, range_start, range_end, epoch, event_count, dropped_at) FROM stdin;
explore_engagements_2024_10	2024-10-01 00:00:00+00	2024-11-01 00:00:00+00	2	637	2025-01-03 00:00:00+00
\.

COPY explore_analytics.event_keys (event_id, seen) FROM stdin;
01c66bc1-ee3b-9153-2add-a0bbb750eb1a	2025-01-06 00:00:00+00
03b16453-4dec-025b-51ed-9eed769902f0	2025-01-06 00:00:00+00
0674621e-1b9c-7b48-6ab8-9bf965eb9eb7	2025-01-06 00:00:00+00
08fcbf3e-2653-270c-cac2-e4d31eaeae8f	2025-01-06 00:00:00+00
0c5c5ef7-62e3-5ad0-fee8-96d851c88ede	2025-01-06 00:00:00+00
0c696bce-2667-8772-1926-32abf5f74844	2025-01-06 00:00:00+00
12154f07-19f1-870a-28a2-a2096bfbd89e	2025-01-06 00:00:00+00
12541d06-a6aa-6e2b-bfe5-cf96fdf5c1cb	2025-01-06 00:00:00+00
12b88817-211d-e1d6-7862-eafa194d08e2	2025-01-06 00:00:00+00
1456138c-adea-fc6a-f516-3f7b09b64900	2025-01-06 00:00:00+00
14e1c33d-84d4-68b9-7c57-6059d871c691	2025-01-06 00:00:00+00
15f1be40-cd07-f300-b82a-4c90f754f235	2025-01-06 00:00:00+00
17bef9b8-08ac-42a8-0697-b8b7cb63071a	2025-01-06 00:00:00+00
1c099ab6-4f6d-bfe0-e7c3-cef7e1f933e3	2025-01-06 00:00:00+00
1c5fc5e5-68c3-6453-8cd9-76e7f7689ee6	2025-01-06 00:00:00+00
1f50193a-0612-6c87-376c-d6c91807d58f	2025-01-06 00:00:00+00
202f6f03-b4ca-aed0-02dc-cd5c10a608e3	2025-01-06 00:00:00+00
2ad6767a-299a-dad7-5de3-506d5a26545f	2025-01-06 00:00:00+00
2bf38278-0511-e0d6-9234-1ee8110f08a5	2025-01-06 00:00:00+00
2e996910-8174-3999-1514-c6aae9d19e6c	2025-01-06 00:00:00+00
2ec61d4f-6863-2cc4-befc-0542c4147c67	2025-01-06 00:00:00+00
30d0503f-de26-27cd-e72f-6916cc99117c	2025-01-06 00:00:00+00
31d6304a-5bd9-97c6-6916-8b8bb15461fb	2025-01-06 00:00:00+00
389328dd-2ca7-e5d8-ad5d-ff72c53e887d	2025-01-06 00:00:00+00
3c253a86-87bf-482f-e8b0-ae975f1f64d1	2025-01-06 00:00:00+00
3c849881-3459-1340-1e01-2b1d2b4a4fe4	2025-01-06 00:00:00+00
3d3db937-04de-501a-3e2e-e7f0baa2cf28	2025-01-06 00:00:00+00
3ed9f4b0-2a95-ed21-87ff-5ff450a0bfb4	2025-01-06 00:00:00+00
40306b3d-5e36-00dc-a86e-d80cabe2ad78	2025-01-06 00:00:00+00
41161690-5f81-df79-47bc-e672cdf12415	2025-01-06 00:00:00+00
426ba905-7c55-98f3-c261-fad04d7652c1	2025-01-06 00:00:00+00
47e15948-2bad-f822-8902-e66f517357a3	2025-01-06 00:00:00+00
4af24a0a-c813-d80f-4a09-e9b8c3a24176	2025-01-06 00:00:00+00
4c24b43e-9f28-c5a6-5bfd-4e4d1248a744	2025-01-06 00:00:00+00
4c9e6329-4839-4804-afbd-a26d0e8d36bd	2025-01-06 00:00:00+00
4e7c0e8c-dafc-a888-9b71-142587420f18	2025-01-06 00:00:00+00
4f6efe50-8a2e-3670-967d-df638961d374	2025-01-06 00:00:00+00
510c7720-1f4d-b123-c66b-237a6e6429d1	2025-01-06 00:00:00+00
5362ea90-88a8-b261-e99b-0e5507235ce9	2025-01-06 00:00:00+00
536d4eed-b7a4-0af2-db3f-a3cf49288678	2025-01-06 00:00:00+00
54827acc-845e-3d33-3a3a-bca1fd97abf1	2025-01-06 00:00:00+00
553fd6d7-126b-3fc5-45cf-28af25ef0388	2025-01-06 00:00:00+00
57d3d9d3-b306-7982-270b-6769ca9972a1	2025-01-06 00:00:00+00
5b1f236e-a819-51a1-9d88-db41456d4d64	2025-01-06 00:00:00+00
5ea4cb86-febc-681f-2f9b-f2df088a47a9	2025-01-06 00:00:00+00
5f083d20-ce58-b57e-1a3b-aba477f28d0d	2025-01-06 00:00:00+00
63e053d5-78d0-9c1f-2ca6-b7354b458a40	2025-01-06 00:00:00+00
68461e11-c82d-8bbe-460e-7d4000573255	2025-01-06 00:00:00+00
6ae9dc51-a3da-9071-3853-22910095a729	2025-01-06 00:00:00+00
6ce49f95-214c-c9fc-b298-0414fb7d4896	2025-01-06 00:00:00+00
760bffde-b515-cdcd-6e44-ec2052e8d411	2025-01-06 00:00:00+00
76f596f0-e991-50a2-0591-0eb563300f1d	2025-01-06 00:00:00+00
79570fa7-c855-da36-15a4-87943fb7d2cc	2025-01-06 00:00:00+00
7ff3f8a8-d68b-2392-a04f-4b49e95d7800	2025-01-06 00:00:00+00
8188f715-1e9e-6842-2b03-30c2082e9e32	2025-01-06 00:00:00+00
8938d57f-1891-b85f-bdb7-5b4b70255958	2025-01-06 00:00:00+00
90f29e55-1233-9cad-1354-f0807f1aa0e0	2025-01-06 00:00:00+00
91d4f33d-2833-cd6c-2626-decc470323b0	2025-01-06 00:00:00+00
99ec6047-2ef7-2ca8-eb53-0f39cbdd7294	2025-01-06 00:00:00+00
9c6afa0d-3f53-fb12-a396-d12420ccbc9f	2025-01-06 00:00:00+00
9df81017-7d35-352a-4b1f-5119df70aa89	2025-01-06 00:00:00+00
a1e78d11-1ad2-9e43-14a8-75e8e0ceeee8	2025-01-06 00:00:00+00
a378f038-939d-be6f-05e1-7823c56b6b82	2025-01-06 00:00:00+00
a5c1c9c2-85c3-f392-ec35-f1c549c84e4f	2025-01-06 00:00:00+00
a705f35d-dbfb-d4b3-d7e7-2cf2c1a0b6be	2025-01-06 00:00:00+00
a74cad78-14aa-a6f4-ad6a-56df0c65f008	2025-01-06 00:00:00+00
ad49af9e-e353-1ac2-3f42-f7404d7ea834	2025-01-06 00:00:00+00
ae1e0370-0d5d-ca93-46fc-9b246fd0491c	2025-01-06 00:00:00+00
af998ce6-9226-e769-0e19-53bac7485deb	2025-01-06 00:00:00+00
afb47d5b-b975-afb7-4cb5-a5dec213778e	2025-01-06 00:00:00+00
b48e2018-1f76-d683-c2fc-f72fb9084354	2025-01-06 00:00:00+00
b83a5b2d-7cc5-8e17-c3dc-db734e8b94ad	2025-01-06 00:00:00+00
bd48a7ec-cb38-3620-aedc-8ab911b28618	2025-01-06 00:00:00+00
bee5241b-c2c4-2104-d213-f13111eef236	2025-01-06 00:00:00+00
bf4dd6ed-467b-62dd-9641-a47bed42cbad	2025-01-06 00:00:00+00
c0296b50-a4b2-0658-069b-ef6157f154aa	2025-01-06 00:00:00+00
c0635dae-3d66-5c57-f631-5b372110baa1	2025-01-06 00:00:00+00
c0b52a75-9ba4-bcf6-0a78-a2468538434e	2025-01-06 00:00:00+00
c132677e-5483-960e-4c44-d73c8331fc5b	2025-01-06 00:00:00+00
c923d89f-ad59-e2e8-afe6-7ad2ad3496d7	2025-01-06 00:00:00+00
d04a0ae0-e890-54ae-da7a-5c8fe64f0e87	2025-01-06 00:00:00+00
d09666b6-ce63-dedf-b98c-d82aa6cbcca4	2025-01-06 00:00:00+00
d779ad8c-6992-afb8-c3c1-0b76908fdfba	2025-01-06 00:00:00+00
d98eec95-d063-8259-b5df-9779bc4b17c6	2025-01-06 00:00:00+00
e088c082-5133-c235-5206-11d856c94390	2025-01-06 00:00:00+00
e1766194-4bc9-7dcd-787f-045725a5cea0	2025-01-06 00:00:00+00
e268d7ae-081d-68cf-7e1f-ffc2a68d5493	2025-01-06 00:00:00+00
e2be4e99-713b-2eff-bb35-7ec6630afb07	2025-01-06 00:00:00+00
e6186d9d-053e-dc2e-1b7e-74aced0377f6	2025-01-06 00:00:00+00
e91fbb58-5b43-a890-ca67-f27e7b08ec57	2025-01-06 00:00:00+00
e92f4cdb-0883-0a83-b088-aee8110cf19a	2025-01-06 00:00:00+00
f1f1f4a9-2baf-7829-bd52-b6254f59ec75	2025-01-06 00:00:00+00
f3fb88ea-c6c2-af35-cf8a-7e18b1da8f97	2025-01-06 00:00:00+00
f457f181-f089-22c1-b39d-422b459acad9	2025-01-06 00:00:00+00
f69a913c-adbe-a07e-2a42-c4a2a7197286	2025-01-06 00:00:00+00
fed2391a-b651-ea34-ea96-d045bdfb2ed6	2025-01-06 00:00:00+00
00000000-0000-4000-8000-00000000d00d	2025-01-06 00:00:00+00
\.

COPY explore_analytics.identities (login, creator_id) FROM stdin;
ea_update_agent	102
\.

COPY explore_analytics.rate_limits (scope, name, events_per_second, burst) FROM stdin;
role	ea_update_app	100000	500000
session	*	5000	20000
\.

COPY explore_analytics.rescores (low, rescored_at, changed) FROM stdin;
5	2025-01-16 00:00:00+00	12
\.

COPY explore_analytics.rollup_buckets (id, bucket, scope, level, summary, events) FROM stdin;
2	115	2	1	\N	\\xe701020002d881ecde0430e80f988c01bc2d05
3	13031040	2	9	\N	\\xe7010200c8018098d2e90530e04e270030b04f4f00308050770030d0509f010030a051c7010130924e000030e24e280030b24f5000308250780030d250a0010130944e010030e44e290030b44f5100308450790030d450a1010130964e020030e64e2a0030b64f52003086507a0030d650a2010130984e030030e84e2b0030b84f53003088507b0030d850a30101309a4e040030ea4e2c0030ba4f5400308a507c0030da50a40101309c4e050030ec4e2d0030bc4f5500308c507d0030dc50a50101309e4e060030ee4e2e0030be4f5600308e507e0030de50a6010130a04e070030f04e2f0030c04f57003090507f0030e050a7010130a24e080030f24e300030c24f580030925080010030e250a8010130a44e090030f44e310030c44f590030945081010030e450a9010130a64e0a0030f64e320030c64f5a0030965082010030e650aa010130a84e0b0030f84e330030c84f5b0030985083010030e850ab010130aa4e0c0030fa4e340030ca4f5c00309a5084010030ea50ac010130ac4e0d0030fc4e350030cc4f5d00309c5085010030ec50ad010130ae4e0e0030fe4e360030ce4f5e00309e5086010030ee50ae010130b04e0f0030804f370030d04f5f0030a05087010030f050af010130b24e100030824f380030d24f600030a25088010030f250b0010130b44e110030844f390030d44f610030a45089010030f450b1010130b64e120030864f3a0030d64f620030a6508a010030f650b2010130b84e130030884f3b0030d84f630030a8508b010030f850b3010130ba4e1400308a4f3c0030da4f640030aa508c010030fa50b4010130bc4e1500308c4f3d0030dc4f650030ac508d010030fc50b5010130be4e1600308e4f3e0030de4f660030ae508e010030fe50b6010130c04e170030904f3f0030e04f670030b0508f0100308051b7010130c24e180030924f400030e24f680030b250900100308251b8010130c44e190030944f410030e44f690030b450910100308451b9010130c64e1a0030964f420030e64f6a0030b650920100308651ba010130c84e1b0030984f430030e84f6b0030b850930100308851bb010130ca4e1c00309a4f440030ea4f6c0030ba50940100308a51bc010130cc4e1d00309c4f450030ec4f6d0030bc50950100308c51bd010130ce4e1e00309e4f460030ee4f6e0030be50960100308e51be010130d04e1f0030a04f470030f04f6f0030c050970100309051bf010130d24e200030a24f480030f24f700030c250980100309251c0010130d44e210030a44f490030f44f710030c450990100309451c1010130d64e220030a64f4a0030f64f720030c6509a0100309651c2010130d84e230030a84f4b0030f84f730030c8509b0100309851c3010130da4e240030aa4f4c0030fa4f740030ca509c0100309a51c4010130dc4e250030ac4f4d0030fc4f750030cc509d0100309c51c5010130de4e260030ae4f4e0030fe4f760030ce509e0100309e51c601
3	2606208	2	8	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
3	868736	2	7	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
3	217184	2	6	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
3	36197	2	5	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
3	9049	2	4	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
3	2262	2	3	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
3	565	2	2	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
3	141	2	1	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
4	115	2	1	\N	\\xe701020002e8cbeade0406ace3013071a7e001
5	115	2	1	\N	\\xe701020002f895e9de0438f00f841c9c990330de0fb19802
6	115	2	1	\N	\\xe701020002f0f0e9de0430ee0f8938a4be0204
10	115	2	1	\N	\\xe701020002e0a6ebde0430399370b4880138e40fa2c401
101	115	1	1	\N	\\xe701020002f0f0e9de0430ee0f8938a4be0204
101	9048	1	4	\N	\\xe701020003b8a6c6e90504e0fa0230e00f9024848e013011ff24
101	13031040	1	9	\N	\\xe7010200c8018098d2e90530e04e270030b04f4f00308050770030d0509f010030a051c7010130924e000030e24e280030b24f5000308250780030d250a0010130944e010030e44e290030b44f5100308450790030d450a1010130964e020030e64e2a0030b64f52003086507a0030d650a2010130984e030030e84e2b0030b84f53003088507b0030d850a30101309a4e040030ea4e2c0030ba4f5400308a507c0030da50a40101309c4e050030ec4e2d0030bc4f5500308c507d0030dc50a50101309e4e060030ee4e2e0030be4f5600308e507e0030de50a6010130a04e070030f04e2f0030c04f57003090507f0030e050a7010130a24e080030f24e300030c24f580030925080010030e250a8010130a44e090030f44e310030c44f590030945081010030e450a9010130a64e0a0030f64e320030c64f5a0030965082010030e650aa010130a84e0b0030f84e330030c84f5b0030985083010030e850ab010130aa4e0c0030fa4e340030ca4f5c00309a5084010030ea50ac010130ac4e0d0030fc4e350030cc4f5d00309c5085010030ec50ad010130ae4e0e0030fe4e360030ce4f5e00309e5086010030ee50ae010130b04e0f0030804f370030d04f5f0030a05087010030f050af010130b24e100030824f380030d24f600030a25088010030f250b0010130b44e110030844f390030d44f610030a45089010030f450b1010130b64e120030864f3a0030d64f620030a6508a010030f650b2010130b84e130030884f3b0030d84f630030a8508b010030f850b3010130ba4e1400308a4f3c0030da4f640030aa508c010030fa50b4010130bc4e1500308c4f3d0030dc4f650030ac508d010030fc50b5010130be4e1600308e4f3e0030de4f660030ae508e010030fe50b6010130c04e170030904f3f0030e04f670030b0508f0100308051b7010130c24e180030924f400030e24f680030b250900100308251b8010130c44e190030944f410030e44f690030b450910100308451b9010130c64e1a0030964f420030e64f6a0030b650920100308651ba010130c84e1b0030984f430030e84f6b0030b850930100308851bb010130ca4e1c00309a4f440030ea4f6c0030ba50940100308a51bc010130cc4e1d00309c4f450030ec4f6d0030bc50950100308c51bd010130ce4e1e00309e4f460030ee4f6e0030be50960100308e51be010130d04e1f0030a04f470030f04f6f0030c050970100309051bf010130d24e200030a24f480030f24f700030c250980100309251c0010130d44e210030a44f490030f44f710030c450990100309451c1010130d64e220030a64f4a0030f64f720030c6509a0100309651c2010130d84e230030a84f4b0030f84f730030c8509b0100309851c3010130da4e240030aa4f4c0030fa4f740030ca509c0100309a51c4010130dc4e250030ac4f4d0030fc4f750030cc509d0100309c51c5010130de4e260030ae4f4e0030fe4f760030ce509e0100309e51c601
101	2606208	1	8	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
101	868736	1	7	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
101	217184	1	6	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
101	36197	1	5	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
101	36198	1	5	\N	\\xe701020002c0add4e9053021a727848e0138d80f9628
101	9049	1	4	5QEAAMoBAAEAAAAAAMPsAcoBARDKAQEA7/8ABuwDAACJE8cA	\N
101	9050	1	4	\N	\\xe70102000288bfdce90510e20f848e0101
101	2263	1	3	\N	\\xe70102000aa0feeee9053069db31e0fa0204848e0105e0fa0230e60f9a37e4880430d60fb13a848e0138de0fa03be0fa0201848e0102e0fa023059df40848e0130e00fce41
102	115	1	1	\N	\\xe701020005e8cbeade0406bc2d30399370b4880138e40fa2c401bc2d3071a7e001b4880130dc0fb6b402
103	115	1	1	\N	\\xe701020004f895e9de0438f00f841cf0b50130e80f988c01bc2d05f0b50130de0fb19802
0	115	0	1	\N	\\xe70102000bf895e9de0438f00f841cbc2d30ee0f8938bc2d06bc2d30399370bc2d30e80f988c01bc2d05bc2d38e40fa2c401bc2d3071a7e001bc2d04bc2d30de0fb19802bc2d30dc0fb6b402
0	36196	0	5	\N	\\xe701020003d896cfe90501ac2f30e20fc925ac2f30f00fee25
0	217182	0	6	\N	\\xe701020001e0b2d1e90502
0	217183	0	6	\N	\\xe701020001b891d2e90538ea0fb826
0	13031040	0	9	\N	\\xe7010200c8018098d2e90530e04e270030b04f4f00308050770030d0509f010030a051c7010130924e000030e24e280030b24f5000308250780030d250a0010130944e010030e44e290030b44f5100308450790030d450a1010130964e020030e64e2a0030b64f52003086507a0030d650a2010130984e030030e84e2b0030b84f53003088507b0030d850a30101309a4e040030ea4e2c0030ba4f5400308a507c0030da50a40101309c4e050030ec4e2d0030bc4f5500308c507d0030dc50a50101309e4e060030ee4e2e0030be4f5600308e507e0030de50a6010130a04e070030f04e2f0030c04f57003090507f0030e050a7010130a24e080030f24e300030c24f580030925080010030e250a8010130a44e090030f44e310030c44f590030945081010030e450a9010130a64e0a0030f64e320030c64f5a0030965082010030e650aa010130a84e0b0030f84e330030c84f5b0030985083010030e850ab010130aa4e0c0030fa4e340030ca4f5c00309a5084010030ea50ac010130ac4e0d0030fc4e350030cc4f5d00309c5085010030ec50ad010130ae4e0e0030fe4e360030ce4f5e00309e5086010030ee50ae010130b04e0f0030804f370030d04f5f0030a05087010030f050af010130b24e100030824f380030d24f600030a25088010030f250b0010130b44e110030844f390030d44f610030a45089010030f450b1010130b64e120030864f3a0030d64f620030a6508a010030f650b2010130b84e130030884f3b0030d84f630030a8508b010030f850b3010130ba4e1400308a4f3c0030da4f640030aa508c010030fa50b4010130bc4e1500308c4f3d0030dc4f650030ac508d010030fc50b5010130be4e1600308e4f3e0030de4f660030ae508e010030fe50b6010130c04e170030904f3f0030e04f670030b0508f0100308051b7010130c24e180030924f400030e24f680030b250900100308251b8010130c44e190030944f410030e44f690030b450910100308451b9010130c64e1a0030964f420030e64f6a0030b650920100308651ba010130c84e1b0030984f430030e84f6b0030b850930100308851bb010130ca4e1c00309a4f440030ea4f6c0030ba50940100308a51bc010130cc4e1d00309c4f450030ec4f6d0030bc50950100308c51bd010130ce4e1e00309e4f460030ee4f6e0030be50960100308e51be010130d04e1f0030a04f470030f04f6f0030c050970100309051bf010130d24e200030a24f480030f24f700030c250980100309251c0010130d44e210030a44f490030f44f710030c450990100309451c1010130d64e220030a64f4a0030f64f720030c6509a0100309651c2010130d84e230030a84f4b0030f84f730030c8509b0100309851c3010130da4e240030aa4f4c0030fa4f740030ca509c0100309a51c4010130dc4e250030ac4f4d0030fc4f750030cc509d0100309c51c5010130de4e260030ae4f4e0030fe4f760030ce509e0100309e51c601
0	2606208	0	8	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
0	868736	0	7	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
0	217184	0	6	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
0	217185	0	6	\N	\\xe70102000190f0d2e90530d60fdd26
0	217187	0	6	\N	\\xe701020001e8ced3e90503
0	36197	0	5	5QEAAMoBAAEAAQEAAJvqAcoBARDKAQAK6wMAAPUDAACJE8cA	\N
0	36198	0	5	\N	\\xe701020004c0add4e9053021a727ac2f30de0fcc27ac2f04ac2f38d80f9628
0	36199	0	5	\N	\\xe701020003a0a8d7e90520bb28ac2f05ac2f30e00f8529
0	9049	0	4	5QEAANEBAQMBAQEBAKL+A9ABARzQAQEA7/8AEusDAQDvAwIA9QMAAPgDAACJE8cA	\N
0	9050	0	4	\N	\\xe70102000ea8c4d9e90530ee0faa29ac2f06ac2f38e80ff429ac2f30d40f992aac2f10e20fac2f3039e32aac2f30dc0f882bac2f01ac2f38d60fd22bac2f3041f72bac2f02ac2f30de0fc12cac2f30ec0fe62cac2f03
2	141	2	1	\N	\\xe701020077d8bef0e80538de0f248caa0330d40ff102d85e048caa0310e60fd85e30e00fd2068caa0330419f09d85e30d00fe9098caa0338e80fb60cd85e018caa0304d85e307197108caa0330ea0fe412d85e38e40fae138caa033021fb15d85e058caa0301d85e30e60fdc198caa0330dc0fa91cd85e20f31c8caa0338ee0fc01fd85e028caa0305d85e30d80fa1238caa0330f00fee25d85e38ea0fb8268caa0330e00f8529d85e068caa0302d85e30ec0fe62c8caa033059b32fd85e30dc0ffd2f8caa0338d20fca32d85e038caa0306d85e3011ab368caa0330d40ff838d85e38f00fc2398caa0330398f3cd85e10e00f8caa0303d85e30d00ff03f8caa0330e80fbd42d85e306987438caa0338d80fd445d85e048caa031019d85e30e40fb5498caa0320824cd85e38d40fcc4c8caa0330ec0f994fd85e018caa0304d85e30d60ffa528caa033071c755d85e30e80f91568caa0338de0fde58d85e058caa0301d85e20bf5c8caa0330e00f8c5fd85e28d65f8caa0320a362d85e028caa0305d85e30dc0f84668caa0330d20fd168d85e209b698caa0338e40fe86bd85e068caa0302d85e30f00fc96f8caa0330e60f9672d85e38e00fe0728caa0330d60fad75d85e038caa0306d85e30e20f8e798caa033011db7bd85e30d20fa57c8caa0338ea0ff27ed85e10e40fe488043041d382018caa0330ec0fa08501d85e38e60fea85018caa033069b78801d85e048caa0310ee0fe4880430de0fe58e01d85e3021af8f018caa0338f00ffc9101d85e018caa0304e4880430d00faa9801d85e38ec0ff498018caa0330e20fc19b01d85e058caa0301d85e30ee0fa29f018caa0320efa101d85e30de0fb9a2018caa0338d40f86a501d85e02e488043059e7a8018caa0330d60fb4ab01d85e38d00ffeab01e48804068caa0302d85e30d20facb2018caa0330ea0ff9b401d85e3039c3b501e48804038caa0306d85e30e60ff1bb018caa0330dc0fbebe01d85e38d60f88bf018caa0330ee0fd5c101d85e10198caa0303d85e30d80fb6c501
0	2264	0	3	\N	\\xe701020039b89399ea05289842ac2f30e80fbd42ac2f10d40fac2f30698743ac2f30f00fac43ac2f01ac2f38ea0ff643ac2f30719b44ac2f02ac2f30d00fe544ac2f30de0f8a45ac2f03ac2f38d80fd445ac2f30e60ff945ac2f04ac2f20c346ac2f30ee0fe846ac2f05ac2f38e80fb247ac2f3011d747ac2f06ac2f30f00fa148ac2f30dc0fc648ac2f1019ac2f38d60f9049ac2f30e40fb549ac2f01ac2f3021ff49ac2f30ec0fa44aac2f02ac2f38e60fee4aac2f20934bac2f03ac2f30ee0fdd4bac2f20824cac2f04ac2f38d40fcc4cac2f30e20ff14cac2f05ac2f3039bb4dac2f30ea0fe04dac2f06ac2f38e40faa4eac2f3041cf4eac2f10de0fac2f30ec0f994fac2f30d80fbe4fac2f01ac2f38d20f8850ac2f30e00fad50ac2f02ac2f20f750ac2f30e80f9c51ac2f03ac2f38e20fe651ac2f30598b52ac2f04
2	142	2	1	\N	\\xe701020046e0d3efec05304183c801d85e30ea0fcdc8018caa0338e00f9acb01e4880410d00fd85e3071fbce018caa0330e20fc8d101d85e38dc0f92d2018caa033021dfd401d85e018caa0304d85e30de0fc0d8018caa0330d40f8ddb01d85e20d7db018caa0338e60fa4de01d85e058caa0301d85e30d00f85e2018caa0330e80fd2e401d85e38e20f9ce5018caa0330d80fe9e701d85e028caa0305d85e30e40fcaeb018caa03305997ee01d85e30d40fe1ee018caa0338ec0faef101d85e068caa0302d85e30118ff5018caa0330ee0fdcf701d85e38e80fa6f8018caa033039f3fa01d85e038caa0306d85e30ea0fd4fe018caa0330e00fa18102d85e3069eb81028caa0338d00fb88402d85e10ec0f8caa0303d85e30dc0f9988028caa0330d20fe68a02d85e38ee0fb08b028caa0330e40ffd8d02d85e048caa0310d40fd85e30f00fde91028caa033071ab9402d85e30e00ff594028caa0338d60fc29702d85e018caa0304d85e20a39b028caa0330d80ff09d02d85e38d20fba9e028caa032087a102d85e05e4880430d40fe8a4028caa0330ec0fb5a702e4880438dc0fccaa02d85e028caa0305d85e30e80fadae02e4880438d80fc4b1028caa0330f00f91b402d85e068caa0302e488043011bfba02d85e30ec0f89bb028caa0338e20fd6bd02
4	141	2	1	\N	\\xe701020076b8b9f3e80530d20fb801ac2f02b8d9033021cf04ac2f30d00ff404b8d90302ac2f30398b08b8d90330e60ffd0aac2f06b8d90338d60f940eac2f30e40fb90eb8d90306ac2f38d40fd011b8d90330d80fc214ac2f03b8d90330ea0fd917ac2f30d60ffe17b8d90303ac2f30e80f951bb8d9033059871eac2f10d80fb8d90338dc0f9e21ac2f3071c321b8d90310ee0fac2f28da24b8d90330de0fcc27ac2f04b8d9033039e32aac2f30dc0f882bb8d90304ac2f209f2eb8d90330d00f9131ac2f01b8d90338e20fa834ac2f30f00fcd34b8d90301ac2f38e00fe437b8d90330e40fd63aac2f05b8d90330d40fed3dac2f30e20f923eb8d90305ac2f30d20fa941b8d90330719b44ac2f02b8d90338e80fb247ac2f3011d747b8d90302ac2f38e60fee4ab8d90330ea0fe04dac2f06b8d90320f750ac2f30e80f9c51e488043069b354b8d90330dc0fa557ac2f03b8d90338ee0fbc5aac2f20e15ab8d90303ac2f38ec0ff85db8d90330f00fea60ac2f1049b8d90330e00f8164ac2f30ee0fa664b8d90310d00fac2f30de0fbd67b8d9033011af6aac2f04b8d90338d20fc66dac2f20eb6db8d90304ac2f38d00f8271b8d90330d40ff473ac2f01b8d90330698b77ac2f30d20fb077b8d90301ac2f20c77ab8d90330e80fb97dac2f05b8d90338d80fd08001ac2f30e60ff58001b8d90305ac2f38d60f8c8401e4880402b8d90330ec0f958a01ac2f30d80fba8a01b8d90302ac2f30ea0fd18d01b8d90320c39001e4880438de0fda9301ac2f3041ff9301b8d90306ac2f38dc0f969701b8d90330e00f889a01ac2f03e4880430de0fc49d01b8d90303ac2f3021dba001b8d90330d20fcda301ac2f10e00fb8d90338e40fe4a601ac2f30d00f89a701b8d9031061ac2f38e20fa0aa01b8d90330e60f92ad01ac2f04b8d90330d60fa9b001ac2f30e40fceb001b8d90304ac2f30d40fe5b301b8d9033041d7b601e4880438ea0feeb901ac2f305993ba01e4880438e80faabd01b8d90330ec0f9cc001ac2f05b8d9033021b3c301ac2f30ea0fd8c301
4	142	2	1	\N	\\xe701020047a8faebec0505ac2f3039efc601b8d90330de0fe1c901ac2f02b8d90338f00ff8cc01ac2f30dc0f9dcd01b8d90302ac2f38ee0fb4d001b8d90330d00fa6d301ac2f06b8d90330e20fbdd601ac2f30f00fe2d601b8d90306ac2f30e00ff9d901b8d9033059ebdc01ac2f03b8d90338d40f82e001e4880403ac2f38d20fbee301b8d90330d60fb0e601ac2f10e40fb8d9033039c7e901ac2f30d40fece901b8d90310d80fac2f2083ed01b8d90330ea0ff5ef01ac2f04e4880430e80fb1f301b8d90304ac2f38d80fc8f601b8d90330dc0fbaf901ac2f01b8d90330ee0fd1fc01e4880401ac2f30ec0f8d8002b8d9033071ff8202ac2f05b8d90338e00f968602ac2f3011bb8602b8d90305ac2f38de0fd28902b8d90330e20fc48c02ac2f02b8d90320db8f02ac2f30e00f809002b8d90302ac2f3069979302b8d90330d40f899602ac2f06b8d90338e60fa09902ac2f30d20fc59902b8d90306ac2f38e40fdc9c02b8d90330e80fce9f02ac2f03b8d90330d80fe5a202ac2f30e60f8aa302b8d90303ac2f30d60fa1a602b8d903301193a902ac2f10e80fb8d90338ec0faaac02ac2f20cfac02b8d90310dc0fac2f38ea0fe6af02b8d90330ee0fd8b202e488043069efb502ac2f30ec0f94b602b8d90304e4880430e00f9dbc02ac2f01
5	141	2	1	\N	\\xe70102007ab09df1e80530ec0f49b4cb0203b0bd0138dc0fe003b4cb0220e305b0bd0101b4cb0238ea0ffa08b0bd0130de0f8e0ab4cb0200b0bd0130f00fa50db4cb0230ec0fa80fb0bd0105b4cb0220bf12b0bd013011d313b4cb0204b0bd0138e20fea16b4cb0230de0fed18b0bd0102e4880430e40f981db4cb0201b0bd013069af20b4cb0230d00fb222b0bd0106b4cb0230e20fc925b0bd0130d60fdd26b4cb0205b0bd0138e80ff429b4cb023041f72bb0bd0103b4cb0238d40f8e2fb0bd0130ea0fa230b4cb0202b0bd0120b933b4cb0230d60fbc35b0bd0110ec0fb4cb023021d338b0bd0120e739b4cb0206e4880430ea0f813fb0bd0104b4cb02289842b0bd0130f00fac43b4cb0203b0bd0120c346b4cb0230dc0fc648b0bd0101b4cb0230ee0fdd4bb0bd0130e20ff14cb4cb0210de0fb0bd0138d20f8850b4cb0230598b52b0bd0105b4cb0238e00fa255b0bd0130d40fb656b4cb0204b0bd0130e60fcd59b4cb0230e20fd05bb0bd0102b4cb023039e75eb0bd013041fb5fb4cb0201b0bd0138d80f9263b4cb0230d40f9565b0bd0106b4cb0238e60fac68b0bd0120c069b4cb0205b0bd013021d76cb4cb0230e80fda6eb0bd0103b4cb0230d80ff171b0bd0130ee0f8573b4cb0202b0bd0138de0f9c76b4cb0230719f78b0bd0100b4cb0238ec0fb67bb0bd0130e00fca7cb4cb0206b0bd0130d00fe17fb4cb0230ee0fe48101b0bd0104b4cb0220fb8401b0bd0130598f8601b4cb0203b0bd0138e40fa68901b4cb0230e00fa98b01b0bd0101b4cb0238d00fc08e01b0bd0130e60fd48f01b4cb021031b0bd013039eb9201b4cb0230d20fee9401b0bd0105b4cb0230e40f859801b0bd0130d80f999901b4cb0204b0bd0138ea0fb09c01b4cb023011b39e01b0bd0102b4cb0238d60fcaa101b0bd0130ec0fdea201b4cb0201b0bd0130dc0ff5a501b4cb0230d80ff8a701b0bd0106b4cb0230698fab01b0bd013071a3ac01e4880438f00fbaaf01b4cb0230ec0fbdb101b0bd0103b4cb0238dc0fd4b401b0bd0130d00fe8b501b4cb0202b0bd0120ffb801b4cb0230de0f82bb01b0bd0110d20fb4cb0230f00f99be01b0bd0130e40fadbf01b4cb0206b0bd0138d40fc4c201b4cb0220c7c401b0bd0104
5	142	2	1	\N	\\xe70102004488f5eeec0538e20fdec701b0bd0130d60ff2c801b4cb0203b0bd0130e80f89cc01b4cb0230e40f8cce01b0bd0101e488043011b7d201b4cb0210e60fe4880430d60fd1d701b0bd0105b4cb0238e80fe8da01b0bd0130dc0ffcdb01b4cb0204b0bd01306993df01b4cb0230ea0f96e101b0bd0102e4880430f00fc1e501b4cb0201b0bd0138e00fd8e801b4cb023041dbea01b0bd0106b4cb0238ee0ff2ed01b0bd0130e20f86ef01b4cb0205b0bd0130d20f9df201b4cb0230f00fa0f401b0bd0103b4cb023021b7f701b0bd0120cbf801b4cb0202b0bd0138e60fe2fb01b4cb0230e20fe5fd01b0bd0110d60fb4cb0238d20ffc8002b0bd0130e80f908202b4cb0206e4880430d40faa8702b0bd0104b4cb0230e60fc18a02e4880403b0bd0138ec0fec8e02b4cb023059ef9002b0bd0101b4cb0238d80f869402b0bd0130ee0f9a9502b4cb0210ea0f94c60505b4cb023039cb9d02b0bd013041df9e02b4cb0204b0bd0138d00ff6a102b4cb0230ee0ff9a302b0bd0102b4cb0238de0f90a702b0bd0130d20fa4a802b4cb0201b0bd013021bbab02b4cb0230e00fbead02b0bd0106b4cb0230d00fd5b002b0bd0130e60fe9b102b4cb0205b0bd0138d60f80b502b4cb02307183b702b0bd0103b4cb0238e40f9aba02b0bd0130d80faebb02b4cb0202
6	141	2	1	\N	\\xe701020078e0daf2e805209301848e0138ee0f8202e0fa0205848e0106e0fa0230e80fc107848e0130f00fb008e0fa0238d80fd80a848e0120c70be0fa0202848e0103e0fa02208611848e0130e20ff511e0fa0230ec0f9d14848e0138d20f8c15e0fa0206848e011031e0fa023041cb1a848e0130d40fba1be0fa0238de0fe21d848e0130e60fd11ee0fa0203848e0104e0fa0230e00f9024848e013011ff24e0fa023021a727848e0138d80f9628e0fa0210e20f848e0101e0fa0230d20fd52d848e0120c42ee0fa0238e40fec30848e013069db31e0fa0204848e0105e0fa0230e60f9a37e4880430d60fb13a848e0138de0fa03be0fa0201848e0102e0fa023059df40848e0130e00fce41e0fa0238ea0ff643848e0130d00fe544e0fa0205848e0106e0fa0230ec0fa44a848e0120934be0fa023039bb4d848e0138e40faa4ee0fa0202848e0103e0fa0230de0fe953848e0130e60fd854e0fa0238f00f8057848e0120ef57e0fa0206848e0110e80fe0fa0230d00fae5d848e0130d80f9d5ee0fa0230e20fc560848e0138ea0fb461e0fa0203848e0104e0fa023071f366848e0130ec0fe267e0fa0238d40f8a6a848e0130dc0ff96ae0fa0210e60f848e0101e0fa0230d60fb870848e013041a771e0fa0220cf73848e0138f00fbe74e0fa0204848e0105e4880430d00fec7ae0fa0228947d848e013021837ee0fa0201848e0102e0fa0230dc0fc28301848e0130e40fb18401e0fa0230ee0fd98601848e0138d40fc88701e0fa0205848e0106e0fa023011878d01848e0130d60ff68d01e0fa0238e00f9e9001848e0130e80f8d9101e0fa0202848e0103e0fa0230e20fcc9601848e013059bb9701e0fa023069e39901e4880406848e0110ec0fe0fa0230d40f91a001848e0130dc0f80a101e0fa0238e60fa8a301848e01303997a401e0fa0203848e0104e0fa0230e80fd6a901848e0130f00fc5aa01e0fa0230d80fedac01848e0138e00fdcad01e0fa0210ea0f848e0101e0fa02209bb301848e0130e20f8ab401e0fa0238ec0fb2b601848e0130d20fa1b701e0fa0204848e0105e0fa0230ee0fe0bc01848e013071cfbd01e4880438e60fe6c001e0fa0201848e0102
6	142	2	1	\N	\\xe701020046d09bebec0530e00fa5c601848e0130e80f94c701e0fa0238d00fbcc901848e0120abca01e0fa0205848e0106e0fa0230d20feacf01e4880430e40f81d301848e0138ec0ff0d301e0fa0202848e0103e0fa023041afd901848e0130ee0f9eda01e0fa0238d60fc6dc01848e0130de0fb5dd01e0fa0206848e0110f00fe0fa0230d80ff4e201848e013011e3e301e0fa0230218be601848e0138d00ffae601e4880404e0fa0230ec0fb9ec01848e0130d20fa8ed01e0fa0238dc0fd0ef01848e013069bff001e0fa0200848e0101e0fa0230de0ffef501848e0130e60fedf601e0fa0230f00f95f901848e0138d60f84fa01e4880405e0fa023059c3ff01848e0130d80fb28002e0fa0238e20fda8202848e0130ea0fc98302e0fa0201e4880430e40f888902848e0120f78902e0fa0230399f8c02848e0138dc0f8e8d02e0fa0205848e0106e0fa0230d60fcd9202848e0130de0fbc9302e0fa0238e80fe49502e4880402848e0103e0fa0230ea0f929c02848e0130d00f819d02e4880438e20f98a002e0fa0206848e011061e0fa023071d7a502848e0130e40fc6a602e0fa0238ee0feea802848e0130d40fdda902e0fa0203848e0104e0fa0230f00f9caf02848e0130418bb002e0fa0220b3b202848e0138e80fa2b302e0fa0210d00f848e0101e0fa0230e20fe1b802848e0130ea0fd0b902e0fa0238d20ff8bb02848e013021e7bc02
10	141	2	1	\N	\\xe70102007888fcf1e80501dcec013011a702889c0230ea0f8504dcec0138ec0fbe05889c02289c07dcec0103889c0205dcec0130ee0fec0b889c0230dc0fca0ddcec013069830f889c0230ee0fe110dcec0110f00f889c0202dcec0130e00fb115889c02208f17dcec0138d00fc818889c0238e00fa61adcec0104889c0206dcec0130d20ff61e889c0230e20fd420dcec0130e40f8d22889c0220eb23dcec0101889c0203dcec0120bb28889c0230d40f992adcec0138d60fd22b889c0238e60fb02ddcec0105889c021061dcec0130d80f8032889c0230e80fde33dcec01209735889c0230d80ff536dcec0102889c0204dcec0130ec0fc53b889c023041a33ddcec0138dc0fdc3e889c0238ec0fba40dcec0106889c0201dcec0130de0f8a45889c0230ee0fe846dcec0130f00fa148889c023021ff49dcec0103889c0205dcec013041cf4e889c0230e00fad50dcec0138e20fe651889c0238d00fc453dcec0110d20f889c0202dcec0130e40f9458889c0230d20ff259dcec013021ab5b889c0230e40f895ddcec0104889c0206dcec0130d60fd961889c023059b763dcec0138e80ff064889c0238d60fce66dcec0101889c0203dcec0130ea0f9e6b889c0230d80ffc6cdcec0120b56ee4880405889c0200dcec013059e374889c0230ec0fc176dcec0138ee0ffa77889c0238dc0fd879dcec0102889c0204dcec0130f00fa87e889c0230de0f868001dcec013039bf8101889c0230f00f9d8301dcec0106889c0201dcec0130e20fed8701889c023071cb8901dcec0138d20f848b01889c0238e20fe28c01dcec0103889c0205dcec0130d40fb29101889c0230e40f909301dcec0130e60fc99401889c0220a79601dcec0110d60f889c0202dcec013071f79a01889c0230d60fd59c01dcec0138d80f8e9e01889c0238e80fec9f01dcec0104889c0206e4880430ea0f9aa601dcec0120d3a701e4880401889c0203dcec0130ee0f81ae01889c023011dfaf01dcec0138de0f98b101889c0238ee0ff6b201dcec0105889c0210de0fdcec0130e00fc6b701889c0230f00fa4b901dcec0130d00fddba01889c023069bbbc01dcec0102889c0204dcec0130118bc101889c0230e20fe9c201
10	142	2	1	\N	\\xe701020048f8bceaec0538d20f80c601dcec0106889c0201dcec0130e60fd0ca01889c0230d40faecc01dcec013069e7cd01889c0230e60fc5cf01dcec0103889c0205dcec0130d80f95d401889c0220f3d501dcec0138ea0facd701889c0238d80f8ad901dcec011049889c0202dcec0130ec0fdadd01e4880430dc0ff1e001e4880404889c0206dcec01209fe701889c0230ee0ffde801dcec0138f00fb6ea01889c0238de0f94ec01dcec0101889c0203dcec0130d00fe4f001889c0230e00fc2f201e4880430d00fd9f501dcec0105889c0210e20fdcec0130e40fa9fa01889c02304187fc01dcec0138d40fc0fd01889c0238e40f9eff01dcec0102889c0204dcec0130d60fee8302889c0230e60fcc8502dcec0130e80f858702889c023021e38802dcec0106889c0201dcec013041b38d02889c0230d80f918f02e4880438ea0fa89202dcec0103889c0205dcec0130dc0ff89602889c0230ec0fd69802dcec0130218f9a02889c0230dc0fed9b02dcec0110de0f889c0202dcec0130f00fbda002889c0230599ba202dcec0138e00fd4a302889c0238f00fb2a502dcec0104889c0206dcec0130e20f82aa02889c0230d00fe0ab02dcec0130d20f99ad02889c023039f7ae02dcec0101889c0203dcec013059c7b302889c0230e40fa5b502dcec0138e60fdeb602889c0238d40fbcb802dcec0105889c021019dcec0130e80f8cbd02
101	2260	1	3	\N	\\xe70102000ae0daf2e805209301848e0138ee0f8202e0fa0205848e0106e0fa0230e80fc107848e0130f00fb008e0fa0238d80fd80a848e0120c70be0fa0202848e0103
101	2261	1	3	\N	\\xe70102000bc8b29be905208611848e0130e20ff511e0fa0230ec0f9d14848e0138d20f8c15e0fa0206848e011031e0fa023041cb1a848e0130d40fba1be0fa0238de0fe21d848e0130e60fd11ee0fa0203
101	9051	1	4	\N	\\xe701020003d0d0e4e90530d20fd52d848e0120c42ee0fa0238e40fec30
101	2262	1	3	5QEAANABAQIBAAABANzCA88BARrPAQEE7//3/wAO6QMAAOwDAADwAwIAiRPHAA==	\N
101	565	1	2	5QEAAOUBBAkCAgICAuSLCNsBASLbAQEUy//T/9//5//v//f/AA7pAwMA7wMFAPYDAgCJE8cA	\N
101	566	1	2	\N	\\xe701020028c8cb9dea0538ea0ff643848e0130d00fe544e0fa0205848e0106e0fa0230ec0fa44a848e0120934be0fa023039bb4d848e0138e40faa4ee0fa0202848e0103e0fa0230de0fe953848e0130e60fd854e0fa0238f00f8057848e0120ef57e0fa0206848e0110e80fe0fa0230d00fae5d848e0130d80f9d5ee0fa0230e20fc560848e0138ea0fb461e0fa0203848e0104e0fa023071f366848e0130ec0fe267e0fa0238d40f8a6a848e0130dc0ff96ae0fa0210e60f848e0101e0fa0230d60fb870848e013041a771e0fa0220cf73848e0138f00fbe74e0fa0204848e0105e4880430d00fec7ae0fa0228947d848e013021837ee0fa0201848e0102e0fa0230dc0fc28301
101	567	1	2	\N	\\xe701020027f0c6c2eb0530e40fb18401e0fa0230ee0fd98601848e0138d40fc88701e0fa0205848e0106e0fa023011878d01848e0130d60ff68d01e0fa0238e00f9e9001848e0130e80f8d9101e0fa0202848e0103e0fa0230e20fcc9601848e013059bb9701e0fa023069e39901e4880406848e0110ec0fe0fa0230d40f91a001848e0130dc0f80a101e0fa0238e60fa8a301848e01303997a401e0fa0203848e0104e0fa0230e80fd6a901848e0130f00fc5aa01e0fa0230d80fedac01848e0138e00fdcad01e0fa0210ea0f848e0101e0fa02209bb301848e0130e20f8ab401e0fa0238ec0fb2b601848e0130d20fa1b701e0fa0204848e0105e0fa0230ee0fe0bc01848e013071cfbd01e4880438e60fe6c001e0fa0201848e0102
101	141	1	1	5QEAAJwCCRoGBgYGBrDgO+ABASLgAQEcx//L/9P/3//j/+f/7//3/wAK6AMEAO4DCgCJE8cA	\N
101	142	1	1	\N	\\xe701020046d09bebec0530e00fa5c601848e0130e80f94c701e0fa0238d00fbcc901848e0120abca01e0fa0205848e0106e0fa0230d20feacf01e4880430e40f81d301848e0138ec0ff0d301e0fa0202848e0103e0fa023041afd901848e0130ee0f9eda01e0fa0238d60fc6dc01848e0130de0fb5dd01e0fa0206848e0110f00fe0fa0230d80ff4e201848e013011e3e301e0fa0230218be601848e0138d00ffae601e4880404e0fa0230ec0fb9ec01848e0130d20fa8ed01e0fa0238dc0fd0ef01848e013069bff001e0fa0200848e0101e0fa0230de0ffef501848e0130e60fedf601e0fa0230f00f95f901848e0138d60f84fa01e4880405e0fa023059c3ff01848e0130d80fb28002e0fa0238e20fda8202848e0130ea0fc98302e0fa0201e4880430e40f888902848e0120f78902e0fa0230399f8c02848e0138dc0f8e8d02e0fa0205848e0106e0fa0230d60fcd9202848e0130de0fbc9302e0fa0238e80fe49502e4880402848e0103e0fa0230ea0f929c02848e0130d00f819d02e4880438e20f98a002e0fa0206848e011061e0fa023071d7a502848e0130e40fc6a602e0fa0238ee0feea802848e0130d40fdda902e0fa0203848e0104e0fa0230f00f9caf02848e0130418bb002e0fa0220b3b202848e0138e80fa2b302e0fa0210d00f848e0101e0fa0230e20fe1b802848e0130ea0fd0b902e0fa0238d20ff8bb02848e013021e7bc02
102	565	1	2	\N	\\xe70102006888fcf1e80501d85e30d20fb801ac2f02d85e3011a702848e0130e20f9603848e0130ea0f8504d85e3021cf04ac2f30d00ff404d85e38ec0fbe05848e0130d20fad06848e01289c07d85e02ac2f30398b08d85e03848e0104848e0105d85e30e60ffd0aac2f06d85e30ee0fec0b848e013059db0c848e0130dc0fca0dd85e38d60f940eac2f30e40fb90ed85e3069830f848e0138e60ff20f848e0130ee0fe110d85e06ac2f38d40fd011d85e10f00f848e0101848e0102d85e30d80fc214ac2f03d85e30e00fb115848e0130e80fa016848e01208f17d85e30ea0fd917ac2f30d60ffe17d85e38d00fc818848e013039b719848e0138e00fa61ad85e03ac2f30e80f951bd85e04848e0105848e0106d85e3059871eac2f10d80fd85e30d20ff61e848e0120e51f848e0130e20fd420d85e38dc0f9e21ac2f3071c321d85e30e40f8d22848e0138ec0ffc22848e0120eb23d85e10ee0fac2f28da24d85e01848e0102848e0103d85e30de0fcc27ac2f04d85e20bb28848e0130ee0faa29848e0130d40f992ad85e3039e32aac2f30dc0f882bd85e38d60fd22b848e0130de0fc12c848e0138e60fb02dd85e04ac2f209f2ed85e05848e0106848e011061d85e30d00f9131ac2f01d85e30d80f8032848e013071ef32848e0130e80fde33d85e38e20fa834ac2f30f00fcd34d85e209735848e0138d00f8636848e0130d80ff536d85e01ac2f38e00fe437d85e02848e0103848e0104d85e30e40fd63aac2f05d85e30ec0fc53b848e0130d20fb43c848e013041a33dd85e30d40fed3dac2f30e20f923ed85e38dc0fdc3e848e0120cb3f848e0138ec0fba40d85e05ac2f30d20fa941d85e06
102	566	1	2	\N	\\xe701020065e8d09aea0510d40f848e0101d85e30719b44ac2f02d85e30de0f8a45848e0130e60ff945848e0130ee0fe846d85e38e80fb247ac2f3011d747d85e30f00fa148848e0138d60f9049848e013021ff49d85e02ac2f38e60fee4ad85e03848e0104848e0105d85e30ea0fe04dac2f06d85e3041cf4e848e0130d80fbe4f848e0130e00fad50d85e20f750ac2f30e80f9c51d85e38e20fe651848e0130ea0fd552848e0138d00fc453848e013069b354d85e10d20f848e0101848e0102d85e30dc0fa557ac2f03d85e30e40f9458848e0130118359848e0130d20ff259d85e38ee0fbc5aac2f20e15ad85e3021ab5b848e0138dc0f9a5c848e0130e40f895dd85e03ac2f38ec0ff85dd85e04848e0105848e0106d85e30f00fea60ac2f1049d85e30d60fd961848e0130de0fc862848e013059b763d85e30e00f8164ac2f30ee0fa664d85e38e80ff064848e013069df65848e0138d60fce66d85e10d00fac2f30de0fbd67d85e01848e0102848e0103d85e3011af6aac2f04d85e30ea0f9e6b848e0130d00f8d6c848e0130d80ffc6cd85e38d20fc66dac2f20eb6dd85e20b56e848e0138e20fa46fdcec0104ac2f38d00f8271d85e05848e0106848e0100d85e30d40ff473ac2f01d85e3059e374848e0130e40fd275848e0130ec0fc176d85e30698b77ac2f30d20fb077d85e38ee0ffa77848e0130d40fe978848e0138dc0fd879d85e01ac2f20c77ad85e02848e0103848e0104d85e30e80fb97dac2f05d85e30f00fa87e848e0120977f848e0130de0f868001d85e38d80fd08001ac2f30e60ff58001d85e3039bf8101848e0138e80fae8201848e0130f00f9d8301d85e05
102	567	1	2	\N	\\xe70102005d98e8c1eb0538d60f8c8401d85e06848e0110d80f848e0101848e0102d85e30e20fed8701848e0130ea0fdc8801848e013071cb8901d85e30ec0f958a01ac2f30d80fba8a01d85e38d20f848b01889c0238e20fe28c01d85e02ac2f30ea0fd18d01d85e03848e0104848e0105d85e20c39001848e0130d40fb29101848e0130dc0fa19201848e0130e40f909301d85e38de0fda9301ac2f3041ff9301d85e30e60fc99401848e0138ee0fb89501848e0120a79601d85e06ac2f38dc0f969701d85e10d60f848e0101848e0102d85e30e00f889a01ac2f03d85e3071f79a01848e0130f00fe69b01848e0130d60fd59c01848e0130de0fc49d01d85e38d80f8e9e01848e0130e00ffd9e01848e0138e80fec9f01d85e03ac2f3021dba001d85e04848e0105848e0106d85e30d20fcda301ac2f10e00fdcec013041aba501848e0130ea0f9aa601d85e38e40fe4a601ac2f30d00f89a701d85e20d3a701848e0138d20fc2a801dcec011061ac2f38e20fa0aa01d85e01848e0102848e0103d85e30e60f92ad01ac2f04d85e30ee0f81ae01848e0130d40ff0ae01848e013011dfaf01d85e30d60fa9b001ac2f30e40fceb001d85e38de0f98b101848e01302187b201848e0138ee0ff6b201d85e04ac2f30d40fe5b301d85e05848e0106848e0110de0fd85e3041d7b601848e0130e00fc6b701848e0130e80fb5b801848e0130f00fa4b901d85e38ea0feeb901ac2f305993ba01d85e30d00fddba01848e0138d80fccbb01848e013069bbbc01848e0138e80faabd01d85e02848e0103848e0104d85e30ec0f9cc001ac2f05d85e30118bc101889c0230e20fe9c201d85e3021b3c301ac2f30ea0fd8c301dcec0130ec0f91c501
102	141	1	1	5QEAANYBE0ANDw8PDKyolwEZARsZcQMDAwcDAwsH8AcAAAAAAQAAAAAAAAAAAAA=	\N
102	568	1	2	\N	\\xe701020061f8bceaec0538d20f80c601d85e05ac2f3039efc601d85e06848e0110dc0f848e0101d85e30de0fe1c901ac2f02d85e30e60fd0ca01848e013059bfcb01848e0130d40faecc01d85e38f00ff8cc01ac2f30dc0f9dcd01d85e3069e7cd01848e0138de0fd6ce01848e0130e60fc5cf01d85e02ac2f38ee0fb4d001d85e03848e0104848e0105d85e30d00fa6d301ac2f06d85e30d80f95d401848e0130e00f84d501848e0120f3d501d85e30e20fbdd601ac2f30f00fe2d601d85e38ea0facd701848e0130399bd801848e0138d80f8ad901d85e06ac2f30e00ff9d901d85e1049848e0101848e0102d85e3059ebdc01ac2f03d85e30ec0fdadd01848e0130d20fc9de01dcec0138d40f82e001848e0130dc0ff1e001848e0138e40fe0e101dcec0103ac2f38d20fbee301d85e04848e0105848e0106d85e30d60fb0e601ac2f10e40fd85e209fe701848e0130e60f8ee801848e0130ee0ffde801d85e3039c7e901ac2f30d40fece901d85e38f00fb6ea01848e0130d60fa5eb01848e0138de0f94ec01d85e10d80fac2f2083ed01d85e01848e0102848e0103d85e30ea0ff5ef01ac2f04d85e30d00fe4f001848e013071d3f101848e0130e00fc2f201848e0130e80fb1f301dcec0138ea0feaf401848e0130d00fd9f501d85e04ac2f38d80fc8f601d85e05889c0210e20fd85e30dc0fbaf901ac2f01d85e30e40fa9fa01848e0130ec0f98fb01848e01304187fc01d85e30ee0fd1fc01848e0138d40fc0fd01848e0120affe01848e0138e40f9eff01d85e01ac2f30ec0f8d8002d85e02848e0103848e0104d85e3071ff8202ac2f05d85e30d60fee8302848e0130de0fdd8402848e0130e60fcc8502d85e38e00f968602ac2f3011bb8602d85e30e80f858702
102	569	1	2	\N	\\xe701020051d89193ee0538f00ff48702848e013021e38802d85e05ac2f38de0fd28902d85e06848e011031848e0101d85e30e20fc48c02ac2f02d85e3041b38d02848e0130d00fa28e02848e0130d80f918f02d85e20db8f02ac2f30e00f809002dcec0130e20fb99102848e0138ea0fa89202d85e02ac2f3069979302d85e03848e0104848e0105d85e30d40f899602ac2f06d85e30dc0ff89602848e013011e79702848e0130ec0fd69802d85e38e60fa09902ac2f30d20fc59902d85e30218f9a02848e0138d40ffe9a02848e0130dc0fed9b02d85e06ac2f38e40fdc9c02d85e10de0f848e0101848e0102d85e30e80fce9f02ac2f03d85e30f00fbda002848e0130d60faca102848e0130599ba202d85e30d80fe5a202ac2f30e60f8aa302d85e38e00fd4a302848e013069c3a402848e0138f00fb2a502d85e03ac2f30d60fa1a602d85e04848e0105848e0106d85e301193a902ac2f10e80fd85e30e20f82aa02848e0130ea0ff1aa02848e0130d00fe0ab02d85e38ec0faaac02ac2f20cfac02d85e30d20f99ad02889c023039f7ae02d85e10dc0fac2f38ea0fe6af02d85e01848e0102848e0103d85e30ee0fd8b202848e013059c7b302889c0230e40fa5b502d85e3069efb502ac2f30ec0f94b602d85e38e60fdeb602848e0130ee0fcdb702848e0138d40fbcb802d85e04848e0105848e0106848e011019d85e30e00f9dbc02ac2f01d85e30e80f8cbd02848e0120fbbd02
102	142	1	1	5QEAAH0HJQkJCQgJ+MvnARoBHBpxAwcHAwMDBwMD8AcAAAAAAQAAAAAAAAAAAAA=	\N
103	565	1	2	\N	\\xe701020050d8bef0e80538de0f24ac2f30ec0f49b4cb0203ac2f30d40ff102d85e04ac2f38dc0fe003b4cb0220e305ac2f10e60fd85e30e00fd206ac2f01b4cb0238ea0ffa08ac2f30419f09d85e30d00fe909ac2f30de0f8e0ab4cb0200ac2f38e80fb60cd85e01ac2f30f00fa50db4cb0230ec0fa80fac2f04d85e30719710ac2f05b4cb0220bf12ac2f30ea0fe412d85e38e40fae13ac2f3011d313b4cb0204ac2f3021fb15d85e05ac2f38e20fea16b4cb0230de0fed18ac2f01d85e30e60fdc19ac2f02e0fa0230dc0fa91cd85e20f31cac2f30e40f981db4cb0201ac2f38ee0fc01fd85e02ac2f3069af20b4cb0230d00fb222ac2f05d85e30d80fa123ac2f06b4cb0230e20fc925ac2f30f00fee25d85e38ea0fb826ac2f30d60fdd26b4cb0205ac2f30e00f8529d85e06ac2f38e80ff429b4cb023041f72bac2f02d85e30ec0fe62cac2f03b4cb0238d40f8e2fac2f3059b32fd85e30dc0ffd2fac2f30ea0fa230b4cb0202ac2f38d20fca32d85e03ac2f20b933b4cb0230d60fbc35ac2f06d85e3011ab36ac2f10ec0fb4cb023021d338ac2f30d40ff838d85e38f00fc239ac2f20e739b4cb0206ac2f30398f3cd85e10e00fe0fa0230ea0f813fac2f03d85e30d00ff03fac2f04
103	566	1	2	\N	\\xe701020053b89399ea05289842ac2f30e80fbd42d85e30698743ac2f30f00fac43b4cb0203ac2f38d80fd445d85e04ac2f20c346b4cb0230dc0fc648ac2f1019d85e30e40fb549ac2f01b4cb0230ee0fdd4bac2f20824cd85e38d40fcc4cac2f30e20ff14cb4cb0210de0fac2f30ec0f994fd85e01ac2f38d20f8850b4cb0230598b52ac2f04d85e30d60ffa52ac2f05b4cb0238e00fa255ac2f3071c755d85e30e80f9156ac2f30d40fb656b4cb0204ac2f38de0fde58d85e05ac2f30e60fcd59b4cb0230e20fd05bac2f01d85e20bf5cac2f02b4cb023039e75eac2f30e00f8c5fd85e28d65fac2f3041fb5fb4cb0201ac2f20a362d85e02ac2f38d80f9263b4cb0230d40f9565ac2f05d85e30dc0f8466ac2f06b4cb0238e60fac68ac2f30d20fd168d85e209b69ac2f20c069b4cb0205ac2f38e40fe86bd85e06ac2f3021d76cb4cb0230e80fda6eac2f02d85e30f00fc96fac2f03b4cb0230d80ff171ac2f30e60f9672d85e38e00fe072ac2f30ee0f8573b4cb0202ac2f30d60fad75d85e03ac2f38de0f9c76b4cb0230719f78ac2f06d85e30e20f8e79ac2f00b4cb0238ec0fb67bac2f3011db7bd85e30d20fa57cac2f30e00fca7cb4cb0206ac2f38ea0ff27ed85e10e40fac2f30d00fe17fb4cb0230ee0fe48101848e013041d38201ac2f04
103	567	1	2	\N	\\xe70102004ea084c4eb0520fb8401ac2f30ec0fa08501d85e38e60fea8501ac2f30598f8601b4cb0203ac2f3069b78801d85e04ac2f38e40fa68901b4cb0230e00fa98b01ac2f10ee0f848e0101b4cb0238d00fc08e01ac2f30de0fe58e01d85e3021af8f01ac2f30e60fd48f01b4cb021031ac2f38f00ffc9101d85e01ac2f3039eb9201b4cb0230d20fee9401ac2f04848e0105b4cb0230e40f859801ac2f30d00faa9801d85e38ec0ff49801ac2f30d80f999901b4cb0204ac2f30e20fc19b01d85e05ac2f38ea0fb09c01b4cb023011b39e01ac2f01d85e30ee0fa29f01ac2f02b4cb0238d60fcaa101ac2f20efa101d85e30de0fb9a201ac2f30ec0fdea201b4cb0201ac2f38d40f86a501d85e02ac2f30dc0ff5a501b4cb0230d80ff8a701848e013059e7a801ac2f06b4cb0230698fab01ac2f30d60fb4ab01d85e38d00ffeab01ac2f3071a3ac01b8d90306ac2f38f00fbaaf01b4cb0230ec0fbdb101ac2f02d85e30d20facb201ac2f03b4cb0238dc0fd4b401ac2f30ea0ff9b401d85e3039c3b501ac2f30d00fe8b501b4cb0202848e0103ac2f20ffb801b4cb0230de0f82bb01ac2f06d85e30e60ff1bb01ac2f10d20fb4cb0230f00f99be01ac2f30dc0fbebe01d85e38d60f88bf01ac2f30e40fadbf01b4cb0206ac2f30ee0fd5c101d85e1019ac2f38d40fc4c201b4cb0220c7c401ac2f03d85e30d80fb6c501ac2f04
103	141	1	1	5QEAAKwBEzEMDAsMDLnJehkBGxlxAwcLAwMHAwPwBwAAAAABAAAAAAAAAAAAAA==	\N
103	568	1	2	\N	\\xe70102004d88f5eeec0538e20fdec701ac2f304183c801d85e30ea0fcdc801ac2f30d60ff2c801b4cb0203ac2f38e00f9acb01848e0130e80f89cc01b4cb0230e40f8cce01ac2f10d00fd85e3071fbce01ac2f01e0fa0230e20fc8d101d85e38dc0f92d201ac2f3011b7d201b4cb0210e60fac2f3021dfd401d85e01e0fa0230d60fd1d701ac2f04d85e30de0fc0d801ac2f05b4cb0238e80fe8da01ac2f30d40f8ddb01d85e20d7db01ac2f30dc0ffcdb01b4cb0204ac2f38e60fa4de01d85e05ac2f306993df01b4cb0230ea0f96e101ac2f01d85e30d00f85e201ac2f02e0fa0230e80fd2e401d85e38e20f9ce501ac2f30f00fc1e501b4cb0201ac2f30d80fe9e701d85e02ac2f38e00fd8e801b4cb023041dbea01ac2f05d85e30e40fcaeb01ac2f06b4cb0238ee0ff2ed01ac2f305997ee01d85e30d40fe1ee01ac2f30e20f86ef01b4cb0205ac2f38ec0faef101d85e06ac2f30d20f9df201b4cb0230f00fa0f401ac2f02d85e30118ff501ac2f03b4cb023021b7f701ac2f30ee0fdcf701d85e38e80fa6f801ac2f20cbf801b4cb0202ac2f3039f3fa01d85e03ac2f38e60fe2fb01b4cb0230e20fe5fd01ac2f06d85e30ea0fd4fe01ac2f10d60fb4cb0238d20ffc8002ac2f30e00fa18102d85e3069eb8102ac2f30e80f908202b4cb0206ac2f38d00fb88402d85e10ec0fe0fa0230d40faa8702ac2f03
103	569	1	2	\N	\\xe70102003db0f093ee0530dc0f998802ac2f04b4cb0230e60fc18a02ac2f30d20fe68a02d85e38ee0fb08b02e0fa0203ac2f30e40ffd8d02d85e04ac2f38ec0fec8e02b4cb023059ef9002ac2f10d40fd85e30f00fde9102ac2f01b4cb0238d80f869402ac2f3071ab9402d85e30e00ff59402ac2f30ee0f9a9502b4cb0210ea0fac2f38d60fc29702d85e018caa0304d85e20a39b02ac2f05b4cb023039cb9d02ac2f30d80ff09d02d85e38d20fba9e02ac2f3041df9e02b4cb0204ac2f2087a102d85e05ac2f38d00ff6a102b4cb0230ee0ff9a302848e0130d40fe8a402ac2f02b4cb0238de0f90a702ac2f30ec0fb5a702848e0130d20fa4a802b4cb0201ac2f38dc0fccaa02d85e02ac2f3021bbab02b4cb0230e00fbead02ac2f05d85e30e80fadae02ac2f06b4cb0230d00fd5b002848e0138d80fc4b102ac2f30e60fe9b102b4cb0205ac2f30f00f91b402d85e06ac2f38d60f80b502b4cb02307183b702ac2f02848e0103b4cb0238e40f9aba02ac2f3011bfba02d85e30ec0f89bb02ac2f30d80faebb02b4cb0202ac2f38e20fd6bd02
103	142	1	1	5QEAAGEEIQcIBgYGn/m2ARcBGRdxAwcLAwsH8AcAAAAAAQAAAAAAAAAAAAA=	\N
0	2260	0	3	\N	\\xe701020039d8bef0e80538de0f24ac2f30ec0f49ac2f01ac2f209301ac2f30d20fb801ac2f02ac2f38ee0f8202ac2f3011a702ac2f03ac2f30d40ff102ac2f30e20f9603ac2f04ac2f38dc0fe003ac2f30ea0f8504ac2f05ac2f3021cf04ac2f30d00ff404ac2f06ac2f38ec0fbe05ac2f20e305ac2f10e60fac2f30d20fad06ac2f30e00fd206ac2f01ac2f289c07ac2f30e80fc107ac2f02ac2f30398b08ac2f30f00fb008ac2f03ac2f38ea0ffa08ac2f30419f09ac2f04ac2f30d00fe909ac2f30de0f8e0aac2f05ac2f38d80fd80aac2f30e60ffd0aac2f06ac2f20c70bac2f30ee0fec0bac2f00ac2f38e80fb60cac2f3059db0cac2f01ac2f30f00fa50dac2f30dc0fca0dac2f02ac2f38d60f940eac2f30e40fb90eac2f03ac2f3069830fac2f30ec0fa80fac2f04ac2f38e60ff20fac2f30719710ac2f05
0	2261	0	3	\N	\\xe701020038f0d39ae90530ee0fe110ac2f208611ac2f06ac2f38d40fd011ac2f30e20ff511ac2f10f00fac2f20bf12ac2f30ea0fe412ac2f01ac2f38e40fae13ac2f3011d313ac2f02ac2f30ec0f9d14ac2f30d80fc214ac2f03ac2f38d20f8c15ac2f30e00fb115ac2f04ac2f3021fb15ac2f30e80fa016ac2f05ac2f38e20fea16ac2f208f17ac2f06ac2f30ea0fd917ac2f30d60ffe17ac2f1031ac2f38d00fc818ac2f30de0fed18ac2f01ac2f3039b719ac2f30e60fdc19ac2f02ac2f38e00fa61aac2f3041cb1aac2f03ac2f30e80f951bac2f30d40fba1bac2f04d85e30dc0fa91cac2f05ac2f20f31cac2f30e40f981dac2f06ac2f38de0fe21dac2f3059871eac2f10d80fac2f30e60fd11eac2f30d20ff61eac2f01ac2f38ee0fc01fac2f20e51fac2f02ac2f3069af20ac2f30e20fd420ac2f03
0	9048	0	4	\N	\\xe70102000e88e9c4e90538dc0f9e21ac2f3071c321ac2f04ac2f30e40f8d22ac2f30d00fb222ac2f05ac2f38ec0ffc22ac2f30d80fa123ac2f06ac2f20eb23ac2f30e00f9024ac2f10ee0fac2f28da24ac2f3011ff24
0	9051	0	4	\N	\\xe70102000ff8f1e3e90538e60fb02dac2f30d20fd52dac2f04ac2f209f2eac2f20c42eac2f05ac2f38d40f8e2fac2f3059b32fac2f06ac2f30dc0ffd2fac2f30ea0fa230ac2f1061ac2f38e40fec30ac2f30d00f9131ac2f01
0	2262	0	3	5QEAAPEBBQ0DAgIDA6e6Dd8BASDfAQEYx//P/9P/3//j/+//9/8ACugDBADuAwoAiRPHAA==	\N
0	2263	0	3	\N	\\xe701020038a0feeee9053069db31ac2f30d80f8032ac2f02ac2f38d20fca32ac2f3071ef32ac2f03ac2f20b933ac2f30e80fde33ac2f04ac2f38e20fa834ac2f30f00fcd34ac2f05ac2f209735ac2f30d60fbc35ac2f06ac2f38d00f8636ac2f3011ab36ac2f10ec0fac2f30d80ff536ac2f30e60f9a37ac2f01ac2f38e00fe437d85e02ac2f3021d338ac2f30d40ff838ac2f03ac2f38f00fc239ac2f20e739ac2f04ac2f30d60fb13aac2f30e40fd63aac2f05ac2f38de0fa03bac2f30ec0fc53bac2f06ac2f30398f3cac2f30d20fb43cac2f10e00fac2f38ee0ffe3cac2f3041a33dac2f01ac2f30d40fed3dac2f30e20f923eac2f02ac2f38dc0fdc3eac2f30ea0f813fac2f03ac2f20cb3fac2f30d00ff03fac2f04ac2f38ec0fba40ac2f3059df40ac2f05ac2f30d20fa941ac2f30e00fce41ac2f06
0	565	0	2	5QEAAOgCEzALCwsLC+XZJ+EBASThAQEgx//L/8//0//f/+P/5//v//f/AAroAwQA7gMKAIkTxwA=	\N
0	2265	0	3	\N	\\xe701020038d0a8c3ea0530ea0fd552ac2f30d60ffa52ac2f05ac2f38d00fc453ac2f30de0fe953d85e3069b354ac2f30e60fd854ac2f10d20fac2f38e00fa255ac2f3071c755ac2f01ac2f30e80f9156ac2f30d40fb656ac2f02ac2f38f00f8057ac2f30dc0fa557ac2f03ac2f20ef57ac2f30e40f9458ac2f04ac2f38de0fde58ac2f30118359ac2f05ac2f30e60fcd59ac2f30d20ff259ac2f06ac2f38ee0fbc5aac2f20e15aac2f10e80fac2f3021ab5bac2f30e20fd05bac2f01ac2f38dc0f9a5cac2f20bf5cac2f02ac2f30e40f895dac2f30d00fae5dac2f03ac2f38ec0ff85dac2f30d80f9d5eac2f04ac2f3039e75eac2f30e00f8c5fac2f05ac2f28d65fac2f3041fb5fac2f06ac2f30e20fc560ac2f30f00fea60ac2f1049ac2f38ea0fb461ac2f30d60fd961ac2f01ac2f20a362ac2f30de0fc862ac2f02
0	2266	0	3	\N	\\xe701020038e8bdedea0538d80f9263ac2f3059b763ac2f03ac2f30e00f8164ac2f30ee0fa664ac2f04ac2f38e80ff064ac2f30d40f9565ac2f05ac2f3069df65ac2f30dc0f8466ac2f06ac2f38d60fce66ac2f3071f366ac2f10d00fac2f30de0fbd67ac2f30ec0fe267ac2f01ac2f38e60fac68ac2f30d20fd168ac2f02ac2f209b69ac2f20c069ac2f03ac2f38d40f8a6aac2f3011af6aac2f04ac2f30dc0ff96aac2f30ea0f9e6bac2f05ac2f38e40fe86bac2f30d00f8d6cac2f06ac2f3021d76cac2f30d80ffc6cac2f10e60fac2f38d20fc66dac2f20eb6dac2f01ac2f20b56eac2f30e80fda6eac2f02ac2f38e20fa46fac2f30f00fc96fac2f03d85e30d60fb870ac2f04ac2f38d00f8271ac2f3041a771ac2f05ac2f30d80ff171ac2f30e60f9672ac2f06ac2f38e00fe072ac2f30ee0f8573ac2f00
0	2267	0	3	\N	\\xe70102003880d397eb0520cf73ac2f30d40ff473ac2f01ac2f38f00fbe74ac2f3059e374ac2f02ac2f30d60fad75ac2f30e40fd275ac2f03ac2f38de0f9c76ac2f30ec0fc176ac2f04ac2f30698b77ac2f30d20fb077ac2f05ac2f38ee0ffa77ac2f30719f78ac2f06ac2f30d40fe978ac2f30e20f8e79ac2f00ac2f38dc0fd879ac2f30ea0ffd79ac2f01ac2f20c77aac2f30d00fec7aac2f02ac2f38ec0fb67bac2f3011db7bac2f03ac2f30d20fa57cac2f30e00fca7cac2f04ac2f28947dac2f30e80fb97dac2f05ac2f3021837eac2f30f00fa87eac2f06ac2f38ea0ff27eac2f20977fac2f10e40fac2f30d00fe17fac2f30de0f868001ac2f01ac2f38d80fd08001ac2f30e60ff58001ac2f02ac2f3039bf8101ac2f30ee0fe48101d85e38e80fae8201ac2f3041d38201ac2f04ac2f30f00f9d8301ac2f30dc0fc28301ac2f05
0	566	0	2	5QEAAKIBFDELCwoLCbzCdBkBGxlxAwcHAwMLAwPwBwAAAAABAAAAAAAAAAAAAA==	\N
0	2268	0	3	\N	\\xe70102003598e8c1eb0538d60f8c8401ac2f30e40fb18401ac2f06ac2f20fb8401ac2f30ec0fa08501ac2f10d80fac2f38e60fea8501ac2f30598f8601ac2f01ac2f30ee0fd98601d85e02ac2f38d40fc88701ac2f30e20fed8701ac2f03ac2f3069b78801ac2f30ea0fdc8801ac2f04ac2f38e40fa68901ac2f3071cb8901ac2f05ac2f30ec0f958a01ac2f30d80fba8a01ac2f06ac2f38d20f848b01ac2f30e00fa98b01ac2f10ee0f848e0101ac2f38e20fe28c01ac2f3011878d01ac2f02ac2f30ea0fd18d01ac2f30d60ff68d01ac2f03ac2f38d00fc08e01ac2f30de0fe58e01ac2f04ac2f3021af8f01ac2f30e60fd48f01ac2f05ac2f38e00f9e9001ac2f20c39001d85e30e80f8d9101ac2f30d40fb29101ac2f1031ac2f38f00ffc9101ac2f30dc0fa19201ac2f01ac2f3039eb9201ac2f30e40f909301ac2f02ac2f38de0fda9301ac2f3041ff9301ac2f03
0	2269	0	3	\N	\\xe701020035b0fdebeb0530e60fc99401ac2f30d20fee9401ac2f04ac2f38ee0fb89501d85e05ac2f20a79601ac2f30e20fcc9601ac2f06ac2f38dc0f969701ac2f3059bb9701ac2f10d60fac2f30e40f859801ac2f30d00faa9801ac2f01ac2f38ec0ff49801ac2f30d80f999901ac2f02ac2f3069e39901ac2f30e00f889a01ac2f03d85e3071f79a01ac2f04ac2f30e20fc19b01ac2f30f00fe69b01ac2f05ac2f38ea0fb09c01ac2f30d60fd59c01ac2f06d85e30de0fc49d01ac2f10ec0fac2f38d80f8e9e01ac2f3011b39e01ac2f01ac2f30e00ffd9e01ac2f30ee0fa29f01ac2f02ac2f38e80fec9f01ac2f30d40f91a001ac2f03ac2f3021dba001ac2f30dc0f80a101ac2f04ac2f38d60fcaa101ac2f20efa101ac2f05ac2f30de0fb9a201ac2f30ec0fdea201ac2f06ac2f38e60fa8a301ac2f30d20fcda301ac2f10e00fac2f303997a401d85e01
0	2270	0	3	\N	\\xe701020035c89296ec0538d40f86a501ac2f3041aba501ac2f02ac2f30dc0ff5a501ac2f30ea0f9aa601ac2f03ac2f38e40fe4a601ac2f30d00f89a701ac2f04ac2f20d3a701ac2f30d80ff8a701d85e38d20fc2a801ac2f3059e7a801ac2f06d85e30e80fd6a901ac2f1061ac2f38e20fa0aa01ac2f30f00fc5aa01ac2f01ac2f30698fab01ac2f30d60fb4ab01ac2f02ac2f38d00ffeab01ac2f3071a3ac01ac2f03ac2f30d80fedac01ac2f30e60f92ad01ac2f04ac2f38e00fdcad01ac2f30ee0f81ae01848e0130d40ff0ae01ac2f06ac2f38f00fbaaf01ac2f3011dfaf01ac2f10ea0fac2f30d60fa9b001ac2f30e40fceb001ac2f01ac2f38de0f98b101ac2f30ec0fbdb101ac2f02ac2f302187b201ac2f30d20facb201ac2f03ac2f38ee0ff6b201ac2f209bb301ac2f04ac2f30d40fe5b301ac2f30e20f8ab401ac2f05ac2f38dc0fd4b401ac2f30ea0ff9b401ac2f06
0	2271	0	3	\N	\\xe701020034e0a7c0ec053039c3b501ac2f30d00fe8b501ac2f10de0fac2f38ec0fb2b601ac2f3041d7b601ac2f01ac2f30d20fa1b701ac2f30e00fc6b701ac2f02d85e30e80fb5b801ac2f03ac2f20ffb801ac2f30f00fa4b901ac2f04ac2f38ea0feeb901ac2f305993ba01ac2f05ac2f30d00fddba01ac2f30de0f82bb01ac2f06ac2f38d80fccbb01ac2f30e60ff1bb01ac2f10d20fac2f3069bbbc01ac2f30ee0fe0bc01d85e38e80faabd01ac2f3071cfbd01ac2f02ac2f30f00f99be01ac2f30dc0fbebe01ac2f03ac2f38d60f88bf01ac2f30e40fadbf01ac2f04d85e30ec0f9cc001ac2f05ac2f38e60fe6c001ac2f30118bc101ac2f06ac2f30ee0fd5c101d85e1019ac2f38d40fc4c201ac2f30e20fe9c201ac2f01ac2f3021b3c301ac2f30ea0fd8c301ac2f02d85e20c7c401ac2f03ac2f30ec0f91c501ac2f30d80fb6c501ac2f04
0	567	0	2	5QEAAJYBCCsKCwsLCvHssgEaARwacQMDAwsDAwcDA/AHAAAAAAEAAAAAAAAAAAAA	\N
0	141	0	1	5QEAAKAFL4wBICEgIR6Sic8C4wEBKOMBASjH/8v/z//T/9v/3//j/+f/7//z//f/AAroAwQA7gMKAIkTxwA=	\N
0	2272	0	3	\N	\\xe701020035f8bceaec0538d20f80c601ac2f30e00fa5c601ac2f05ac2f3039efc601ac2f30e80f94c701ac2f06ac2f38e20fdec701ac2f304183c801ac2f10dc0fac2f30ea0fcdc801ac2f30d60ff2c801ac2f01ac2f38d00fbcc901ac2f30de0fe1c901ac2f02ac2f20abca01ac2f30e60fd0ca01ac2f03ac2f38e00f9acb01ac2f3059bfcb01d85e30e80f89cc01ac2f30d40faecc01ac2f05ac2f38f00ff8cc01ac2f30dc0f9dcd01ac2f06ac2f3069e7cd01ac2f30e40f8cce01ac2f10d00fac2f38de0fd6ce01ac2f3071fbce01ac2f01ac2f30e60fc5cf01ac2f30d20feacf01ac2f02ac2f38ee0fb4d001d85e03d85e30e20fc8d101ac2f04ac2f38dc0f92d201ac2f3011b7d201ac2f05ac2f30e40f81d301ac2f30d00fa6d301ac2f06ac2f38ec0ff0d301ac2f30d80f95d401ac2f10e60fac2f3021dfd401ac2f30e00f84d501ac2f01d85e20f3d501ac2f02
0	2273	0	3	\N	\\xe70102003590d294ed0530e20fbdd601ac2f30f00fe2d601ac2f03ac2f38ea0facd701ac2f30d60fd1d701ac2f04ac2f30399bd801ac2f30de0fc0d801ac2f05ac2f38d80f8ad901ac2f3041afd901ac2f06ac2f30e00ff9d901ac2f30ee0f9eda01ac2f1049ac2f38e80fe8da01ac2f30d40f8ddb01ac2f01ac2f20d7db01ac2f30dc0ffcdb01ac2f02ac2f38d60fc6dc01ac2f3059ebdc01ac2f03ac2f30de0fb5dd01ac2f30ec0fdadd01ac2f04ac2f38e60fa4de01ac2f30d20fc9de01ac2f05ac2f306993df01d85e06ac2f38d40f82e001d85e10f00fac2f30dc0ff1e001ac2f30ea0f96e101ac2f01ac2f38e40fe0e101ac2f30d00f85e201ac2f02d85e30d80ff4e201ac2f03ac2f38d20fbee301ac2f3011e3e301ac2f04d85e30e80fd2e401ac2f05ac2f38e20f9ce501ac2f30f00fc1e501ac2f06ac2f30218be601ac2f30d60fb0e601ac2f10e40f
0	2274	0	3	\N	\\xe701020036a8e7beed0538d00ffae601ac2f209fe701ac2f01ac2f30d80fe9e701ac2f30e60f8ee801ac2f02ac2f38e00fd8e801ac2f30ee0ffde801d85e3039c7e901ac2f30d40fece901ac2f04ac2f38f00fb6ea01ac2f3041dbea01ac2f05ac2f30d60fa5eb01ac2f30e40fcaeb01ac2f06ac2f38de0f94ec01ac2f30ec0fb9ec01ac2f10d80fac2f2083ed01ac2f30d20fa8ed01ac2f01ac2f38ee0ff2ed01ac2f305997ee01ac2f02ac2f30d40fe1ee01ac2f30e20f86ef01ac2f03ac2f38dc0fd0ef01ac2f30ea0ff5ef01ac2f04ac2f3069bff001ac2f30d00fe4f001ac2f05ac2f38ec0faef101ac2f3071d3f101ac2f06ac2f30d20f9df201ac2f30e00fc2f201ac2f00d85e30e80fb1f301ac2f01d85e30f00fa0f401ac2f02ac2f38ea0feaf401ac2f30118ff501ac2f03ac2f30d00fd9f501ac2f30de0ffef501ac2f04ac2f38d80fc8f601ac2f30e60fedf601ac2f05
0	2275	0	3	\N	\\xe701020034c0fce8ed053021b7f701ac2f30ee0fdcf701d85e38e80fa6f801ac2f20cbf801ac2f10e20fac2f30f00f95f901ac2f30dc0fbaf901ac2f01ac2f38d60f84fa01ac2f30e40fa9fa01ac2f02ac2f3039f3fa01ac2f30ec0f98fb01ac2f03ac2f38e60fe2fb01ac2f304187fc01d85e30ee0fd1fc01d85e05ac2f38d40fc0fd01ac2f30e20fe5fd01ac2f06ac2f20affe01ac2f30ea0fd4fe01ac2f10d60fac2f38e40f9eff01ac2f3059c3ff01ac2f01ac2f30ec0f8d8002ac2f30d80fb28002ac2f02ac2f38d20ffc8002ac2f30e00fa18102ac2f03ac2f3069eb8102ac2f30e80f908202ac2f04ac2f38e20fda8202ac2f3071ff8202ac2f05ac2f30ea0fc98302ac2f30d60fee8302ac2f06ac2f38d00fb88402ac2f30de0fdd8402ac2f10ec0fd85e30e60fcc8502ac2f01ac2f38e00f968602ac2f3011bb8602d85e30e80f858702ac2f30d40faa8702ac2f03
0	568	0	2	5QEAAJgBCC8LCgoICryO/gEYARoYcQMHBwMDCwfwBwAAAAABAAAAAAAAAAAAAA==	\N
0	2276	0	3	\N	\\xe701020036d89193ee0538f00ff48702ac2f30dc0f998802ac2f04ac2f3021e38802ac2f30e40f888902ac2f05ac2f38de0fd28902ac2f20f78902ac2f06ac2f30e60fc18a02ac2f30d20fe68a02ac2f1031ac2f38ee0fb08b02d85e01ac2f30399f8c02ac2f30e20fc48c02ac2f02ac2f38dc0f8e8d02ac2f3041b38d02ac2f03ac2f30e40ffd8d02ac2f30d00fa28e02ac2f04ac2f38ec0fec8e02ac2f30d80f918f02ac2f05ac2f20db8f02ac2f30e00f809002ac2f06d85e3059ef9002ac2f10d40fac2f30e20fb99102ac2f30f00fde9102ac2f01ac2f38ea0fa89202ac2f30d60fcd9202ac2f02ac2f3069979302ac2f30de0fbc9302ac2f03ac2f38d80f869402ac2f3071ab9402ac2f04ac2f30e00ff59402ac2f30ee0f9a9502ac2f05ac2f38e80fe49502ac2f30d40f899602ac2f06d85e30dc0ff89602ac2f10ea0fac2f38d60fc29702ac2f3011e79702ac2f01
0	2277	0	3	\N	\\xe701020034c885beee0530ec0fd69802ac2f02ac2f38e60fa09902ac2f30d20fc59902ac2f03ac2f30218f9a02d85e04ac2f38d40ffe9a02ac2f20a39b02ac2f05ac2f30dc0fed9b02ac2f30ea0f929c02ac2f06ac2f38e40fdc9c02ac2f30d00f819d02ac2f10de0fac2f3039cb9d02ac2f30d80ff09d02ac2f01ac2f38d20fba9e02ac2f3041df9e02ac2f02d85e30e80fce9f02ac2f03ac2f38e20f98a002ac2f30f00fbda002ac2f04ac2f2087a102ac2f30d60faca102ac2f05ac2f38d00ff6a102ac2f30599ba202ac2f06ac2f30d80fe5a202ac2f30e60f8aa302ac2f1061ac2f38e00fd4a302ac2f30ee0ff9a302d85e3069c3a402ac2f30d40fe8a402ac2f02ac2f38f00fb2a502ac2f3071d7a502ac2f03ac2f30d60fa1a602ac2f30e40fc6a602ac2f04ac2f38de0f90a702ac2f30ec0fb5a702ac2f05d85e30d20fa4a802ac2f06
0	2278	0	3	\N	\\xe70102003588bce7ee0538ee0feea802ac2f301193a902ac2f10e80fac2f30d40fdda902ac2f30e20f82aa02ac2f01ac2f38dc0fccaa02ac2f30ea0ff1aa02ac2f02ac2f3021bbab02ac2f30d00fe0ab02ac2f03ac2f38ec0faaac02ac2f20cfac02ac2f04ac2f30d20f99ad02ac2f30e00fbead02ac2f05d85e30e80fadae02ac2f06ac2f3039f7ae02ac2f30f00f9caf02ac2f10dc0fac2f38ea0fe6af02ac2f30418bb002ac2f01ac2f30d00fd5b002ac2f30de0ffab002ac2f02ac2f38d80fc4b102ac2f30e60fe9b102ac2f03ac2f20b3b202ac2f30ee0fd8b202d85e38e80fa2b302ac2f3059c7b302ac2f05ac2f30f00f91b402d85e06ac2f38d60f80b502ac2f30e40fa5b502ac2f10d00fac2f3069efb502ac2f30ec0f94b602ac2f01ac2f38e60fdeb602ac2f307183b702ac2f02ac2f30ee0fcdb702d85e03ac2f38d40fbcb802ac2f30e20fe1b802ac2f04
0	2279	0	3	\N	\\xe701020010f8af92ef0530ea0fd0b902ac2f05ac2f38e40f9aba02ac2f3011bfba02ac2f06ac2f30ec0f89bb02ac2f30d80faebb02ac2f1019ac2f38d20ff8bb02ac2f30e00f9dbc02ac2f01ac2f3021e7bc02ac2f30e80f8cbd02ac2f02ac2f38e20fd6bd02ac2f20fbbd02
0	569	0	2	5QEAAHwHJwgJCAgJ6rGFAhoBHBpxAwMDCwMDBwMD8AcAAAAAAQAAAAAAAAAAAAA=	\N
0	142	0	1	5QEAAJQCD1YTExIQE6bAgwQbAR0bcQMDAwcDAwMHAwPwBwAAAAABAAAAAAAAAAAAAA==	\N
\.

COPY explore_analytics.rollup_deltas (id, epoch, first_at, last_at, scope, event_count, events) FROM stdin;
1	4	2024-12-22 12:00:00+00	2025-05-13 00:00:00+00	2	9	\\xe70102000980efd5ef0521df5dc0970d23bfbb01c0970d258727c0970d28e78401c0970d28c7e201c0970d218f4ec0970d23efab01c0970d25b71780f48d0530e80f63
2	4	2024-12-21 01:00:00+00	2025-05-14 00:00:00+00	2	9	\\xe701020009a0bec6ef0530da0f8727c0970d21e78401c0970d23c7e201c0970d258f4ec0970d30d40fefab01c0970d30ec0fb71780af1a23f7d201b0cbdb0430d20f6380a43f30ea0f63
3	4	2024-10-05 00:00:00+00	2025-05-15 00:00:00+00	2	11	\\xe70102000b80f899e90530d60fbb05a0e29b0338e40f8f4ec0970d21efab01c0970d23b717c0970d259775c0970d38de0ff7d201c0970d38d40fbf3ec0970d219f9c01c0970d23e707a0afdb0430d40f6380a43f30ec0f63
4	4	2024-12-20 15:00:00+00	2025-05-16 00:00:00+00	2	11	\\xe70102000be08bc2ef0530d60fb717c0970d30ee0f9775c0970d21f7d201c0970d23bf3ec0970d259f9c01c0970d30e80fe707c0970d30de0fc765c0970d21a7c301c0970d23ef2e9093db0430d60f6380a43f30ee0f63
5	4	2024-12-21 16:00:00+00	2025-05-17 00:00:00+00	2	9	\\xe701020009808acdef053811bf3ec0970d38d20f9f9c01c0970d21e70780af1a25a7c301c0970d3811ef2ec0970d38d20fcf8c01c0970d21afea01c08ee80430d80f6380a43f30f00f63
6	4	2024-12-20 05:00:00+00	2025-05-18 00:00:00+00	2	11	\\xe70102000ba0d9bdef0525e707c0970d30ea0fc765c0970d30e00fa7c301c0970d21ef2ec0970d23cf8c01c0970d25afea01c0970d30da0ff755c0970d30d00fd7b301c0970d219f1fb0f2e70430da0f6380a43f30f20f63
10	4	2024-12-21 21:00:00+00	2025-05-10 00:00:00+00	2	9	\\xe701020009a0a3cfef0523a746c0970d2587a401c0970d30f00fcf0fc0970d30e60faf6dc0970d218fcb01c0970d23d736c0970d25b79401c0970d10e00ff0b0810530e20f63
101	4	2024-10-05 00:00:00+00	2025-05-21 00:00:00+00	1	39	\\xe70102002780f899e90530d60fbb05d0f0910325e707e0cb0621d736f0a50338e40f8f4ef0a50330ea0fc765f0a50325ff7cf0a50323b79401f0a50321efab01f0a50330e00fa7c301f0a5033811dfda01f0a50305f0a50323b717f0a50321ef2ef0a50338d20fa746f0a50330e20fdf5df0a503259775f0a50323cf8c01f0a5032187a401f0a50330d80fbfbb01f0a50338de0ff7d201f0a50325afea01e0cb06218727f0a50338d40fbf3ef0a50330da0ff755e0cb0623e78401f0a503219f9c01f0a50330d00fd7b301f0a50338118fcb01f0a50325c7e201f0a50323e707f0a503219f1ff0a50338d20fd736c0e3d40430d40f6380e90f30da0f6380e90f30e00f6380e90f30e60f6380e90f30ec0f6380e90f30f20f6380e90f30f80f63
102	4	2024-12-20 15:00:00+00	2025-05-19 00:00:00+00	1	39	\\xe701020027e08bc2ef0530d60fb717f0a50325ef2ef0a50323a746f0a50321df5df0a50330ee0f9775f0a50338d20fcf8c01f0a5032587a401f0a50323bfbb01f0a50321f7d201f0a50338ea0fafea01f0a50330f00fcf0ff0a503258727f0a50323bf3ef0a50321f755f0a50330e60faf6df0a50328e78401f0a503259f9c01f0a50323d7b301f0a503218fcb01f0a50328c7e201f0a50330e80fe707f0a503259f1ff0a50323d736f0a503218f4ef0a50330de0fc765f0a50338e40fff7cf0a50325b79401f0a50323efab01f0a50321a7c301f0a50338da0fdfda01f0a50310e00ff0a50325b717f0a50323ef2e9093db0430d60f6380e90f30dc0f6380e90f30e20f6380e90f30e80f6380e90f30ee0f6380e90f30f40f63
103	4	2024-12-20 10:00:00+00	2025-05-20 00:00:00+00	1	38	\\xe701020026c0f2bfef0521cf0ff0a50330da0f8727f0a5033811bf3ef0a50325f755f0a50323af6df0a50321e78401f0a50338d20f9f9c01f0a50330dc0fd7b301f0a503258fcb01f0a50323c7e201f0a50321e707f0a50330d20f9f1ff0a50338d80fd736f0a503258f4ee0cb0621ff7cf0a50338f00fb79401f0a50330d40fefab01f0a50325a7c301f0a50323dfda01f0a50301f0a50330ec0fb717f0a5033811ef2ef0a50325a746f0a50323df5de0cb0638d20fcf8c01f0a50330ee0f87a401f0a50325bfbb01f0a50323f7d201f0a50321afea01f0a50330e40fcf0ff0a50338ea0f8727e0d9d10430d20f6380e90f30d80f6380e90f30de0f6380e90f30e40f6380e90f30ea0f6380e90f30f00f6380e90f30f60f63
0	4	2024-10-05 00:00:00+00	2025-05-21 00:00:00+00	0	116	\\xe70102007480f899e90530d60fbb05d0f0910325e707d08c0121cf0fd08c0130d60fb717a0990230da0f8727d08c0125ef2ed08c0121d736d08c013811bf3ed08c0123a746d08c0138e40f8f4ed08c0125f755d08c0121df5dd08c0130ea0fc765d08c0123af6dd08c0130ee0f9775d08c0125ff7cd08c0121e78401d08c0138d20fcf8c01d08c0123b79401d08c0138d20f9f9c01d08c012587a401d08c0121efab01d08c0130dc0fd7b301d08c0123bfbb01d08c0130e00fa7c301d08c01258fcb01d08c0121f7d201d08c013811dfda01d08c0123c7e201d08c0138ea0fafea01d08c0105d08c0121e707d08c0130f00fcf0fd08c0123b717d08c0130d20f9f1fd08c01258727d08c0121ef2ed08c0138d80fd736d08c0123bf3ed08c0138d20fa746d08c01258f4ed08c0121f755d08c0130e20fdf5da0990230e60faf6dd08c01259775d08c0121ff7cd08c0128e78401d08c0123cf8c01d08c0138f00fb79401d08c01259f9c01d08c012187a401d08c0130d40fefab01d08c0123d7b301d08c0130d80fbfbb01d08c0125a7c301d08c01218fcb01d08c0138de0ff7d201d08c0123dfda01d08c0128c7e201d08c0125afea01d08c0101d08c0130e80fe707a0990230ec0fb717d08c01259f1fd08c01218727d08c013811ef2ed08c0123d736d08c0138d40fbf3ed08c0125a746d08c01218f4ed08c0130da0ff755d08c0123df5dd08c0130de0fc765f0a50338e40fff7cd08c0123e78401d08c0138d20fcf8c01d08c0125b79401d08c01219f9c01d08c0130ee0f87a401d08c0123efab01d08c0130d00fd7b301d08c0125bfbb01d08c0121a7c301d08c0138118fcb01d08c0123f7d201d08c0138da0fdfda01d08c0125c7e201d08c0121afea01d08c0110e00fd08c0123e707d08c0130e40fcf0fd08c0125b717d08c01219f1fd08c0138ea0f8727d08c0123ef2ed08c0138d20fd736c0c0cf0430d20f6380a30530d40f6380a30530d60f6380a30530d80f6380a30530da0f6380a30530dc0f6380a30530de0f6380a30530e00f6380a30530e20f6380a30530e40f6380a30530e60f6380a30530e80f6380a30530ea0f6380a30530ec0f6380a30530ee0f6380a30530f00f6380a30530f20f6380a30530f40f6380a30530f60f6380a30530f80f63
5	5	2025-01-05 10:00:00+00	2025-01-05 10:00:00+00	2	1	\\xe701020001c0d2e8f00501
6	5	2025-01-05 10:01:00+00	2025-01-05 10:01:00+00	2	1	\\xe701020001b8d3e8f00505
101	5	2025-01-05 10:01:00+00	2025-01-05 10:01:00+00	1	1	\\xe701020001b8d3e8f00505
103	5	2025-01-05 10:00:00+00	2025-01-05 10:00:00+00	1	1	\\xe701020001c0d2e8f00501
0	5	2025-01-05 10:00:00+00	2025-01-05 10:01:00+00	0	2	\\xe701020002c0d2e8f005013c05
\.

COPY explore_analytics.rollup_ledger (low, high, event_count, finished_at, waited_ms, took_ms, rollup_rows, rollup_bytes) FROM stdin;
1	2	0	2025-01-16 00:00:00+00	1	2	0	0
-1	1	612	2025-01-16 00:00:00+00	1	2	116	27026
2	4	116	2025-01-16 00:00:00+00	1	2	16	2673
4	5	2	2025-01-16 00:00:00+00	1	2	5	77
\.

COPY explore_analytics.rollup_state (low, rescore_all, layout_version, refreshed_at, failed_at, failure, failure_code, only_row) FROM stdin;
5	2	2	2025-01-16 00:00:00+00	\N	\N	\N	t
\.

COPY explore_analytics.rollup_totals (id, epoch, views, score, scope, summary, events) FROM stdin;
3	1	200	0	2	5QEAAMgBAAAAAAAAAISdAcgBAQjIAQACiRPHAA==	\N
1	2	68	14.558823529411764	2	\N	\\xe701020060a8a3f0de0430dc0fb6b40290e7834530e20f9603e4880430d20fad06e4880404e488043059db0ce4880438e60ff20fe4880401e4880430e80fa016e488043039b719e4880405e4880420e51fe4880438ec0ffc22e4880402e4880430ee0faa29e4880430de0fc12ce4880406e488043071ef32e4880438d00f8636e4880403e4880430d20fb43ce4880420cb3fe4880410d40fe4880430e60ff945e4880438d60f9049e4880404e4880430d80fbe4fe4880430ea0fd552e4880401e4880430118359e4880438dc0f9a5ce4880405e4880430de0fc862e488043069df65e4880402e4880430d00f8d6ce4880438e20fa46fe4880406e4880430e40fd275e4880430d40fe978e4880403e4880420977fe4880438e80fae8201e4880410d80fe4880430ea0fdc8801c8910804e4880430dc0fa19201e4880438ee0fb89501e4880401e4880430f00fe69b01e4880430e00ffd9e01e4880405e488043041aba501e4880438d20fc2a801e4880402e4880430d40ff0ae01e48804302187b201e4880406e4880430e80fb5b801e4880438d80fccbb01e4880403c8910830ec0f91c501e4880410dc0fe488043059bfcb01e4880438de0fd6ce01e4880404e4880430e00f84d501e4880430399bd801e4880401e4880430d20fc9de01e4880438e40fe0e101e4880405e4880430e60f8ee801e4880430d60fa5eb01e4880402e488043071d3f101e4880438ea0feaf401c8910830ec0f98fb01e4880420affe01e4880403e4880430de0fdd8402e4880438f00ff48702e488041031e4880430d00fa28e02e4880430e20fb99102e4880404e488043011e79702e4880438d40ffe9a02e4880401e4880430d60faca102e488043069c3a402e4880405e4880430ea0ff1aa02c8910802c8910830ee0fcdb702e4880406e4880420fbbd02
2	2	137	15.182481751824817	2	5QEAAIkBCisJCgcJCcKTnAEYARoYcQMHCwMLAwPwBwAAAAABAAAAAAAAAAAAAA==	\N
4	2	138	13.695652173913043	2	5QEAAIoBCicHCgoJCdmWnAEZARsZcQMDAwcDAwsH8AcAAAAAAQAAAAAAAAAAAAA=	\N
5	2	135	15.25925925925926	2	5QEAAIcBDSkKCgoJCebvmAEYARoYcQMHCwMDBwfwBwAAAAABAAAAAAAAAAAAAA==	\N
6	2	138	14.63768115942029	2	5QEAAIoBDSoJCAkJCsrFnQEZARsZcQMDAwsDAwcH8AcAAAAAAQAAAAAAAAAAAAA=	\N
10	2	137	15.474452554744525	2	5QEAAIkBCysKCQoJCdjQmgEaARwacQMDAwcDAwsDA/AHAAAAAAEAAAAAAAAAAAAA	\N
999	2	3	23.333333333333332	2	\N	\\xe70102000488eb8bea0538ee0ffe3cc4854e30ea0ffd79c4854e01888b9c0130de0ffab002
101	2	338	5.976331360946745	1	5QEAANICDSoJCAkJCs7ingHhAQEk4QEBIMf/y//P/9P/3//j/+f/7//3/wAK6AMEAO4DCgCJE8cA	\N
102	2	343	14.577259475218659	1	5QEAANcCGmYWGBgXFrq9hQMbAR0bcQMDAwcDAwMHAwPwBwAAAAABAAAAAAAAAAAAAA==	\N
103	2	272	15.220588235294118	1	5QEAAJACF1QTFBESEqiDtQIZARsZcQMHCwMDBwMD8AcAAAAAAQAAAAAAAAAAAAA=	\N
0	2	956	11.746861924686192	0	5QEAALwHPuUBMzQyMjKoi90G4wEBKOMBASjH/8v/z//T/9v/3//j/+f/7//z//f/AAroAwQA7gMKAIkTxwA=	\N
7	4	6	46.666666666666664	2	\N	\\xe70102000ac0d7c8ef0525ef2ec0970d38d20fcf8c01c0970d38ea0fafea01c0970d21f755c0970d23d7b301c0970d259f1fc0970d38e40fff7cc0970d38da0fdfda01e0edf40430dc0f6380a43f30f40f63
8	4	6	20	2	\N	\\xe70102000ae0d5d3ef0525f755c0970d30dc0fd7b301c0970d30d20f9f1fc0970d21ff7cc0970d23dfda01c0970d25a746c0970d30ee0f87a401c0970d30e40fcf0fd0d1f40430de0f6380a43f30f60f63
9	4	6	38.333333333333336	2	\N	\\xe70102000880d4deef0525ff7cc0970d3811dfda01c0970d38d20fa746c0970d2187a401c0c62738118fcb01c0970d38d20fd736c0b5f40430e00f6380a43f30f80f63
11	4	4	70	2	\N	\\xe70102000ac0f2bfef0521cf0fc0970d23af6dc0970d258fcb01c0970d38d80fd736c0970d38f00fb79401c0970d01c0970d23df5dc0970d25bfbb01c0970d38ea0f8727e094810530e40f63
12	4	3	53.333333333333336	2	\N	\\xe701020009e0f0caef0521d736c0970d23b79401c0970d05c0970d30e20fdf5dc0970d30d80fbfbb01c0970d218727c0970d23e78401c0970d25c7e20190908e0530e60f63
\.

COPY explore_analytics.session_rollups (session_id, last_at, summary, viewed, touched) FROM stdin;
2	2024-10-30 12:41:00+00	5QEAAAgICAAAAAAA+OcDAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
3	2024-10-30 14:22:00+00	5QEAAAgIAAAAAAAAoOoDAA==	{1,2,4,5,6,999}	{1,2,4,5,6,999}
4	2024-10-30 16:03:00+00	5QEAAAEBAQIBAQEBAAA=	{10}	{1,2,4,5,6,10}
7	2024-10-30 21:06:00+00	5QEAAAEBAQECAQEBAAA=	{4}	{1,2,4,5,6,10}
8	2024-10-30 22:47:00+00	5QEAAAgICAAAAAAA6PUDAA==	{1,2,4,5,6}	{1,2,4,5,6}
9	2024-10-31 00:28:00+00	5QEAAAgIAAAAAAAAkPgDAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
10	2024-10-31 02:09:00+00	5QEAAAEBAQEBAgEBAAA=	{5}	{1,2,4,5,6,10}
12	2024-10-31 05:31:00+00	5QEAAAgIAAAAAAAAiP8DAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
13	2024-10-31 07:12:00+00	5QEAAAEBAQEBAQIBAAA=	{2}	{1,2,4,5,6,10}
14	2024-10-31 08:53:00+00	5QEAAAgICAAAAAAA2IMEAA==	{1,2,4,5,6}	{1,2,4,5,6}
17	2024-10-31 13:56:00+00	5QEAAAgIAAAAAAAA0IoEAA==	{2,4,5,6,10}	{2,4,5,6,10}
18	2024-10-31 15:37:00+00	5QEAAAgIAAAAAAAA+IwEAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
19	2024-10-31 17:18:00+00	5QEAAAEBAQEBAQECAAA=	{6}	{1,2,4,5,6}
23	2024-10-27 19:02:00+00	5QEAAAcHAAAAAAAA3pgDAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
24	2024-10-27 20:43:00+00	5QEAAAcHAAAAAAAA4ZoDAA==	{1,2,4,5,6}	{1,2,4,5,6}
25	2024-10-27 22:24:00+00	5QEAAAEBAQEBAQEBAAA=	{6}	{1,2,4,5,6}
27	2024-10-28 01:46:00+00	5QEAAAcHAAAAAAAA6qADAA==	{2,5,6,10}	{2,5,6,10}
28	2024-10-28 03:27:00+00	5QEAAAEBAQEBAQEBAAA=	{6}	{2,4,5,6,10}
30	2024-10-28 06:49:00+00	5QEAAAcHAAAAAAAA86YDAA==	{1,2,4,6}	{1,2,4,6}
32	2024-10-28 10:11:00+00	5QEAAAcHBwAAAAAA+aoDAA==	{2,4,5,6,10,999}	{2,4,5,6,10,999}
33	2024-10-28 11:52:00+00	5QEAAAcHAAAAAAAA/KwDAA==	{2,5,6,10}	{2,5,6,10}
35	2024-10-28 15:14:00+00	5QEAAAcHAAAAAAAAgrEDAA==	{1,2,4,5,6}	{1,2,4,5,6}
37	2024-10-28 18:36:00+00	5QEAAAEBAQEBAQEBAAA=	{4}	{1,2,4,5,6,10}
39	2024-10-28 21:58:00+00	5QEAAAcHAAAAAAAAjrkDAA==	{2,4,5,6,10}	{2,4,5,6,10}
40	2024-10-28 23:39:00+00	5QEAAAEBAQEBAQEBAAA=	{10}	{1,2,4,5,6,10}
42	2024-10-29 03:01:00+00	5QEAAAcHAAAAAAAAl78DAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
44	2024-10-29 06:23:00+00	5QEAAAcHBwAAAAAAncMDAA==	{2,5,6,10}	{2,5,6,10}
45	2024-10-29 08:04:00+00	5QEAAAcHAAAAAAAAoMUDAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
47	2024-10-29 11:26:00+00	5QEAAAcHAAAAAAAApskDAA==	{1,2,4,5,6}	{1,2,4,5,6}
49	2024-10-29 14:48:00+00	5QEAAAEBAQEBAQEBAAA=	{10}	{2,5,6,10}
50	2024-10-29 16:29:00+00	5QEAAAcHBwAAAAAAr88DAA==	{2,4,5,6,10}	{2,4,5,6,10}
53	2024-10-29 21:32:00+00	5QEAAAcHAAAAAAAAuNUDAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
54	2024-10-29 23:13:00+00	5QEAAAcHAAAAAAAAu9cDAA==	{2,4,5,6,10}	{2,4,5,6,10}
55	2024-10-30 00:54:00+00	5QEAAAEBAQEBAQEBAAA=	{10}	{2,5,6,10}
58	2024-10-30 05:57:00+00	5QEAAAEBAQEBAQEBAAA=	{4}	{1,2,4,5,6}
59	2024-10-30 07:38:00+00	5QEAAAcHAAAAAAAAyuEDAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
60	2024-10-30 09:19:00+00	5QEAAAcHAAAAAAAAzeMDAA==	{2,5,6,10}	{2,5,6,10}
15	2024-10-31 10:34:00+00	5QEAAAgIAAAAAAAAgIYEAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
20	2024-10-31 18:59:00+00	5QEAAAkJCQAAAAAA69UFAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
29	2024-10-24 00:08:00+00	5QEAAAcHAAAAAAAA8KQDAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
34	2024-10-28 13:33:00+00	5QEAAAEBAQEBAQIBAAA=	{5}	{1,2,4,5,6,10}
38	2024-10-28 20:17:00+00	5QEAAAcHBwAAAAAAi7cDAA==	{2,5,6,10}	{2,5,6,10}
43	2024-10-29 04:42:00+00	5QEAAAEBAgEBAQEBAAA=	{5}	{2,4,5,6,10}
48	2024-10-29 13:07:00+00	5QEAAAgIAAAAAAAA4P8FAA==	{1,2,4,5,6,10}	{1,2,4,5,6,10}
52	2024-10-29 19:51:00+00	5QEAAAEBAQEBAQEBAAA=	{1}	{1,2,4,6}
57	2024-10-30 04:16:00+00	5QEAAAgIAAAAAAAA7L0FAA==	{1,2,4,5,6}	{1,2,4,5,6}
\.

COPY explore_analytics.viewing_keys (session_id, content_id, viewer_key, by_complete, completions, seen) FROM stdin;
1	5	1001	f	1	2025-01-06 00:00:00+00
1	9	1001	f	1	2025-01-06 00:00:00+00
2	2	1007	t	1	2025-01-06 00:00:00+00
2	6	1001	t	1	2025-01-06 00:00:00+00
2	6	1010	t	1	2025-01-06 00:00:00+00
7	3	1012	t	1	2025-01-06 00:00:00+00
7	11	1001	t	1	2025-01-06 00:00:00+00
7	11	1009	t	1	2025-01-06 00:00:00+00
9	5	-9	f	1	2025-01-06 00:00:00+00
9	9	-9	f	1	2025-01-06 00:00:00+00
11	3	1002	f	1	2025-01-06 00:00:00+00
11	3	1010	f	1	2025-01-06 00:00:00+00
11	11	1016	f	1	2025-01-06 00:00:00+00
12	8	1003	t	1	2025-01-06 00:00:00+00
12	8	1011	t	1	2025-01-06 00:00:00+00
12	12	1006	t	1	2025-01-06 00:00:00+00
12	12	1014	t	1	2025-01-06 00:00:00+00
17	5	1000	t	1	2025-01-06 00:00:00+00
17	9	1000	t	1	2025-01-06 00:00:00+00
19	3	1007	f	1	2025-01-06 00:00:00+00
19	11	1004	f	1	2025-01-06 00:00:00+00
19	11	1013	f	1	2025-01-06 00:00:00+00
7	6	1003	t	1	2025-01-06 00:00:00+00
\.

COPY public.explore_content (id, creator_id, content_type, title, category, area, country, tags, created_at, updated_at, view_count, engagement_score, is_active) FROM stdin;
3	101	video	Flat 3	category 0	area 3	\N	{a3,"b, c"}	2024-09-04 00:00:00+00	2024-10-02 00:00:00+00	206	1.1650485436893203	t
1	102	video	Flat 1	category 1	area 1	\N	{a1,"b, c"}	2024-09-02 00:00:00+00	2024-10-02 00:00:00+00	71	17.323943661971832	t
2	103	video	Flat 2	category 2	area 2	\N	{a2,"b, c"}	2024-09-03 00:00:00+00	2024-10-02 00:00:00+00	142	15.28169014084507	t
4	102	video	Flat 4	category 1	area 0	\N	{a4,"b, c"}	2024-09-05 00:00:00+00	2024-10-02 00:00:00+00	146	13.767123287671232	t
5	103	video	Flat 5 "quoted"\t\\	category 2	area 1	\N	{a5,"b, c"}	2024-09-06 00:00:00+00	2024-10-02 00:00:00+00	141	16.666666666666668	t
10	102	video	Flat 10 "quoted"\t\\	category 1	area 2	\N	{a10,"b, c"}	2024-09-11 00:00:00+00	2024-10-02 00:00:00+00	141	15.957446808510639	t
7	102	video	Flat 7	category 1	area 3	\N	{a7,"b, c"}	2024-09-08 00:00:00+00	2024-10-02 00:00:00+00	6	46.666666666666664	t
8	103	video	Flat 8	category 2	area 0	\N	{a8,"b, c"}	2024-09-09 00:00:00+00	2024-10-02 00:00:00+00	6	20	t
9	101	video	Flat 9	category 0	area 1	\N	{a9,"b, c"}	2024-09-10 00:00:00+00	2024-10-02 00:00:00+00	6	38.333333333333336	t
11	103	video	Flat 11	category 2	area 3	\N	{a11,"b, c"}	2024-09-12 00:00:00+00	2024-10-02 00:00:00+00	4	70	t
12	101	video	Flat 12	category 0	area 0	\N	{a12,"b, c"}	2024-09-13 00:00:00+00	2024-10-02 00:00:00+00	3	53.333333333333336	t
6	103	video	Flat 6	category 0	area 2	\N	{a6,"b, c"}	2024-09-07 00:00:00+00	2024-10-02 00:00:00+00	144	15.347222222222221	t
\.

COPY public.explore_discovery_videos (id, content_id, duration_ms, video_url, thumbnail_url, created_at, total_views, total_watch_time_ms, completion_rate, save_count, share_count, click_count, scored_at) FROM stdin;
3	3	11000	\N	\N	2024-09-03 00:00:00+00	206	127000	1.941747572815534	2	0	2	2025-01-16 00:00:00+00
1	1	9000	\N	\N	2024-09-03 00:00:00+00	71	1411069	33.80281690140845	7	5	6	2025-01-16 00:00:00+00
2	2	10000	\N	\N	2024-09-03 00:00:00+00	142	2671602	30.985915492957748	10	10	9	2025-01-16 00:00:00+00
4	4	12000	\N	\N	2024-09-03 00:00:00+00	146	2688009	27.397260273972602	9	10	12	2025-01-16 00:00:00+00
5	5	13000	\N	\N	2024-09-03 00:00:00+00	141	2612878	32.6241134751773	13	10	10	2025-01-16 00:00:00+00
6	6	14000	\N	\N	2024-09-03 00:00:00+00	144	2712394	31.25	11	8	10	2025-01-16 00:00:00+00
10	10	18000	\N	\N	2024-09-03 00:00:00+00	141	2631564	31.914893617021278	11	9	12	2025-01-16 00:00:00+00
7	7	\N	\N	\N	2024-09-03 00:00:00+00	6	136200	100	1	0	1	2025-01-16 00:00:00+00
8	8	16000	\N	\N	2024-09-03 00:00:00+00	6	114200	33.333333333333336	1	0	1	2025-01-16 00:00:00+00
9	9	17000	\N	\N	2024-09-03 00:00:00+00	6	107200	83.33333333333333	1	0	0	2025-01-16 00:00:00+00
\.

COPY public.explore_engagements_2024_11 (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch) FROM stdin;
442	5	1000	23	view	16354	f	2024-11-01 00:02:00+00	\N	\N	1
443	10	1007	24	view	16391	f	2024-11-01 01:43:00+00	\N	\N	1
444	6	\N	25	save	0	f	2024-11-01 03:24:00+00	\N	\N	1
445	4	1004	\N	view	16465	t	2024-11-01 05:05:00+00	\N	\N	1
446	4	1011	27	view	16502	f	2024-11-01 06:46:00+00	\N	\N	1
447	6	1001	28	share	0	f	2024-11-01 08:27:00+00	\N	\N	1
448	10	\N	29	view	16576	f	2024-11-01 10:08:00+00	\N	\N	1
449	5	1015	30	view	16613	f	2024-11-01 11:49:00+00	\N	\N	1
451	1	1012	32	view	16687	t	2024-11-01 15:11:00+00	\N	\N	1
452	2	\N	33	view	16724	f	2024-11-01 16:52:00+00	\N	\N	1
453	5	1009	34	skip	0	f	2024-11-01 18:33:00+00	\N	\N	1
454	10	1016	35	view	16798	f	2024-11-01 20:14:00+00	\N	\N	1
455	6	1006	\N	view	16835	f	2024-11-01 21:55:00+00	\N	\N	1
456	4	\N	37	complete	0	f	2024-11-01 23:36:00+00	\N	\N	1
457	4	1003	38	view	16909	t	2024-11-02 01:17:00+00	\N	\N	1
458	6	1010	39	view	16946	f	2024-11-02 02:58:00+00	\N	\N	1
459	10	1000	40	impression	0	f	2024-11-02 04:39:00+00	\N	\N	1
460	5	\N	\N	view	17020	f	2024-11-02 06:20:00+00	\N	\N	1
461	2	1014	42	view	17057	f	2024-11-02 08:01:00+00	\N	\N	1
462	1	1004	43	view	0	f	2024-11-02 09:42:00+00	\N	\N	1
463	2	1011	44	view	17131	t	2024-11-02 11:23:00+00	\N	\N	1
464	5	\N	45	view	17168	f	2024-11-02 13:04:00+00	\N	\N	1
465	10	1008	\N	save	0	f	2024-11-02 14:45:00+00	\N	\N	1
466	6	1015	47	view	17242	f	2024-11-02 16:26:00+00	\N	\N	1
468	4	\N	49	share	0	f	2024-11-02 19:48:00+00	\N	\N	1
469	6	1002	50	view	17353	t	2024-11-02 21:29:00+00	\N	\N	1
470	10	1009	\N	view	17390	f	2024-11-02 23:10:00+00	\N	\N	1
471	5	1016	52	click	0	f	2024-11-03 00:51:00+00	\N	\N	1
472	2	\N	53	view	17464	f	2024-11-03 02:32:00+00	\N	\N	1
473	1	1013	54	view	17501	f	2024-11-03 04:13:00+00	\N	\N	1
474	2	1003	55	skip	0	f	2024-11-03 05:54:00+00	\N	\N	1
475	5	1010	\N	view	17575	t	2024-11-03 07:35:00+00	\N	\N	1
476	10	\N	57	view	17612	f	2024-11-03 09:16:00+00	\N	\N	1
477	6	1007	58	complete	0	f	2024-11-03 10:57:00+00	\N	\N	1
478	4	1014	59	view	17686	f	2024-11-03 12:38:00+00	\N	\N	1
479	4	1004	60	view	17723	f	2024-11-03 14:19:00+00	\N	\N	1
480	6	\N	\N	impression	0	f	2024-11-03 16:00:00+00	\N	\N	1
481	10	1001	2	view	17797	t	2024-11-03 17:41:00+00	\N	\N	1
482	5	1008	3	view	17834	f	2024-11-03 19:22:00+00	\N	\N	1
483	2	1015	4	view	0	f	2024-11-03 21:03:00+00	\N	\N	1
486	5	1002	7	save	0	f	2024-11-04 02:06:00+00	\N	\N	1
487	10	1009	8	view	18019	t	2024-11-04 03:47:00+00	\N	\N	1
488	6	\N	9	view	18056	f	2024-11-04 05:28:00+00	\N	\N	1
489	4	1006	10	share	0	f	2024-11-04 07:09:00+00	\N	\N	1
490	4	1013	\N	view	18130	f	2024-11-04 08:50:00+00	\N	\N	1
491	6	1003	12	view	18167	f	2024-11-04 10:31:00+00	\N	\N	1
492	10	\N	13	click	0	f	2024-11-04 12:12:00+00	\N	\N	1
493	5	1000	14	view	18241	t	2024-11-04 13:53:00+00	\N	\N	1
494	2	1007	15	view	18278	f	2024-11-04 15:34:00+00	\N	\N	1
495	1	1014	\N	skip	0	f	2024-11-04 17:15:00+00	\N	\N	1
496	2	\N	17	view	18352	f	2024-11-04 18:56:00+00	\N	\N	1
497	5	1011	18	view	18389	f	2024-11-04 20:37:00+00	\N	\N	1
498	10	1001	19	complete	0	f	2024-11-04 22:18:00+00	\N	\N	1
499	6	1008	20	view	18463	t	2024-11-04 23:59:00+00	\N	\N	1
500	4	\N	\N	view	18500	f	2024-11-05 01:40:00+00	\N	{"n": 500, "text": "\\"\\\\ \\t"}	1
502	6	1012	23	view	18574	f	2024-11-05 05:02:00+00	\N	\N	1
503	10	1002	24	view	18611	f	2024-11-05 06:43:00+00	\N	\N	1
504	5	\N	25	view	0	f	2024-11-05 08:24:00+00	\N	\N	1
505	2	1016	\N	view	18685	t	2024-11-05 10:05:00+00	\N	\N	1
506	1	1006	27	view	18722	f	2024-11-05 11:46:00+00	\N	\N	1
507	2	1013	28	save	0	f	2024-11-05 13:27:00+00	\N	\N	1
508	5	\N	29	view	18796	f	2024-11-05 15:08:00+00	\N	\N	1
509	10	1010	30	view	18833	f	2024-11-05 16:49:00+00	\N	\N	1
510	6	1000	\N	share	0	f	2024-11-05 18:30:00+00	\N	\N	1
511	4	1007	32	view	18907	t	2024-11-05 20:11:00+00	\N	\N	1
512	4	\N	33	view	18944	f	2024-11-05 21:52:00+00	\N	\N	1
513	6	1004	34	click	0	f	2024-11-05 23:33:00+00	\N	\N	1
514	10	1011	35	view	19018	f	2024-11-06 01:14:00+00	\N	\N	1
515	5	1001	\N	view	19055	f	2024-11-06 02:55:00+00	\N	\N	1
516	2	\N	37	skip	0	f	2024-11-06 04:36:00+00	\N	\N	1
517	1	1015	38	view	19129	t	2024-11-06 06:17:00+00	\N	\N	1
519	5	1012	40	complete	0	f	2024-11-06 09:39:00+00	\N	\N	1
520	10	\N	\N	view	19240	f	2024-11-06 11:20:00+00	\N	\N	1
521	6	1009	42	view	19277	f	2024-11-06 13:01:00+00	\N	\N	1
522	4	1016	43	impression	0	f	2024-11-06 14:42:00+00	\N	\N	1
523	4	1006	44	view	19351	t	2024-11-06 16:23:00+00	\N	\N	1
524	6	\N	45	view	19388	f	2024-11-06 18:04:00+00	\N	\N	1
525	10	1003	\N	view	0	f	2024-11-06 19:45:00+00	\N	\N	1
526	5	1010	47	view	19462	f	2024-11-06 21:26:00+00	\N	\N	1
527	2	1000	48	view	19499	f	2024-11-06 23:07:00+00	\N	\N	1
528	1	\N	49	save	0	f	2024-11-07 00:48:00+00	\N	\N	1
529	2	1014	50	view	19573	t	2024-11-07 02:29:00+00	\N	\N	1
530	5	1004	\N	view	19610	f	2024-11-07 04:10:00+00	\N	\N	1
531	10	1011	52	share	0	f	2024-11-07 05:51:00+00	\N	\N	1
532	6	\N	53	view	19684	f	2024-11-07 07:32:00+00	\N	\N	1
533	4	1008	54	view	19721	f	2024-11-07 09:13:00+00	\N	\N	1
534	4	1015	55	click	0	f	2024-11-07 10:54:00+00	\N	\N	1
536	10	\N	57	view	19832	f	2024-11-07 14:16:00+00	\N	\N	1
537	5	1002	58	skip	0	f	2024-11-07 15:57:00+00	\N	\N	1
538	2	1009	59	view	19906	f	2024-11-07 17:38:00+00	\N	\N	1
539	1	1016	60	view	19943	f	2024-11-07 19:19:00+00	\N	\N	1
540	2	\N	\N	complete	0	f	2024-11-07 21:00:00+00	\N	\N	1
541	5	1013	2	view	20017	t	2024-11-07 22:41:00+00	\N	\N	1
542	10	1003	3	view	20054	f	2024-11-08 00:22:00+00	\N	\N	1
543	6	1010	4	impression	0	f	2024-11-08 02:03:00+00	\N	\N	1
545	4	1007	\N	view	20165	f	2024-11-08 05:25:00+00	\N	\N	1
546	6	1014	7	view	0	f	2024-11-08 07:06:00+00	\N	\N	1
547	10	1004	8	view	20239	t	2024-11-08 08:47:00+00	\N	\N	1
548	5	\N	9	view	20276	f	2024-11-08 10:28:00+00	\N	\N	1
549	2	1001	10	save	0	f	2024-11-08 12:09:00+00	\N	\N	1
550	1	1008	\N	view	20350	f	2024-11-08 13:50:00+00	\N	{"n": 550, "text": "\\"\\\\ \\t"}	1
551	2	1015	12	view	20387	f	2024-11-08 15:31:00+00	\N	\N	1
552	5	\N	13	share	0	f	2024-11-08 17:12:00+00	\N	\N	1
553	10	1012	14	view	20461	t	2024-11-08 18:53:00+00	\N	\N	1
554	6	1002	15	view	20498	f	2024-11-08 20:34:00+00	\N	\N	1
555	4	1009	\N	click	0	f	2024-11-08 22:15:00+00	\N	\N	1
556	4	\N	17	view	20572	f	2024-11-08 23:56:00+00	\N	\N	1
557	6	1006	18	view	20609	f	2024-11-09 01:37:00+00	\N	\N	1
558	10	1013	19	skip	0	f	2024-11-09 03:18:00+00	\N	\N	1
559	5	1003	20	view	20683	t	2024-11-09 04:59:00+00	\N	\N	1
560	2	\N	\N	view	20720	f	2024-11-09 06:40:00+00	\N	\N	1
561	1	1000	22	complete	0	f	2024-11-09 08:21:00+00	\N	\N	1
562	2	1007	23	view	20794	f	2024-11-09 10:02:00+00	\N	\N	1
563	5	1014	24	view	20831	f	2024-11-09 11:43:00+00	\N	\N	1
564	10	\N	25	impression	0	f	2024-11-09 13:24:00+00	\N	\N	1
565	6	1011	\N	view	20905	t	2024-11-09 15:05:00+00	\N	\N	1
566	4	1001	27	view	20942	f	2024-11-09 16:46:00+00	\N	\N	1
567	4	1008	28	view	0	f	2024-11-09 18:27:00+00	\N	\N	1
568	6	\N	29	view	21016	f	2024-11-09 20:08:00+00	\N	\N	1
570	5	1012	\N	save	0	f	2024-11-09 23:30:00+00	\N	\N	1
571	2	1002	32	view	21127	t	2024-11-10 01:11:00+00	\N	\N	1
572	1	\N	33	view	21164	f	2024-11-10 02:52:00+00	\N	\N	1
573	2	1016	34	share	0	f	2024-11-10 04:33:00+00	\N	\N	1
574	5	1006	35	view	21238	f	2024-11-10 06:14:00+00	\N	\N	1
575	10	1013	\N	view	21275	f	2024-11-10 07:55:00+00	\N	\N	1
576	6	\N	37	click	0	f	2024-11-10 09:36:00+00	\N	\N	1
577	4	1010	38	view	21349	t	2024-11-10 11:17:00+00	\N	\N	1
578	4	1000	39	view	21386	f	2024-11-10 12:58:00+00	\N	\N	1
579	6	1007	40	skip	0	f	2024-11-10 14:39:00+00	\N	\N	1
580	10	\N	\N	view	21460	f	2024-11-10 16:20:00+00	\N	\N	1
581	5	1004	42	view	21497	f	2024-11-10 18:01:00+00	\N	\N	1
583	1	1001	44	view	21571	t	2024-11-10 21:23:00+00	\N	\N	1
584	2	\N	45	view	21608	f	2024-11-10 23:04:00+00	\N	\N	1
585	5	1015	\N	impression	0	f	2024-11-11 00:45:00+00	\N	\N	1
587	6	1012	48	view	21719	f	2024-11-11 04:07:00+00	\N	\N	1
588	4	\N	49	view	0	f	2024-11-11 05:48:00+00	\N	\N	1
589	4	1009	50	view	21793	t	2024-11-11 07:29:00+00	\N	\N	1
590	6	1016	\N	view	21830	f	2024-11-11 09:10:00+00	\N	\N	1
591	10	1006	52	save	0	f	2024-11-11 10:51:00+00	\N	\N	1
592	5	\N	53	view	21904	f	2024-11-11 12:32:00+00	\N	\N	1
593	2	1003	54	view	21941	f	2024-11-11 14:13:00+00	\N	\N	1
594	1	1010	55	share	0	f	2024-11-11 15:54:00+00	\N	\N	1
595	2	1000	\N	view	22015	t	2024-11-11 17:35:00+00	\N	\N	1
596	5	\N	57	view	22052	f	2024-11-11 19:16:00+00	\N	\N	1
597	10	1014	58	click	0	f	2024-11-11 20:57:00+00	\N	\N	1
598	6	1004	59	view	22126	f	2024-11-11 22:38:00+00	\N	\N	1
599	4	1011	60	view	22163	f	2024-11-12 00:19:00+00	\N	\N	1
600	4	\N	\N	skip	0	f	2024-11-12 02:00:00+00	\N	{"n": 600, "text": "\\"\\\\ \\t"}	1
601	6	1008	2	view	22237	t	2024-11-12 03:41:00+00	\N	\N	1
602	10	1015	3	view	22274	f	2024-11-12 05:22:00+00	\N	\N	1
605	1	1002	\N	view	22385	f	2024-11-12 10:25:00+00	\N	\N	1
606	2	1009	7	impression	0	f	2024-11-12 12:06:00+00	\N	\N	1
607	5	1016	8	view	22459	t	2024-11-12 13:47:00+00	\N	\N	1
608	10	\N	9	view	22496	f	2024-11-12 15:28:00+00	\N	\N	1
609	6	1013	10	view	0	f	2024-11-12 17:09:00+00	\N	\N	1
610	4	1003	\N	view	22570	f	2024-11-12 18:50:00+00	\N	\N	1
611	4	1010	12	view	22607	f	2024-11-12 20:31:00+00	\N	\N	1
612	6	\N	13	save	0	f	2024-11-12 22:12:00+00	\N	\N	1
613	10	1007	14	view	22681	t	2024-11-12 23:53:00+00	\N	\N	1
614	5	1014	15	view	22718	f	2024-11-13 01:34:00+00	\N	\N	1
615	2	1004	\N	share	0	f	2024-11-13 03:15:00+00	\N	\N	1
616	1	\N	17	view	22792	f	2024-11-13 04:56:00+00	\N	\N	1
617	2	1001	18	view	22829	f	2024-11-13 06:37:00+00	\N	\N	1
618	5	1008	19	click	0	f	2024-11-13 08:18:00+00	\N	\N	1
619	10	1015	20	view	22903	t	2024-11-13 09:59:00+00	\N	\N	1
620	6	\N	\N	view	22940	f	2024-11-13 11:40:00+00	\N	\N	1
621	4	1012	22	skip	0	f	2024-11-13 13:21:00+00	\N	\N	1
622	4	1002	23	view	23014	f	2024-11-13 15:02:00+00	\N	\N	1
623	6	1009	24	view	23051	f	2024-11-13 16:43:00+00	\N	\N	1
624	10	\N	25	complete	0	f	2024-11-13 18:24:00+00	\N	\N	1
625	5	1006	\N	view	23125	t	2024-11-13 20:05:00+00	\N	\N	1
626	2	1013	27	view	23162	f	2024-11-13 21:46:00+00	\N	\N	1
627	1	1003	28	impression	0	f	2024-11-13 23:27:00+00	\N	\N	1
628	2	\N	29	view	23236	f	2024-11-14 01:08:00+00	\N	\N	1
629	5	1000	30	view	23273	f	2024-11-14 02:49:00+00	\N	\N	1
630	10	1007	\N	view	0	f	2024-11-14 04:30:00+00	\N	\N	1
631	6	1014	32	view	23347	t	2024-11-14 06:11:00+00	\N	\N	1
632	4	\N	33	view	23384	f	2024-11-14 07:52:00+00	\N	\N	1
633	999	1011	34	save	0	f	2024-11-14 09:33:00+00	\N	\N	1
634	6	1001	35	view	23458	f	2024-11-14 11:14:00+00	\N	\N	1
635	10	1008	\N	view	23495	f	2024-11-14 12:55:00+00	\N	\N	1
636	5	\N	37	share	0	f	2024-11-14 14:36:00+00	\N	\N	1
638	1	1012	39	view	23606	f	2024-11-14 17:58:00+00	\N	\N	1
639	2	1002	40	click	0	f	2024-11-14 19:39:00+00	\N	\N	1
640	5	\N	\N	view	23680	f	2024-11-14 21:20:00+00	\N	\N	1
641	10	1016	42	view	23717	f	2024-11-14 23:01:00+00	\N	\N	1
642	6	1006	43	skip	0	f	2024-11-15 00:42:00+00	\N	\N	1
643	4	1013	44	view	23791	t	2024-11-15 02:23:00+00	\N	\N	1
644	4	\N	45	view	23828	f	2024-11-15 04:04:00+00	\N	\N	1
645	6	1010	\N	complete	0	f	2024-11-15 05:45:00+00	\N	\N	1
646	10	1000	47	view	23902	f	2024-11-15 07:26:00+00	\N	\N	1
647	5	1007	48	view	23939	f	2024-11-15 09:07:00+00	\N	\N	1
648	2	\N	49	impression	0	f	2024-11-15 10:48:00+00	\N	\N	1
649	1	1004	50	view	24013	t	2024-11-15 12:29:00+00	\N	\N	1
650	2	1011	\N	view	24050	f	2024-11-15 14:10:00+00	\N	{"n": 650, "text": "\\"\\\\ \\t"}	1
651	5	1001	52	view	0	f	2024-11-15 15:51:00+00	\N	\N	1
652	10	\N	53	view	24124	f	2024-11-15 17:32:00+00	\N	\N	1
653	6	1015	54	view	24161	f	2024-11-15 19:13:00+00	\N	\N	1
655	4	1012	\N	view	24235	t	2024-11-15 22:35:00+00	\N	\N	1
656	6	\N	57	view	24272	f	2024-11-16 00:16:00+00	\N	\N	1
657	10	1009	58	share	0	f	2024-11-16 01:57:00+00	\N	\N	1
658	5	1016	59	view	24346	f	2024-11-16 03:38:00+00	\N	\N	1
659	2	1006	60	view	24383	f	2024-11-16 05:19:00+00	\N	\N	1
660	1	\N	\N	click	0	f	2024-11-16 07:00:00+00	\N	\N	1
661	2	1003	2	view	24457	t	2024-11-16 08:41:00+00	\N	\N	1
662	5	1010	3	view	24494	f	2024-11-16 10:22:00+00	\N	\N	1
663	10	1000	4	skip	0	f	2024-11-16 12:03:00+00	\N	\N	1
665	4	1014	\N	view	24605	f	2024-11-16 15:25:00+00	\N	\N	1
666	4	1004	7	complete	0	f	2024-11-16 17:06:00+00	\N	\N	1
667	6	1011	8	view	24679	t	2024-11-16 18:47:00+00	\N	\N	1
668	10	\N	9	view	24716	f	2024-11-16 20:28:00+00	\N	\N	1
669	5	1008	10	impression	0	f	2024-11-16 22:09:00+00	\N	\N	1
670	2	1015	\N	view	24790	f	2024-11-16 23:50:00+00	\N	\N	1
672	2	\N	13	view	0	f	2024-11-17 03:12:00+00	\N	\N	1
673	5	1002	14	view	24901	t	2024-11-17 04:53:00+00	\N	\N	1
674	10	1009	15	view	24938	f	2024-11-17 06:34:00+00	\N	\N	1
675	6	1016	\N	save	0	f	2024-11-17 08:15:00+00	\N	\N	1
676	4	\N	17	view	25012	f	2024-11-17 09:56:00+00	\N	\N	1
677	4	1013	18	view	25049	f	2024-11-17 11:37:00+00	\N	\N	1
678	6	1003	19	share	0	f	2024-11-17 13:18:00+00	\N	\N	1
680	5	\N	\N	view	25160	f	2024-11-17 16:40:00+00	\N	\N	1
681	2	1007	22	click	0	f	2024-11-17 18:21:00+00	\N	\N	1
682	1	1014	23	view	25234	f	2024-11-17 20:02:00+00	\N	\N	1
683	2	1004	24	view	25271	f	2024-11-17 21:43:00+00	\N	\N	1
684	5	\N	25	skip	0	f	2024-11-17 23:24:00+00	\N	\N	1
685	10	1001	\N	view	25345	t	2024-11-18 01:05:00+00	\N	\N	1
686	6	1008	27	view	25382	f	2024-11-18 02:46:00+00	\N	\N	1
687	4	1015	28	complete	0	f	2024-11-18 04:27:00+00	\N	\N	1
688	4	\N	29	view	25456	f	2024-11-18 06:08:00+00	\N	\N	1
689	6	1012	30	view	25493	f	2024-11-18 07:49:00+00	\N	\N	1
690	10	1002	\N	impression	0	f	2024-11-18 09:30:00+00	\N	\N	1
691	5	1009	32	view	25567	t	2024-11-18 11:11:00+00	\N	\N	1
692	2	\N	33	view	25604	f	2024-11-18 12:52:00+00	\N	\N	1
693	1	1006	34	view	0	f	2024-11-18 14:33:00+00	\N	\N	1
694	2	1013	35	view	25678	f	2024-11-18 16:14:00+00	\N	\N	1
695	5	1003	\N	view	25715	f	2024-11-18 17:55:00+00	\N	\N	1
696	10	\N	37	save	0	f	2024-11-18 19:36:00+00	\N	\N	1
697	6	1000	38	view	25789	t	2024-11-18 21:17:00+00	\N	\N	1
698	4	1007	39	view	25826	f	2024-11-18 22:58:00+00	\N	\N	1
699	4	1014	40	share	0	f	2024-11-19 00:39:00+00	\N	\N	1
700	6	\N	\N	view	25900	f	2024-11-19 02:20:00+00	\N	{"n": 700, "text": "\\"\\\\ \\t"}	1
701	10	1011	42	view	25937	f	2024-11-19 04:01:00+00	\N	\N	1
702	5	1001	43	click	0	f	2024-11-19 05:42:00+00	\N	\N	1
703	2	1008	44	view	26011	t	2024-11-19 07:23:00+00	\N	\N	1
704	1	\N	45	view	26048	f	2024-11-19 09:04:00+00	\N	\N	1
706	5	1012	47	view	26122	f	2024-11-19 12:26:00+00	\N	\N	1
707	10	1002	48	view	26159	f	2024-11-19 14:07:00+00	\N	\N	1
708	6	\N	49	complete	0	f	2024-11-19 15:48:00+00	\N	\N	1
709	4	1016	50	view	26233	t	2024-11-19 17:29:00+00	\N	\N	1
710	4	1006	\N	view	26270	f	2024-11-19 19:10:00+00	\N	\N	1
711	6	1013	52	impression	0	f	2024-11-19 20:51:00+00	\N	\N	1
712	10	\N	53	view	26344	f	2024-11-19 22:32:00+00	\N	\N	1
713	5	1010	54	view	26381	f	2024-11-20 00:13:00+00	\N	\N	1
714	2	1000	55	view	0	f	2024-11-20 01:54:00+00	\N	\N	1
715	1	1007	\N	view	26455	t	2024-11-20 03:35:00+00	\N	\N	1
716	2	\N	57	view	26492	f	2024-11-20 05:16:00+00	\N	\N	1
717	5	1004	58	save	0	f	2024-11-20 06:57:00+00	\N	\N	1
718	10	1011	59	view	26566	f	2024-11-20 08:38:00+00	\N	\N	1
719	6	1001	60	view	26603	f	2024-11-20 10:19:00+00	\N	\N	1
720	4	\N	\N	share	0	f	2024-11-20 12:00:00+00	\N	\N	1
721	4	1015	2	view	26677	t	2024-11-20 13:41:00+00	\N	\N	1
723	10	1012	4	click	0	f	2024-11-20 17:03:00+00	\N	\N	1
725	2	1009	\N	view	26825	f	2024-11-20 20:25:00+00	\N	\N	1
726	1	1016	7	skip	0	f	2024-11-20 22:06:00+00	\N	\N	1
727	2	1006	8	view	26899	t	2024-11-20 23:47:00+00	\N	\N	1
728	5	\N	9	view	26936	f	2024-11-21 01:28:00+00	\N	\N	1
729	10	1003	10	complete	0	f	2024-11-21 03:09:00+00	\N	\N	1
730	6	1010	\N	view	27010	f	2024-11-21 04:50:00+00	\N	\N	1
731	4	1000	12	view	27047	f	2024-11-21 06:31:00+00	\N	\N	1
732	4	\N	13	impression	0	f	2024-11-21 08:12:00+00	\N	\N	1
733	6	1014	14	view	27121	t	2024-11-21 09:53:00+00	\N	\N	1
734	10	1004	15	view	27158	f	2024-11-21 11:34:00+00	\N	\N	1
735	5	1011	\N	view	0	f	2024-11-21 13:15:00+00	\N	\N	1
736	2	\N	17	view	27232	f	2024-11-21 14:56:00+00	\N	\N	1
737	1	1008	18	view	27269	f	2024-11-21 16:37:00+00	\N	\N	1
738	2	1015	19	save	0	f	2024-11-21 18:18:00+00	\N	\N	1
740	10	\N	\N	view	27380	f	2024-11-21 21:40:00+00	\N	\N	1
741	6	1002	22	share	0	f	2024-11-21 23:21:00+00	\N	\N	1
742	4	1009	23	view	27454	f	2024-11-22 01:02:00+00	\N	\N	1
743	4	1016	24	view	27491	f	2024-11-22 02:43:00+00	\N	\N	1
744	6	\N	25	click	0	f	2024-11-22 04:24:00+00	\N	\N	1
745	10	1013	\N	view	27565	t	2024-11-22 06:05:00+00	\N	\N	1
746	5	1003	27	view	27602	f	2024-11-22 07:46:00+00	\N	\N	1
747	2	1010	28	skip	0	f	2024-11-22 09:27:00+00	\N	\N	1
748	1	\N	29	view	27676	f	2024-11-22 11:08:00+00	\N	\N	1
749	2	1007	30	view	27713	f	2024-11-22 12:49:00+00	\N	\N	1
750	5	1014	\N	complete	0	f	2024-11-22 14:30:00+00	\N	{"n": 750, "text": "\\"\\\\ \\t"}	1
751	10	1004	32	view	27787	t	2024-11-22 16:11:00+00	\N	\N	1
752	6	\N	33	view	27824	f	2024-11-22 17:52:00+00	\N	\N	1
753	4	1001	34	impression	0	f	2024-11-22 19:33:00+00	\N	\N	1
754	4	1008	35	view	27898	f	2024-11-22 21:14:00+00	\N	\N	1
755	6	1015	\N	view	27935	f	2024-11-22 22:55:00+00	\N	\N	1
756	10	\N	37	view	0	f	2024-11-23 00:36:00+00	\N	\N	1
757	5	1012	38	view	28009	t	2024-11-23 02:17:00+00	\N	\N	1
758	2	1002	39	view	28046	f	2024-11-23 03:58:00+00	\N	\N	1
759	1	1009	40	save	0	f	2024-11-23 05:39:00+00	\N	\N	1
760	2	\N	\N	view	28120	f	2024-11-23 07:20:00+00	\N	\N	1
761	5	1006	42	view	28157	f	2024-11-23 09:01:00+00	\N	\N	1
762	10	1013	43	share	0	f	2024-11-23 10:42:00+00	\N	\N	1
763	6	1003	44	view	28231	t	2024-11-23 12:23:00+00	\N	\N	1
764	4	\N	45	view	28268	f	2024-11-23 14:04:00+00	\N	\N	1
765	4	1000	\N	click	0	f	2024-11-23 15:45:00+00	\N	\N	1
766	6	1007	47	view	28342	f	2024-11-23 17:26:00+00	\N	\N	1
767	10	1014	48	view	28379	f	2024-11-23 19:07:00+00	\N	\N	1
768	5	\N	49	skip	0	f	2024-11-23 20:48:00+00	\N	\N	1
769	2	1011	50	view	28453	t	2024-11-23 22:29:00+00	\N	\N	1
770	1	1001	\N	view	28490	f	2024-11-24 00:10:00+00	\N	\N	1
771	2	1008	52	complete	0	f	2024-11-24 01:51:00+00	\N	\N	1
772	5	\N	53	view	28564	f	2024-11-24 03:32:00+00	\N	\N	1
774	6	1012	55	impression	0	f	2024-11-24 06:54:00+00	\N	\N	1
775	4	1002	\N	view	28675	t	2024-11-24 08:35:00+00	\N	\N	1
777	6	1016	58	view	0	f	2024-11-24 11:57:00+00	\N	\N	1
778	10	1006	59	view	28786	f	2024-11-24 13:38:00+00	\N	\N	1
779	5	1013	60	view	28823	f	2024-11-24 15:19:00+00	\N	\N	1
780	2	\N	\N	save	0	f	2024-11-24 17:00:00+00	\N	\N	1
781	1	1010	2	view	28897	t	2024-11-24 18:41:00+00	\N	\N	1
782	2	1000	3	view	28934	f	2024-11-24 20:22:00+00	\N	\N	1
783	5	1007	4	share	0	f	2024-11-24 22:03:00+00	\N	\N	1
785	6	1004	\N	view	29045	f	2024-11-25 01:25:00+00	\N	\N	1
786	4	1011	7	click	0	f	2024-11-25 03:06:00+00	\N	\N	1
787	4	1001	8	view	29119	t	2024-11-25 04:47:00+00	\N	\N	1
788	6	\N	9	view	29156	f	2024-11-25 06:28:00+00	\N	\N	1
789	10	1015	10	skip	0	f	2024-11-25 08:09:00+00	\N	\N	1
791	2	1012	12	view	29267	f	2024-11-25 11:31:00+00	\N	\N	1
792	1	\N	13	complete	0	f	2024-11-25 13:12:00+00	\N	\N	1
793	2	1009	14	view	29341	t	2024-11-25 14:53:00+00	\N	\N	1
794	5	1016	15	view	29378	f	2024-11-25 16:34:00+00	\N	\N	1
795	10	1006	\N	impression	0	f	2024-11-25 18:15:00+00	\N	\N	1
796	6	\N	17	view	29452	f	2024-11-25 19:56:00+00	\N	\N	1
797	4	1003	18	view	29489	f	2024-11-25 21:37:00+00	\N	\N	1
798	4	1010	19	view	0	f	2024-11-25 23:18:00+00	\N	\N	1
799	6	1000	20	view	29563	t	2024-11-26 00:59:00+00	\N	\N	1
800	10	\N	\N	view	29600	f	2024-11-26 02:40:00+00	\N	{"n": 800, "text": "\\"\\\\ \\t"}	1
801	5	1014	22	save	0	f	2024-11-26 04:21:00+00	\N	\N	1
802	2	1004	23	view	29674	f	2024-11-26 06:02:00+00	\N	\N	1
803	1	1011	24	view	29711	f	2024-11-26 07:43:00+00	\N	\N	1
804	2	\N	25	share	0	f	2024-11-26 09:24:00+00	\N	\N	1
805	5	1008	\N	view	29785	t	2024-11-26 11:05:00+00	\N	\N	1
806	10	1015	27	view	29822	f	2024-11-26 12:46:00+00	\N	\N	1
808	4	\N	29	view	29896	f	2024-11-26 16:08:00+00	\N	\N	1
809	4	1002	30	view	29933	f	2024-11-26 17:49:00+00	\N	\N	1
810	6	1009	\N	skip	0	f	2024-11-26 19:30:00+00	\N	\N	1
811	10	1016	32	view	30007	t	2024-11-26 21:11:00+00	\N	\N	1
812	5	\N	33	view	30044	f	2024-11-26 22:52:00+00	\N	\N	1
813	2	1013	34	complete	0	f	2024-11-27 00:33:00+00	\N	\N	1
814	1	1003	35	view	30118	f	2024-11-27 02:14:00+00	\N	\N	1
815	2	1010	\N	view	30155	f	2024-11-27 03:55:00+00	\N	\N	1
816	5	\N	37	impression	0	f	2024-11-27 05:36:00+00	\N	\N	1
817	10	1007	38	view	30229	t	2024-11-27 07:17:00+00	\N	\N	1
818	6	1014	39	view	30266	f	2024-11-27 08:58:00+00	\N	\N	1
819	4	1004	40	view	0	f	2024-11-27 10:39:00+00	\N	\N	1
820	4	\N	\N	view	30340	f	2024-11-27 12:20:00+00	\N	\N	1
821	6	1001	42	view	30377	f	2024-11-27 14:01:00+00	\N	\N	1
822	10	1008	43	save	0	f	2024-11-27 15:42:00+00	\N	\N	1
823	5	1015	44	view	30451	t	2024-11-27 17:23:00+00	\N	\N	1
824	2	\N	45	view	30488	f	2024-11-27 19:04:00+00	\N	\N	1
825	1	1012	\N	share	0	f	2024-11-27 20:45:00+00	\N	\N	1
826	2	1002	47	view	30562	f	2024-11-27 22:26:00+00	\N	\N	1
827	5	1009	48	view	30599	f	2024-11-28 00:07:00+00	\N	\N	1
828	10	\N	49	click	0	f	2024-11-28 01:48:00+00	\N	\N	1
829	6	1006	50	view	30673	t	2024-11-28 03:29:00+00	\N	\N	1
830	4	1013	\N	view	30710	f	2024-11-28 05:10:00+00	\N	\N	1
831	4	1003	52	skip	0	f	2024-11-28 06:51:00+00	\N	\N	1
832	6	\N	53	view	30784	f	2024-11-28 08:32:00+00	\N	\N	1
833	10	1000	54	view	30821	f	2024-11-28 10:13:00+00	\N	\N	1
834	5	1007	55	complete	0	f	2024-11-28 11:54:00+00	\N	\N	1
835	2	1014	\N	view	30895	t	2024-11-28 13:35:00+00	\N	\N	1
836	1	\N	57	view	30932	f	2024-11-28 15:16:00+00	\N	\N	1
837	2	1011	58	impression	0	f	2024-11-28 16:57:00+00	\N	\N	1
838	5	1001	59	view	31006	f	2024-11-28 18:38:00+00	\N	\N	1
839	10	1008	60	view	31043	f	2024-11-28 20:19:00+00	\N	\N	1
840	6	\N	\N	view	0	f	2024-11-28 22:00:00+00	\N	\N	1
842	4	1012	3	view	31154	f	2024-11-29 01:22:00+00	\N	\N	1
843	6	1002	4	save	0	f	2024-11-29 03:03:00+00	\N	\N	1
845	5	1016	\N	view	31265	f	2024-11-29 06:25:00+00	\N	\N	1
846	2	1006	7	share	0	f	2024-11-29 08:06:00+00	\N	\N	1
847	1	1013	8	view	31339	t	2024-11-29 09:47:00+00	\N	\N	1
848	2	\N	9	view	31376	f	2024-11-29 11:28:00+00	\N	\N	1
849	5	1010	10	click	0	f	2024-11-29 13:09:00+00	\N	\N	1
850	10	1000	\N	view	31450	f	2024-11-29 14:50:00+00	\N	{"n": 850, "text": "\\"\\\\ \\t"}	1
851	6	1007	12	view	31487	f	2024-11-29 16:31:00+00	\N	\N	1
852	4	\N	13	skip	0	f	2024-11-29 18:12:00+00	\N	\N	1
853	4	1004	14	view	31561	t	2024-11-29 19:53:00+00	\N	\N	1
854	6	1011	15	view	31598	f	2024-11-29 21:34:00+00	\N	\N	1
855	10	1001	\N	complete	0	f	2024-11-29 23:15:00+00	\N	\N	1
856	5	\N	17	view	31672	f	2024-11-30 00:56:00+00	\N	\N	1
857	2	1015	18	view	31709	f	2024-11-30 02:37:00+00	\N	\N	1
859	2	1012	20	view	31783	t	2024-11-30 05:59:00+00	\N	\N	1
860	5	\N	\N	view	31820	f	2024-11-30 07:40:00+00	\N	\N	1
861	10	1009	22	view	0	f	2024-11-30 09:21:00+00	\N	\N	1
862	6	1016	23	view	31894	f	2024-11-30 11:02:00+00	\N	\N	1
863	4	1006	24	view	31931	f	2024-11-30 12:43:00+00	\N	\N	1
864	4	\N	25	save	0	f	2024-11-30 14:24:00+00	\N	\N	1
865	6	1003	\N	view	32005	t	2024-11-30 16:05:00+00	\N	\N	1
866	10	1010	27	view	32042	f	2024-11-30 17:46:00+00	\N	\N	1
867	5	1000	28	share	0	f	2024-11-30 19:27:00+00	\N	\N	1
868	2	\N	29	view	32116	f	2024-11-30 21:08:00+00	\N	\N	1
869	1	1014	30	view	32153	f	2024-11-30 22:49:00+00	\N	\N	1
\.

COPY public.explore_engagements_2024_12 (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch) FROM stdin;
870	2	1004	\N	click	0	f	2024-12-01 00:30:00+00	\N	\N	1
871	5	1011	32	view	32227	t	2024-12-01 02:11:00+00	\N	\N	1
872	10	\N	33	view	32264	f	2024-12-01 03:52:00+00	\N	\N	1
874	4	1015	35	view	32338	f	2024-12-01 07:14:00+00	\N	\N	1
876	6	\N	37	complete	0	f	2024-12-01 10:36:00+00	\N	\N	1
877	10	1002	38	view	32449	t	2024-12-01 12:17:00+00	\N	\N	1
878	5	1009	39	view	32486	f	2024-12-01 13:58:00+00	\N	\N	1
879	2	1016	40	impression	0	f	2024-12-01 15:39:00+00	\N	\N	1
880	1	\N	\N	view	32560	f	2024-12-01 17:20:00+00	\N	\N	1
881	2	1013	42	view	32597	f	2024-12-01 19:01:00+00	\N	\N	1
882	5	1003	43	view	0	f	2024-12-01 20:42:00+00	\N	\N	1
883	10	1010	44	view	32671	t	2024-12-01 22:23:00+00	\N	\N	1
884	6	\N	45	view	32708	f	2024-12-02 00:04:00+00	\N	\N	1
885	4	1007	\N	save	0	f	2024-12-02 01:45:00+00	\N	\N	1
886	4	1014	47	view	32782	f	2024-12-02 03:26:00+00	\N	\N	1
887	6	1004	48	view	32819	f	2024-12-02 05:07:00+00	\N	\N	1
888	10	\N	49	share	0	f	2024-12-02 06:48:00+00	\N	\N	1
889	5	1001	50	view	32893	t	2024-12-02 08:29:00+00	\N	\N	1
890	2	1008	\N	view	32930	f	2024-12-02 10:10:00+00	\N	\N	1
891	1	1015	52	click	0	f	2024-12-02 11:51:00+00	\N	\N	1
892	2	\N	53	view	33004	f	2024-12-02 13:32:00+00	\N	\N	1
893	5	1012	54	view	33041	f	2024-12-02 15:13:00+00	\N	\N	1
894	10	1002	55	skip	0	f	2024-12-02 16:54:00+00	\N	\N	1
895	6	1009	\N	view	33115	t	2024-12-02 18:35:00+00	\N	\N	1
896	4	\N	57	view	33152	f	2024-12-02 20:16:00+00	\N	\N	1
897	4	1006	58	complete	0	f	2024-12-02 21:57:00+00	\N	\N	1
898	6	1013	59	view	33226	f	2024-12-02 23:38:00+00	\N	\N	1
899	10	1003	60	view	33263	f	2024-12-03 01:19:00+00	\N	\N	1
900	5	\N	\N	impression	0	f	2024-12-03 03:00:00+00	\N	{"n": 900, "text": "\\"\\\\ \\t"}	1
901	2	1000	2	view	33337	t	2024-12-03 04:41:00+00	\N	\N	1
902	1	1007	3	view	33374	f	2024-12-03 06:22:00+00	\N	\N	1
903	2	1014	4	view	0	f	2024-12-03 08:03:00+00	\N	\N	1
905	10	1011	\N	view	33485	f	2024-12-03 11:25:00+00	\N	\N	1
906	6	1001	7	save	0	f	2024-12-03 13:06:00+00	\N	\N	1
907	4	1008	8	view	33559	t	2024-12-03 14:47:00+00	\N	\N	1
908	4	\N	9	view	33596	f	2024-12-03 16:28:00+00	\N	\N	1
910	10	1012	\N	view	33670	f	2024-12-03 19:50:00+00	\N	\N	1
911	5	1002	12	view	33707	f	2024-12-03 21:31:00+00	\N	\N	1
912	2	\N	13	click	0	f	2024-12-03 23:12:00+00	\N	\N	1
913	1	1016	14	view	33781	t	2024-12-04 00:53:00+00	\N	\N	1
914	2	1006	15	view	33818	f	2024-12-04 02:34:00+00	\N	\N	1
915	5	1013	\N	skip	0	f	2024-12-04 04:15:00+00	\N	\N	1
916	10	\N	17	view	33892	f	2024-12-04 05:56:00+00	\N	\N	1
917	6	1010	18	view	33929	f	2024-12-04 07:37:00+00	\N	\N	1
918	4	1000	19	complete	0	f	2024-12-04 09:18:00+00	\N	\N	1
919	4	1007	20	view	34003	t	2024-12-04 10:59:00+00	\N	\N	1
920	6	\N	\N	view	34040	f	2024-12-04 12:40:00+00	\N	\N	1
921	10	1004	22	impression	0	f	2024-12-04 14:21:00+00	\N	\N	1
922	5	1011	23	view	34114	f	2024-12-04 16:02:00+00	\N	\N	1
923	2	1001	24	view	34151	f	2024-12-04 17:43:00+00	\N	\N	1
924	1	\N	25	view	0	f	2024-12-04 19:24:00+00	\N	\N	1
925	2	1015	\N	view	34225	t	2024-12-04 21:05:00+00	\N	\N	1
927	10	1012	28	save	0	f	2024-12-05 00:27:00+00	\N	\N	1
928	6	\N	29	view	34336	f	2024-12-05 02:08:00+00	\N	\N	1
929	4	1009	30	view	34373	f	2024-12-05 03:49:00+00	\N	\N	1
930	4	1016	\N	share	0	f	2024-12-05 05:30:00+00	\N	\N	1
931	6	1006	32	view	34447	t	2024-12-05 07:11:00+00	\N	\N	1
932	10	\N	33	view	34484	f	2024-12-05 08:52:00+00	\N	\N	1
933	5	1003	34	click	0	f	2024-12-05 10:33:00+00	\N	\N	1
934	2	1010	35	view	34558	f	2024-12-05 12:14:00+00	\N	\N	1
935	1	1000	\N	view	34595	f	2024-12-05 13:55:00+00	\N	\N	1
936	2	\N	37	skip	0	f	2024-12-05 15:36:00+00	\N	\N	1
937	5	1014	38	view	34669	t	2024-12-05 17:17:00+00	\N	\N	1
938	10	1004	39	view	34706	f	2024-12-05 18:58:00+00	\N	\N	1
939	6	1011	40	complete	0	f	2024-12-05 20:39:00+00	\N	\N	1
940	4	\N	\N	view	34780	f	2024-12-05 22:20:00+00	\N	\N	1
941	4	1008	42	view	34817	f	2024-12-06 00:01:00+00	\N	\N	1
942	6	1015	43	impression	0	f	2024-12-06 01:42:00+00	\N	\N	1
944	5	\N	45	view	34928	f	2024-12-06 05:04:00+00	\N	\N	1
945	2	1002	\N	view	0	f	2024-12-06 06:45:00+00	\N	\N	1
946	1	1009	47	view	35002	f	2024-12-06 08:26:00+00	\N	\N	1
947	2	1016	48	view	35039	f	2024-12-06 10:07:00+00	\N	\N	1
948	5	\N	49	save	0	f	2024-12-06 11:48:00+00	\N	\N	1
949	10	1013	50	view	35113	t	2024-12-06 13:29:00+00	\N	\N	1
950	6	1003	\N	view	35150	f	2024-12-06 15:10:00+00	\N	{"n": 950, "text": "\\"\\\\ \\t"}	1
951	4	1010	52	share	0	f	2024-12-06 16:51:00+00	\N	\N	1
952	4	\N	53	view	35224	f	2024-12-06 18:32:00+00	\N	\N	1
953	6	1007	54	view	35261	f	2024-12-06 20:13:00+00	\N	\N	1
954	10	1014	55	click	0	f	2024-12-06 21:54:00+00	\N	\N	1
955	5	1004	\N	view	35335	t	2024-12-06 23:35:00+00	\N	\N	1
956	2	\N	57	view	35372	f	2024-12-07 01:16:00+00	\N	\N	1
957	1	1001	58	skip	0	f	2024-12-07 02:57:00+00	\N	\N	1
958	2	1008	59	view	35446	f	2024-12-07 04:38:00+00	\N	\N	1
959	5	1015	60	view	35483	f	2024-12-07 06:19:00+00	\N	\N	1
960	10	\N	\N	complete	0	f	2024-12-07 08:00:00+00	\N	\N	1
961	6	1012	2	view	35557	t	2024-12-07 09:41:00+00	\N	\N	1
962	4	1002	3	view	35594	f	2024-12-07 11:22:00+00	\N	\N	1
963	4	1009	4	impression	0	f	2024-12-07 13:03:00+00	\N	\N	1
965	10	1006	\N	view	35705	f	2024-12-07 16:25:00+00	\N	\N	1
966	5	1013	7	view	0	f	2024-12-07 18:06:00+00	\N	\N	1
967	2	1003	8	view	35779	t	2024-12-07 19:47:00+00	\N	\N	1
968	1	\N	9	view	35816	f	2024-12-07 21:28:00+00	\N	\N	1
969	2	1000	10	save	0	f	2024-12-07 23:09:00+00	\N	\N	1
971	10	1014	12	view	35927	f	2024-12-08 02:31:00+00	\N	\N	1
972	6	\N	13	share	0	f	2024-12-08 04:12:00+00	\N	\N	1
973	4	1011	14	view	36001	t	2024-12-08 05:53:00+00	\N	\N	1
974	4	1001	15	view	36038	f	2024-12-08 07:34:00+00	\N	\N	1
975	6	1008	\N	click	0	f	2024-12-08 09:15:00+00	\N	\N	1
976	10	\N	17	view	36112	f	2024-12-08 10:56:00+00	\N	\N	1
978	2	1012	19	skip	0	f	2024-12-08 14:18:00+00	\N	\N	1
979	1	1002	20	view	36223	t	2024-12-08 15:59:00+00	\N	\N	1
980	2	\N	\N	view	36260	f	2024-12-08 17:40:00+00	\N	\N	1
981	5	1016	22	complete	0	f	2024-12-08 19:21:00+00	\N	\N	1
982	10	1006	23	view	36334	f	2024-12-08 21:02:00+00	\N	\N	1
983	6	1013	24	view	36371	f	2024-12-08 22:43:00+00	\N	\N	1
984	4	\N	25	impression	0	f	2024-12-09 00:24:00+00	\N	\N	1
985	4	1010	\N	view	36445	t	2024-12-09 02:05:00+00	\N	\N	1
986	6	1000	27	view	36482	f	2024-12-09 03:46:00+00	\N	\N	1
987	10	1007	28	view	0	f	2024-12-09 05:27:00+00	\N	\N	1
988	5	\N	29	view	36556	f	2024-12-09 07:08:00+00	\N	\N	1
989	2	1004	30	view	36593	f	2024-12-09 08:49:00+00	\N	\N	1
990	1	1011	\N	save	0	f	2024-12-09 10:30:00+00	\N	\N	1
991	2	1001	32	view	36667	t	2024-12-09 12:11:00+00	\N	\N	1
992	5	\N	33	view	36704	f	2024-12-09 13:52:00+00	\N	\N	1
993	10	1015	34	share	0	f	2024-12-09 15:33:00+00	\N	\N	1
995	4	1012	\N	view	36815	f	2024-12-09 18:55:00+00	\N	\N	1
996	4	\N	37	click	0	f	2024-12-09 20:36:00+00	\N	\N	1
997	6	1009	38	view	36889	t	2024-12-09 22:17:00+00	\N	\N	1
998	10	1016	39	view	36926	f	2024-12-09 23:58:00+00	\N	\N	1
999	5	1006	40	skip	0	f	2024-12-10 01:39:00+00	\N	\N	1
1000	2	\N	\N	view	37000	f	2024-12-10 03:20:00+00	\N	{"n": 1000, "text": "\\"\\\\ \\t"}	1
1001	1	1003	42	view	37037	f	2024-12-10 05:01:00+00	\N	\N	1
1002	2	1010	43	complete	0	f	2024-12-10 06:42:00+00	\N	\N	1
1003	5	1000	44	view	37111	t	2024-12-10 08:23:00+00	\N	\N	1
1004	10	\N	45	view	37148	f	2024-12-10 10:04:00+00	\N	\N	1
1005	6	1014	\N	impression	0	f	2024-12-10 11:45:00+00	\N	\N	1
1006	4	1004	47	view	37222	f	2024-12-10 13:26:00+00	\N	\N	1
1007	4	1011	48	view	37259	f	2024-12-10 15:07:00+00	\N	\N	1
1008	6	\N	49	view	0	f	2024-12-10 16:48:00+00	\N	\N	1
1009	10	1008	50	view	37333	t	2024-12-10 18:29:00+00	\N	\N	1
1010	5	1015	\N	view	37370	f	2024-12-10 20:10:00+00	\N	\N	1
1012	1	\N	53	view	37444	f	2024-12-10 23:32:00+00	\N	\N	1
1013	2	1002	54	view	37481	f	2024-12-11 01:13:00+00	\N	\N	1
1014	5	1009	55	share	0	f	2024-12-11 02:54:00+00	\N	\N	1
1015	10	1016	\N	view	37555	t	2024-12-11 04:35:00+00	\N	\N	1
1016	6	\N	57	view	37592	f	2024-12-11 06:16:00+00	\N	\N	1
1017	4	1013	58	click	0	f	2024-12-11 07:57:00+00	\N	\N	1
1018	4	1003	59	view	37666	f	2024-12-11 09:38:00+00	\N	\N	1
1019	6	1010	60	view	37703	f	2024-12-11 11:19:00+00	\N	\N	1
1020	10	\N	\N	skip	0	f	2024-12-11 13:00:00+00	\N	\N	1
1021	5	1007	2	view	37777	t	2024-12-11 14:41:00+00	\N	\N	1
1022	2	1014	3	view	37814	f	2024-12-11 16:22:00+00	\N	\N	1
1023	1	1004	4	complete	0	f	2024-12-11 18:03:00+00	\N	\N	1
1025	5	1001	\N	view	37925	f	2024-12-11 21:25:00+00	\N	\N	1
1026	10	1008	7	impression	0	f	2024-12-11 23:06:00+00	\N	\N	1
1027	6	1015	8	view	37999	t	2024-12-12 00:47:00+00	\N	\N	1
1028	4	\N	9	view	38036	f	2024-12-12 02:28:00+00	\N	\N	1
1029	4	1012	10	view	0	f	2024-12-12 04:09:00+00	\N	\N	1
1030	6	1002	\N	view	38110	f	2024-12-12 05:50:00+00	\N	\N	1
1031	10	1009	12	view	38147	f	2024-12-12 07:31:00+00	\N	\N	1
1032	5	\N	13	save	0	f	2024-12-12 09:12:00+00	\N	\N	1
1033	2	1006	14	view	38221	t	2024-12-12 10:53:00+00	\N	\N	1
1034	1	1013	15	view	38258	f	2024-12-12 12:34:00+00	\N	\N	1
1035	2	1003	\N	share	0	f	2024-12-12 14:15:00+00	\N	\N	1
1036	5	\N	17	view	38332	f	2024-12-12 15:56:00+00	\N	\N	1
1037	10	1000	18	view	38369	f	2024-12-12 17:37:00+00	\N	\N	1
1038	6	1007	19	click	0	f	2024-12-12 19:18:00+00	\N	\N	1
1039	4	1014	20	view	38443	t	2024-12-12 20:59:00+00	\N	\N	1
1040	4	\N	\N	view	38480	f	2024-12-12 22:40:00+00	\N	\N	1
1041	6	1011	22	skip	0	f	2024-12-13 00:21:00+00	\N	\N	1
1042	10	1001	23	view	38554	f	2024-12-13 02:02:00+00	\N	\N	1
1043	5	1008	24	view	38591	f	2024-12-13 03:43:00+00	\N	\N	1
1044	2	\N	25	complete	0	f	2024-12-13 05:24:00+00	\N	\N	1
1046	2	1012	27	view	38702	f	2024-12-13 08:46:00+00	\N	\N	1
1047	5	1002	28	impression	0	f	2024-12-13 10:27:00+00	\N	\N	1
1048	10	\N	29	view	38776	f	2024-12-13 12:08:00+00	\N	\N	1
1049	6	1016	30	view	38813	f	2024-12-13 13:49:00+00	\N	\N	1
1050	4	1006	\N	view	0	f	2024-12-13 15:30:00+00	\N	{"n": 1050, "text": "\\"\\\\ \\t"}	1
1051	4	1013	32	view	38887	t	2024-12-13 17:11:00+00	\N	\N	1
1052	6	\N	33	view	38924	f	2024-12-13 18:52:00+00	\N	\N	1
1053	10	1010	34	save	0	f	2024-12-13 20:33:00+00	\N	\N	1
1054	5	1000	35	view	38998	f	2024-12-13 22:14:00+00	\N	\N	1
1055	999	1007	\N	view	39035	f	2024-12-13 23:55:00+00	\N	\N	1
1056	1	\N	37	share	0	f	2024-12-14 01:36:00+00	\N	\N	1
1057	2	1004	38	view	39109	t	2024-12-14 03:17:00+00	\N	\N	1
1058	5	1011	39	view	39146	f	2024-12-14 04:58:00+00	\N	\N	1
1059	10	1001	40	click	0	f	2024-12-14 06:39:00+00	\N	\N	1
1060	6	\N	\N	view	39220	f	2024-12-14 08:20:00+00	\N	\N	1
1061	4	1015	42	view	39257	f	2024-12-14 10:01:00+00	\N	\N	1
1063	6	1012	44	view	39331	t	2024-12-14 13:23:00+00	\N	\N	1
1064	10	\N	45	view	39368	f	2024-12-14 15:04:00+00	\N	\N	1
1065	5	1009	\N	complete	0	f	2024-12-14 16:45:00+00	\N	\N	1
1066	2	1016	47	view	39442	f	2024-12-14 18:26:00+00	\N	\N	1
1068	2	\N	49	impression	0	f	2024-12-14 21:48:00+00	\N	\N	1
1069	5	1003	50	view	39553	t	2024-12-14 23:29:00+00	\N	\N	1
1070	10	1010	\N	view	39590	f	2024-12-15 01:10:00+00	\N	\N	1
1071	6	1000	52	view	0	f	2024-12-15 02:51:00+00	\N	\N	1
1072	4	\N	53	view	39664	f	2024-12-15 04:32:00+00	\N	\N	1
1073	4	1014	54	view	39701	f	2024-12-15 06:13:00+00	\N	\N	1
1074	6	1004	55	save	0	f	2024-12-15 07:54:00+00	\N	\N	1
1075	10	1011	\N	view	39775	t	2024-12-15 09:35:00+00	\N	\N	1
1076	5	\N	57	view	39812	f	2024-12-15 11:16:00+00	\N	\N	1
1077	2	1008	58	share	0	f	2024-12-15 12:57:00+00	\N	\N	1
1078	1	1015	59	view	39886	f	2024-12-15 14:38:00+00	\N	\N	1
1080	5	\N	\N	click	0	f	2024-12-15 18:00:00+00	\N	\N	1
1081	10	1002	2	view	39997	t	2024-12-15 19:41:00+00	\N	\N	1
1082	6	1009	3	view	40034	f	2024-12-15 21:22:00+00	\N	\N	1
1083	4	1016	4	skip	0	f	2024-12-15 23:03:00+00	\N	\N	1
1085	6	1013	\N	view	40145	f	2024-12-16 02:25:00+00	\N	\N	1
1086	10	1003	7	complete	0	f	2024-12-16 04:06:00+00	\N	\N	1
1087	5	1010	8	view	40219	t	2024-12-16 05:47:00+00	\N	\N	1
1088	2	\N	9	view	40256	f	2024-12-16 07:28:00+00	\N	\N	1
1089	1	1007	10	impression	0	f	2024-12-16 09:09:00+00	\N	\N	1
1090	2	1014	\N	view	40330	f	2024-12-16 10:50:00+00	\N	\N	1
1091	5	1004	12	view	40367	f	2024-12-16 12:31:00+00	\N	\N	1
1092	10	\N	13	view	0	f	2024-12-16 14:12:00+00	\N	\N	1
1093	6	1001	14	view	40441	t	2024-12-16 15:53:00+00	\N	\N	1
1094	4	1008	15	view	40478	f	2024-12-16 17:34:00+00	\N	\N	1
1095	4	1015	\N	save	0	f	2024-12-16 19:15:00+00	\N	\N	1
1096	6	\N	17	view	40552	f	2024-12-16 20:56:00+00	\N	\N	1
1097	10	1012	18	view	40589	f	2024-12-16 22:37:00+00	\N	\N	1
1098	5	1002	19	share	0	f	2024-12-17 00:18:00+00	\N	\N	1
1099	2	1009	20	view	40663	t	2024-12-17 01:59:00+00	\N	\N	1
1100	1	\N	\N	view	40700	f	2024-12-17 03:40:00+00	\N	{"n": 1100, "text": "\\"\\\\ \\t"}	1
1322	6	1001	2	complete	1000	f	2024-12-20 05:00:00+00	4f6efe50-8a2e-3670-967d-df638961d374	\N	4
1323	11	1002	3	save	2000	f	2024-12-20 10:00:00+00	510c7720-1f4d-b123-c66b-237a6e6429d1	\N	4
1324	4	1003	\N	view	3000	f	2024-12-20 15:00:00+00	1c099ab6-4f6d-bfe0-e7c3-cef7e1f933e3	\N	4
1325	2	1005	6	view	5000	f	2024-12-21 01:00:00+00	47e15948-2bad-f822-8902-e66f517357a3	\N	4
1326	7	1006	\N	complete	6000	f	2024-12-21 06:00:00+00	6ce49f95-214c-c9fc-b298-0414fb7d4896	\N	4
1327	12	1007	8	save	7000	f	2024-12-21 11:00:00+00	af998ce6-9226-e769-0e19-53bac7485deb	\N	4
1328	5	\N	9	view	8000	t	2024-12-21 16:00:00+00	202f6f03-b4ca-aed0-02dc-cd5c10a608e3	\N	4
1329	10	1009	\N	click	9000	f	2024-12-21 21:00:00+00	6ae9dc51-a3da-9071-3853-22910095a729	\N	4
1330	3	1010	11	view	10000	t	2024-12-22 02:00:00+00	54827acc-845e-3d33-3a3a-bca1fd97abf1	\N	4
1331	8	1011	12	complete	11000	f	2024-12-22 07:00:00+00	30d0503f-de26-27cd-e72f-6916cc99117c	\N	4
1332	1	\N	\N	save	12000	f	2024-12-22 12:00:00+00	e92f4cdb-0883-0a83-b088-aee8110cf19a	\N	4
1333	6	1013	14	view	13000	f	2024-12-22 17:00:00+00	a705f35d-dbfb-d4b3-d7e7-2cf2c1a0b6be	\N	4
1334	11	1014	15	click	14000	f	2024-12-22 22:00:00+00	8188f715-1e9e-6842-2b03-30c2082e9e32	\N	4
1335	4	1015	\N	view	15000	f	2024-12-23 03:00:00+00	68461e11-c82d-8bbe-460e-7d4000573255	\N	4
1336	9	1000	17	complete	16000	f	2024-12-23 08:00:00+00	e088c082-5133-c235-5206-11d856c94390	\N	4
1337	2	1000	18	save	17000	f	2024-12-23 13:00:00+00	c0296b50-a4b2-0658-069b-ef6157f154aa	\N	4
1338	7	1001	\N	view	18000	t	2024-12-23 18:00:00+00	3c849881-3459-1340-1e01-2b1d2b4a4fe4	\N	4
1339	12	1002	20	click	19000	f	2024-12-23 23:00:00+00	5362ea90-88a8-b261-e99b-0e5507235ce9	\N	4
1340	5	1001	1	view	20000	t	2024-12-24 04:00:00+00	426ba905-7c55-98f3-c261-fad04d7652c1	\N	4
1341	10	1004	\N	complete	21000	f	2024-12-24 09:00:00+00	3d3db937-04de-501a-3e2e-e7f0baa2cf28	\N	4
1342	3	1005	3	save	22000	f	2024-12-24 14:00:00+00	a5c1c9c2-85c3-f392-ec35-f1c549c84e4f	\N	4
1343	8	1006	4	view	23000	f	2024-12-24 19:00:00+00	90f29e55-1233-9cad-1354-f0807f1aa0e0	\N	4
1344	1	\N	\N	click	24000	f	2024-12-25 00:00:00+00	f457f181-f089-22c1-b39d-422b459acad9	\N	4
1345	6	1008	6	view	25000	f	2024-12-25 05:00:00+00	2ec61d4f-6863-2cc4-befc-0542c4147c67	\N	4
1346	11	1009	7	complete	26000	f	2024-12-25 10:00:00+00	b83a5b2d-7cc5-8e17-c3dc-db734e8b94ad	\N	4
1347	4	1010	\N	save	27000	f	2024-12-25 15:00:00+00	c0635dae-3d66-5c57-f631-5b372110baa1	\N	4
1348	9	\N	9	view	28000	t	2024-12-25 20:00:00+00	63e053d5-78d0-9c1f-2ca6-b7354b458a40	\N	4
1349	2	1012	10	click	29000	f	2024-12-26 01:00:00+00	ae1e0370-0d5d-ca93-46fc-9b246fd0491c	\N	4
1350	7	1013	\N	view	30000	t	2024-12-26 06:00:00+00	8938d57f-1891-b85f-bdb7-5b4b70255958	\N	4
1351	12	1014	12	complete	0	f	2024-12-26 11:00:00+00	4e7c0e8c-dafc-a888-9b71-142587420f18	\N	4
1352	5	1013	13	save	1000	f	2024-12-26 16:00:00+00	d04a0ae0-e890-54ae-da7a-5c8fe64f0e87	\N	4
1353	10	1016	\N	view	2000	f	2024-12-26 21:00:00+00	1456138c-adea-fc6a-f516-3f7b09b64900	\N	4
1354	3	1000	15	click	3000	f	2024-12-27 02:00:00+00	c923d89f-ad59-e2e8-afe6-7ad2ad3496d7	\N	4
1355	8	1001	16	view	4000	f	2024-12-27 07:00:00+00	c0b52a75-9ba4-bcf6-0a78-a2468538434e	\N	4
1356	1	\N	\N	complete	5000	f	2024-12-27 12:00:00+00	e2be4e99-713b-2eff-bb35-7ec6630afb07	\N	4
1357	6	1003	18	save	6000	f	2024-12-27 17:00:00+00	389328dd-2ca7-e5d8-ad5d-ff72c53e887d	\N	4
1358	11	1004	19	view	7000	t	2024-12-27 22:00:00+00	2e996910-8174-3999-1514-c6aae9d19e6c	\N	4
1359	4	1005	\N	click	8000	f	2024-12-28 03:00:00+00	79570fa7-c855-da36-15a4-87943fb7d2cc	\N	4
1360	9	1001	1	view	9000	t	2024-12-28 08:00:00+00	57d3d9d3-b306-7982-270b-6769ca9972a1	\N	4
1361	2	1007	2	complete	10000	f	2024-12-28 13:00:00+00	f1f1f4a9-2baf-7829-bd52-b6254f59ec75	\N	4
1362	7	1008	\N	save	11000	f	2024-12-28 18:00:00+00	14e1c33d-84d4-68b9-7c57-6059d871c691	\N	4
1363	12	1009	4	view	12000	f	2024-12-28 23:00:00+00	1c5fc5e5-68c3-6453-8cd9-76e7f7689ee6	\N	4
1364	10	1011	\N	view	14000	f	2024-12-29 09:00:00+00	99ec6047-2ef7-2ca8-eb53-0f39cbdd7294	\N	4
1365	3	1012	7	complete	15000	f	2024-12-29 14:00:00+00	40306b3d-5e36-00dc-a86e-d80cabe2ad78	\N	4
1366	8	1013	8	save	16000	f	2024-12-29 19:00:00+00	b48e2018-1f76-d683-c2fc-f72fb9084354	\N	4
1367	1	\N	\N	view	17000	t	2024-12-30 00:00:00+00	03b16453-4dec-025b-51ed-9eed769902f0	\N	4
1368	6	1015	10	click	18000	f	2024-12-30 05:00:00+00	17bef9b8-08ac-42a8-0697-b8b7cb63071a	\N	4
1369	11	1016	11	view	19000	t	2024-12-30 10:00:00+00	553fd6d7-126b-3fc5-45cf-28af25ef0388	\N	4
1370	4	1000	\N	complete	20000	f	2024-12-30 15:00:00+00	ad49af9e-e353-1ac2-3f42-f7404d7ea834	\N	4
1371	9	1013	13	save	21000	f	2024-12-30 20:00:00+00	c132677e-5483-960e-4c44-d73c8331fc5b	\N	4
1372	2	1002	14	view	22000	f	2024-12-31 01:00:00+00	d779ad8c-6992-afb8-c3c1-0b76908fdfba	\N	4
1373	7	1003	\N	click	23000	f	2024-12-31 06:00:00+00	760bffde-b515-cdcd-6e44-ec2052e8d411	\N	4
1374	12	1004	16	view	24000	f	2024-12-31 11:00:00+00	fed2391a-b651-ea34-ea96-d045bdfb2ed6	\N	4
1375	5	1000	17	complete	25000	f	2024-12-31 16:00:00+00	d98eec95-d063-8259-b5df-9779bc4b17c6	\N	4
1376	10	1006	\N	save	26000	f	2024-12-31 21:00:00+00	f3fb88ea-c6c2-af35-cf8a-7e18b1da8f97	\N	4
\.

COPY public.explore_engagements_2025_01 (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch) FROM stdin;
1377	3	1007	19	view	27000	t	2025-01-01 02:00:00+00	5ea4cb86-febc-681f-2f9b-f2df088a47a9	\N	4
1378	8	1008	20	click	28000	f	2025-01-01 07:00:00+00	12541d06-a6aa-6e2b-bfe5-cf96fdf5c1cb	\N	4
1379	1	\N	\N	view	29000	t	2025-01-01 12:00:00+00	bf4dd6ed-467b-62dd-9641-a47bed42cbad	\N	4
1380	6	1010	2	complete	30000	f	2025-01-01 17:00:00+00	e91fbb58-5b43-a890-ca67-f27e7b08ec57	\N	4
1381	11	1011	3	save	0	f	2025-01-01 22:00:00+00	9df81017-7d35-352a-4b1f-5119df70aa89	\N	4
1382	4	1012	\N	view	1000	f	2025-01-02 03:00:00+00	41161690-5f81-df79-47bc-e672cdf12415	\N	4
1383	2	1014	6	view	3000	f	2025-01-02 13:00:00+00	0674621e-1b9c-7b48-6ab8-9bf965eb9eb7	\N	4
1384	7	1015	\N	complete	4000	f	2025-01-02 18:00:00+00	f69a913c-adbe-a07e-2a42-c4a2a7197286	\N	4
1385	12	1016	8	save	5000	f	2025-01-02 23:00:00+00	3ed9f4b0-2a95-ed21-87ff-5ff450a0bfb4	\N	4
1386	5	\N	9	view	6000	t	2025-01-03 04:00:00+00	5f083d20-ce58-b57e-1a3b-aba477f28d0d	\N	4
1387	10	1001	\N	click	7000	f	2025-01-03 09:00:00+00	e1766194-4bc9-7dcd-787f-045725a5cea0	\N	4
1388	3	1002	11	view	8000	t	2025-01-03 14:00:00+00	1f50193a-0612-6c87-376c-d6c91807d58f	\N	4
1389	8	1003	12	complete	9000	f	2025-01-03 19:00:00+00	9c6afa0d-3f53-fb12-a396-d12420ccbc9f	\N	4
1390	1	\N	\N	save	10000	f	2025-01-04 00:00:00+00	15f1be40-cd07-f300-b82a-4c90f754f235	\N	4
1391	6	1005	14	view	11000	f	2025-01-04 05:00:00+00	3c253a86-87bf-482f-e8b0-ae975f1f64d1	\N	4
1392	11	1006	15	click	12000	f	2025-01-04 10:00:00+00	e268d7ae-081d-68cf-7e1f-ffc2a68d5493	\N	4
1393	4	1007	\N	view	13000	f	2025-01-04 15:00:00+00	31d6304a-5bd9-97c6-6916-8b8bb15461fb	\N	4
1394	7	1010	\N	view	16000	t	2025-01-05 06:00:00+00	76f596f0-e991-50a2-0591-0eb563300f1d	\N	4
1395	12	1011	20	click	17000	f	2025-01-05 11:00:00+00	536d4eed-b7a4-0af2-db3f-a3cf49288678	\N	4
1396	5	1001	1	view	18000	t	2025-01-05 16:00:00+00	bd48a7ec-cb38-3620-aedc-8ab911b28618	\N	4
1397	10	1013	\N	complete	19000	f	2025-01-05 21:00:00+00	a74cad78-14aa-a6f4-ad6a-56df0c65f008	\N	4
1398	3	1014	3	save	20000	f	2025-01-06 02:00:00+00	afb47d5b-b975-afb7-4cb5-a5dec213778e	\N	4
1399	8	1015	4	view	21000	f	2025-01-06 07:00:00+00	12b88817-211d-e1d6-7862-eafa194d08e2	\N	4
1400	1	\N	\N	click	22000	f	2025-01-06 12:00:00+00	08fcbf3e-2653-270c-cac2-e4d31eaeae8f	\N	4
1401	6	1000	6	view	23000	f	2025-01-06 17:00:00+00	12154f07-19f1-870a-28a2-a2096bfbd89e	\N	4
1402	11	1001	7	complete	24000	f	2025-01-06 22:00:00+00	bee5241b-c2c4-2104-d213-f13111eef236	\N	4
1403	4	1002	\N	save	25000	f	2025-01-07 03:00:00+00	4c9e6329-4839-4804-afbd-a26d0e8d36bd	\N	4
1404	9	\N	9	view	26000	t	2025-01-07 08:00:00+00	a1e78d11-1ad2-9e43-14a8-75e8e0ceeee8	\N	4
1405	2	1004	10	click	27000	f	2025-01-07 13:00:00+00	91d4f33d-2833-cd6c-2626-decc470323b0	\N	4
1406	7	1005	\N	view	28000	t	2025-01-07 18:00:00+00	0c5c5ef7-62e3-5ad0-fee8-96d851c88ede	\N	4
1407	12	1006	12	complete	29000	f	2025-01-07 23:00:00+00	e6186d9d-053e-dc2e-1b7e-74aced0377f6	\N	4
1408	5	1013	13	save	30000	f	2025-01-08 04:00:00+00	a378f038-939d-be6f-05e1-7823c56b6b82	\N	4
1409	10	1008	\N	view	0	f	2025-01-08 09:00:00+00	0c696bce-2667-8772-1926-32abf5f74844	\N	4
1410	3	1009	15	click	1000	f	2025-01-08 14:00:00+00	d09666b6-ce63-dedf-b98c-d82aa6cbcca4	\N	4
1411	8	1010	16	view	2000	f	2025-01-08 19:00:00+00	5b1f236e-a819-51a1-9d88-db41456d4d64	\N	4
1412	1	\N	\N	complete	3000	f	2025-01-09 00:00:00+00	7ff3f8a8-d68b-2392-a04f-4b49e95d7800	\N	4
1413	6	1012	18	save	4000	f	2025-01-09 05:00:00+00	4c24b43e-9f28-c5a6-5bfd-4e4d1248a744	\N	4
1414	11	1013	19	view	5000	t	2025-01-09 10:00:00+00	01c66bc1-ee3b-9153-2add-a0bbb750eb1a	\N	4
1415	4	1014	\N	click	6000	f	2025-01-09 15:00:00+00	2ad6767a-299a-dad7-5de3-506d5a26545f	\N	4
1416	9	1001	1	view	7000	t	2025-01-09 20:00:00+00	2bf38278-0511-e0d6-9234-1ee8110f08a5	\N	4
1417	5	1003	\N	save	0	f	2025-01-05 10:00:00+00	00000000-0000-4000-8000-00000000d00d	\N	5
1418	6	1003	7	complete	0	f	2025-01-05 10:01:00+00	\N	\N	5
1419	4	1003	61	view	5000	f	2025-01-19 11:20:00+00	\N	\N	6
1420	4	\N	62	view	6000	f	2025-01-19 11:40:00+00	\N	\N	6
1421	2	1101	\N	view	500	f	2025-01-15 00:01:00+00	\N	\N	6
1422	3	1102	\N	share	500	f	2025-01-15 00:02:00+00	\N	\N	6
1423	4	1103	\N	skip	500	f	2025-01-15 00:03:00+00	\N	\N	6
1424	5	1104	\N	view	500	f	2025-01-15 00:04:00+00	\N	\N	6
1425	6	1105	\N	view	500	f	2025-01-15 00:05:00+00	\N	\N	6
1426	7	1106	\N	share	500	f	2025-01-15 00:06:00+00	\N	\N	6
1427	8	1107	\N	skip	500	f	2025-01-15 00:07:00+00	\N	\N	6
1428	9	1108	\N	view	500	f	2025-01-15 00:08:00+00	\N	\N	6
1429	10	1109	\N	view	500	f	2025-01-15 00:09:00+00	\N	\N	6
1430	11	1110	\N	share	500	f	2025-01-15 00:10:00+00	\N	\N	6
1431	1	1111	\N	skip	500	f	2025-01-15 00:11:00+00	\N	\N	6
1432	2	1112	\N	view	500	f	2025-01-15 00:12:00+00	\N	\N	6
1433	3	1113	\N	view	500	f	2025-01-15 00:13:00+00	\N	\N	6
1434	4	1114	\N	share	500	f	2025-01-15 00:14:00+00	\N	\N	6
1435	5	1115	\N	skip	500	f	2025-01-15 00:15:00+00	\N	\N	6
1436	6	1116	\N	view	500	f	2025-01-15 00:16:00+00	\N	\N	6
1437	7	1117	\N	view	500	f	2025-01-15 00:17:00+00	\N	\N	6
1438	8	1118	\N	share	500	f	2025-01-15 00:18:00+00	\N	\N	6
1439	9	1119	\N	skip	500	f	2025-01-15 00:19:00+00	\N	\N	6
1440	10	1120	\N	view	500	f	2025-01-15 00:20:00+00	\N	\N	6
1441	11	1121	\N	view	500	f	2025-01-15 00:21:00+00	\N	\N	6
1442	1	1122	\N	share	500	f	2025-01-15 00:22:00+00	\N	\N	6
1443	2	1123	\N	skip	500	f	2025-01-15 00:23:00+00	\N	\N	6
1444	3	1124	\N	view	500	f	2025-01-15 00:24:00+00	\N	\N	6
1445	4	1125	\N	view	500	f	2025-01-15 00:25:00+00	\N	\N	6
1446	5	1126	\N	share	500	f	2025-01-15 00:26:00+00	\N	\N	6
1447	6	1127	\N	skip	500	f	2025-01-15 00:27:00+00	\N	\N	6
1448	7	1128	\N	view	500	f	2025-01-15 00:28:00+00	\N	\N	6
1449	8	1129	\N	view	500	f	2025-01-15 00:29:00+00	\N	\N	6
1450	9	1130	\N	share	500	f	2025-01-15 00:30:00+00	\N	\N	6
1451	10	1131	\N	skip	500	f	2025-01-15 00:31:00+00	\N	\N	6
1452	11	1132	\N	view	500	f	2025-01-15 00:32:00+00	\N	\N	6
1453	1	1133	\N	view	500	f	2025-01-15 00:33:00+00	\N	\N	6
1454	2	1134	\N	share	500	f	2025-01-15 00:34:00+00	\N	\N	6
1455	3	1135	\N	skip	500	f	2025-01-15 00:35:00+00	\N	\N	6
1456	4	1136	\N	view	500	f	2025-01-15 00:36:00+00	\N	\N	6
1457	5	1137	\N	view	500	f	2025-01-15 00:37:00+00	\N	\N	6
1458	6	1138	\N	share	500	f	2025-01-15 00:38:00+00	\N	\N	6
1459	7	1139	\N	skip	500	f	2025-01-15 00:39:00+00	\N	\N	6
1460	8	1140	\N	view	500	f	2025-01-15 00:40:00+00	\N	\N	6
1461	9	1141	\N	view	500	f	2025-01-15 00:41:00+00	\N	\N	6
1462	10	1142	\N	share	500	f	2025-01-15 00:42:00+00	\N	\N	6
1463	11	1143	\N	skip	500	f	2025-01-15 00:43:00+00	\N	\N	6
1464	1	1144	\N	view	500	f	2025-01-15 00:44:00+00	\N	\N	6
\.

COPY public.explore_engagements_default (id, content_id, user_id, session_id, engagement_type, watch_time_ms, completed, created_at, event_id, metadata, epoch) FROM stdin;
1301	3	1003	5	view	700	f	2024-10-05 00:00:00+00	\N	\N	3
1302	2	1001	\N	view	100	f	2025-05-02 00:00:00+00	\N	\N	4
1303	3	1002	\N	view	100	f	2025-05-03 00:00:00+00	\N	\N	4
1304	4	1003	\N	view	100	f	2025-05-04 00:00:00+00	\N	\N	4
1305	5	1004	\N	view	100	f	2025-05-05 00:00:00+00	\N	\N	4
1306	6	1005	\N	view	100	f	2025-05-06 00:00:00+00	\N	\N	4
1307	7	1006	\N	view	100	f	2025-05-07 00:00:00+00	\N	\N	4
1308	8	1007	\N	view	100	f	2025-05-08 00:00:00+00	\N	\N	4
1309	9	1008	\N	view	100	f	2025-05-09 00:00:00+00	\N	\N	4
1310	10	1009	\N	view	100	f	2025-05-10 00:00:00+00	\N	\N	4
1311	11	1010	\N	view	100	f	2025-05-11 00:00:00+00	\N	\N	4
1312	12	1011	\N	view	100	f	2025-05-12 00:00:00+00	\N	\N	4
1313	1	1012	\N	view	100	f	2025-05-13 00:00:00+00	\N	\N	4
1314	2	1013	\N	view	100	f	2025-05-14 00:00:00+00	\N	\N	4
1315	3	1014	\N	view	100	f	2025-05-15 00:00:00+00	\N	\N	4
1316	4	1015	\N	view	100	f	2025-05-16 00:00:00+00	\N	\N	4
1317	5	1016	\N	view	100	f	2025-05-17 00:00:00+00	\N	\N	4
1318	6	1017	\N	view	100	f	2025-05-18 00:00:00+00	\N	\N	4
1319	7	1018	\N	view	100	f	2025-05-19 00:00:00+00	\N	\N	4
1320	8	1019	\N	view	100	f	2025-05-20 00:00:00+00	\N	\N	4
1321	9	1020	\N	view	100	f	2025-05-21 00:00:00+00	\N	\N	4
\.

COPY public.explore_feed_sessions (id, user_id, session_start, session_end, device_type, platform, app_version, country, region, city, traffic_source, attributes) FROM stdin;
4	1004	2024-10-07 20:00:00+00	2024-10-07 20:04:40+00	tablet	android	\N	AE	\N	\N	\N	{"n": 4}
8	1008	2024-10-14 16:00:00+00	2024-10-14 16:09:20+00	desktop	web	\N	AE	\N	\N	\N	{"n": 8}
12	\N	2024-10-21 12:00:00+00	2024-10-21 12:14:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 12}
16	1016	2024-10-28 08:00:00+00	2024-10-28 08:18:40+00	tablet	android	\N	AE	\N	\N	\N	{"n": 16}
20	1003	2024-11-04 04:00:00+00	2024-11-04 04:23:20+00	desktop	web	\N	AE	\N	\N	\N	{"n": 20}
24	\N	2024-11-11 00:00:00+00	2024-11-11 00:28:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 24}
28	1011	2024-11-17 20:00:00+00	2024-11-17 20:32:40+00	tablet	android	\N	AE	\N	\N	\N	{"n": 28}
32	1015	2024-11-24 16:00:00+00	2024-11-24 16:37:20+00	desktop	web	\N	AE	\N	\N	\N	{"n": 32}
36	\N	2024-12-01 12:00:00+00	2024-12-01 12:42:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 36}
40	1006	2024-12-08 08:00:00+00	2024-12-08 08:46:40+00	tablet	android	\N	AE	\N	\N	\N	{"n": 40}
44	1010	2024-12-15 04:00:00+00	2024-12-15 04:51:20+00	desktop	web	\N	AE	\N	\N	\N	{"n": 44}
48	\N	2024-12-22 00:00:00+00	2024-12-22 00:56:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 48}
52	1001	2024-12-28 20:00:00+00	2024-12-28 21:00:40+00	tablet	android	\N	AE	\N	\N	\N	{"n": 52}
60	\N	2025-01-11 12:00:00+00	2025-01-11 13:10:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 60}
1	1001	2024-10-02 17:00:00+00	2025-01-09 20:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 1}
2	1002	2024-10-04 10:00:00+00	2025-01-01 17:00:00+00	desktop	web	\N	AE	\N	\N	\N	{"n": 2}
3	\N	2024-10-06 03:00:00+00	2025-01-06 02:00:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 3}
6	\N	2024-10-11 06:00:00+00	2025-01-06 17:00:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 6}
7	1007	2024-10-12 23:00:00+00	2025-01-06 22:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 7}
9	\N	2024-10-16 09:00:00+00	2025-01-07 08:00:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 9}
10	1010	2024-10-18 02:00:00+00	2025-01-07 13:00:00+00	tablet	android	\N	AE	\N	\N	\N	{"n": 10}
11	1011	2024-10-19 19:00:00+00	2025-01-03 14:00:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 11}
13	1013	2024-10-23 05:00:00+00	2025-01-08 04:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 13}
14	1014	2024-10-24 22:00:00+00	2025-01-04 05:00:00+00	desktop	web	\N	AE	\N	\N	\N	{"n": 14}
15	\N	2024-10-26 15:00:00+00	2025-01-08 14:00:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 15}
17	1000	2024-10-30 01:00:00+00	2024-12-31 16:00:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 17}
18	\N	2024-10-31 18:00:00+00	2025-01-09 05:00:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 18}
19	1002	2024-11-02 11:00:00+00	2025-01-09 10:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 19}
21	\N	2024-11-05 21:00:00+00	2024-11-05 21:00:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 21}
23	1006	2024-11-09 07:00:00+00	2024-12-13 02:02:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 23}
25	1008	2024-11-12 17:00:00+00	2024-12-13 05:24:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 25}
26	1009	2024-11-14 10:00:00+00	2024-11-14 10:00:00+00	desktop	web	\N	AE	\N	\N	\N	{"n": 26}
27	\N	2024-11-16 03:00:00+00	2024-12-13 08:46:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 27}
29	1012	2024-11-19 13:00:00+00	2024-12-13 12:08:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 29}
30	\N	2024-11-21 06:00:00+00	2024-12-13 13:49:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 30}
31	1014	2024-11-22 23:00:00+00	2024-11-22 23:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 31}
33	\N	2024-11-26 09:00:00+00	2024-12-13 18:52:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 33}
34	1000	2024-11-28 02:00:00+00	2024-12-13 20:33:00+00	tablet	android	\N	AE	\N	\N	\N	{"n": 34}
35	1001	2024-11-29 19:00:00+00	2024-12-13 22:14:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 35}
37	1003	2024-12-03 05:00:00+00	2024-12-14 01:36:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 37}
38	1004	2024-12-04 22:00:00+00	2024-12-14 03:17:00+00	desktop	web	\N	AE	\N	\N	\N	{"n": 38}
39	\N	2024-12-06 15:00:00+00	2024-12-14 04:58:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 39}
41	1007	2024-12-10 01:00:00+00	2024-12-10 01:00:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 41}
42	\N	2024-12-11 18:00:00+00	2024-12-14 10:01:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 42}
43	1009	2024-12-13 11:00:00+00	2024-12-13 11:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 43}
45	\N	2024-12-16 21:00:00+00	2024-12-16 21:00:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 45}
46	1012	2024-12-18 14:00:00+00	2024-12-18 14:00:00+00	tablet	android	\N	AE	\N	\N	\N	{"n": 46}
47	1013	2024-12-20 07:00:00+00	2024-12-20 07:00:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 47}
49	1015	2024-12-23 17:00:00+00	2024-12-23 17:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 49}
50	1016	2024-12-25 10:00:00+00	2024-12-25 10:00:00+00	desktop	web	\N	AE	\N	\N	\N	{"n": 50}
51	\N	2024-12-27 03:00:00+00	2024-12-27 03:00:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 51}
53	1002	2024-12-30 13:00:00+00	2024-12-30 13:00:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 53}
54	\N	2025-01-01 06:00:00+00	2025-01-01 06:00:00+00	phone	ios	\N	AE	\N	\N	\N	{"n": 54}
55	1004	2025-01-02 23:00:00+00	2025-01-02 23:00:00+00	tablet	android	\N	DE	\N	\N	\N	{"n": 55}
57	\N	2025-01-06 09:00:00+00	2025-01-06 09:00:00+00	phone	ios	\N	DE	\N	\N	\N	{"n": 57}
58	1007	2025-01-08 02:00:00+00	2025-01-08 02:00:00+00	tablet	android	\N	AE	\N	\N	\N	{"n": 58}
59	1008	2025-01-09 19:00:00+00	2025-01-09 19:00:00+00	desktop	web	\N	DE	\N	\N	\N	{"n": 59}
61	1003	2025-01-19 11:00:00+00	\N	\N	\N	\N	\N	\N	\N	\N	{}
62	\N	2025-01-19 11:30:00+00	\N	\N	\N	\N	\N	\N	\N	\N	{}
\.

COPY public.explore_saved_properties (user_id, content_id, saved_at) FROM stdin;
1000	2	2025-01-05 00:00:00+00
1002	4	2025-01-05 00:00:00+00
1002	11	2025-01-05 00:00:00+00
1003	6	2025-01-05 00:00:00+00
1005	3	2025-01-05 00:00:00+00
1006	10	2025-01-05 00:00:00+00
1007	12	2025-01-05 00:00:00+00
1008	7	2025-01-05 00:00:00+00
1010	4	2025-01-05 00:00:00+00
1011	11	2025-01-05 00:00:00+00
1012	6	2025-01-05 00:00:00+00
1013	5	2025-01-05 00:00:00+00
1013	8	2025-01-05 00:00:00+00
1013	9	2025-01-05 00:00:00+00
1014	3	2025-01-05 00:00:00+00
1016	12	2025-01-05 00:00:00+00
1003	5	2025-01-05 00:00:00+00
\.

COPY public.explore_viewers (user_id, birth_year, gender, country, region, city, language, created_at) FROM stdin;
1000	1960	g0	AE	\N	\N	\N	2024-09-04 00:00:00+00
1001	1961	g1	AE	\N	\N	\N	2024-09-04 00:00:00+00
1002	1962	g2	AE	\N	\N	\N	2024-09-04 00:00:00+00
1003	1963	g0	AE	\N	\N	\N	2024-09-04 00:00:00+00
1004	1964	g1	AE	\N	\N	\N	2024-09-04 00:00:00+00
1006	1966	g0	AE	\N	\N	\N	2024-09-04 00:00:00+00
1007	1967	g1	AE	\N	\N	\N	2024-09-04 00:00:00+00
1008	1968	g2	AE	\N	\N	\N	2024-09-04 00:00:00+00
1009	1969	g0	AE	\N	\N	\N	2024-09-04 00:00:00+00
1010	1970	g1	AE	\N	\N	\N	2024-09-04 00:00:00+00
1011	1971	g2	AE	\N	\N	\N	2024-09-04 00:00:00+00
1012	1972	g0	AE	\N	\N	\N	2024-09-04 00:00:00+00
1013	1973	g1	AE	\N	\N	\N	2024-09-04 00:00:00+00
1014	1974	g2	AE	\N	\N	\N	2024-09-04 00:00:00+00
1015	1975	g0	AE	\N	\N	\N	2024-09-04 00:00:00+00
1016	1976	g1	AE	\N	\N	\N	2024-09-04 00:00:00+00
\.

COPY public.kept_values (month, summary, viewers) FROM stdin;
2024-12-01 00:00:00+00	5QEAAK4BCUYWChQJC6e96gIbAR0bcQMDAwsDAwcDA/AHAAAAAAAAAAAAAAAAAAAAAA==	5gEAABxxAwMDBwMDAwcDA/AHAAAAAAAAAAAAAAAAAAAAAA==
2024-10-01 00:00:00+00	5QEAAAEAAAAAAAAAvAUBAQMB1g8=	5gEAAAHWDw==
2024-11-01 00:00:00+00	5QEAAJwCD1QUFRITEsHihgMbAR0bcQMDAwcDAwMHAwPwBwAAAAABAAAAAAAAAAAAAA==	5gEAABtxAwMDBwMDAwcDA/AHAAAAAAEAAAAAAAAAAAAA
2025-01-01 00:00:00+00	5QEAACoBEggLCAsA6JUlJAEmJHs08AcAAAABAQABAQAAAFUCAAIAAgACAAIAAgACAAIAAgACAAI=	5gEAAD97NPAHAAAAAAAAAAAAAAAAAAAAAFQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
2025-05-01 00:00:00+00	5QEAABQAAAAAAAAA0A8UARYU0g8AAAAAAAAAAAAAAAAAAAAAAAAA	5gEAABTSDwAAAAAAAAAAAAAAAAAAAAAAAAA=
\.

SELECT pg_catalog.setval('explore_analytics.audit_log_id_seq', 8, true);

SELECT pg_catalog.setval('explore_analytics.epoch_seq', 6, true);

SELECT pg_catalog.setval('public.explore_content_id_seq', 12, true);

SELECT pg_catalog.setval('public.explore_discovery_videos_id_seq', 10, true);

SELECT pg_catalog.setval('public.explore_engagements_id_seq', 1464, true);

SELECT pg_catalog.setval('public.explore_feed_sessions_id_seq', 62, true);

ALTER TABLE ONLY explore_analytics.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY explore_analytics.dropped_partitions
    ADD CONSTRAINT dropped_partitions_pkey PRIMARY KEY (partition_name);

ALTER TABLE ONLY explore_analytics.event_keys
    ADD CONSTRAINT event_keys_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY explore_analytics.identities
    ADD CONSTRAINT identities_pkey PRIMARY KEY (login);

ALTER TABLE ONLY explore_analytics.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (scope, name);

ALTER TABLE ONLY explore_analytics.rollup_buckets
    ADD CONSTRAINT rollup_buckets_pkey PRIMARY KEY (id, scope, level, bucket);

ALTER TABLE ONLY explore_analytics.rollup_deltas
    ADD CONSTRAINT rollup_deltas_pkey PRIMARY KEY (id, scope, epoch, first_at);

ALTER TABLE ONLY explore_analytics.rollup_ledger
    ADD CONSTRAINT rollup_ledger_pkey PRIMARY KEY (high);

ALTER TABLE ONLY explore_analytics.rollup_state
    ADD CONSTRAINT rollup_state_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY explore_analytics.rollup_totals
    ADD CONSTRAINT rollup_totals_pkey PRIMARY KEY (id, scope);

ALTER TABLE ONLY explore_analytics.session_rollups
    ADD CONSTRAINT session_rollups_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY explore_analytics.viewing_keys
    ADD CONSTRAINT viewing_keys_pkey PRIMARY KEY (session_id, content_id, viewer_key);

ALTER TABLE ONLY public.explore_content
    ADD CONSTRAINT explore_content_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.explore_discovery_videos
    ADD CONSTRAINT explore_discovery_videos_content_id_key UNIQUE (content_id);

ALTER TABLE ONLY public.explore_discovery_videos
    ADD CONSTRAINT explore_discovery_videos_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.explore_feed_sessions
    ADD CONSTRAINT explore_feed_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.explore_saved_properties
    ADD CONSTRAINT explore_saved_properties_pkey PRIMARY KEY (user_id, content_id);

ALTER TABLE ONLY public.explore_viewers
    ADD CONSTRAINT explore_viewers_pkey PRIMARY KEY (user_id);

CREATE INDEX creator_changes_creator ON explore_analytics.creator_changes USING btree (creator_id);

CREATE INDEX event_keys_seen ON explore_analytics.event_keys USING brin (seen) WITH (autosummarize='on');

CREATE UNIQUE INDEX leaderboard_content ON explore_analytics.leaderboard USING btree (content_id);

CREATE INDEX rollup_totals_best ON explore_analytics.rollup_totals USING btree (score DESC, views DESC, id) WHERE (scope = 2);

CREATE INDEX rollup_totals_epoch ON explore_analytics.rollup_totals USING btree (epoch);

CREATE INDEX session_rollups_touched ON explore_analytics.session_rollups USING gin (touched) WITH (fastupdate=off);

CREATE INDEX viewing_keys_seen ON explore_analytics.viewing_keys USING brin (seen) WITH (autosummarize='on');

CREATE INDEX explore_content_creator ON public.explore_content USING btree (creator_id);

CREATE INDEX explore_engagements_content ON ONLY public.explore_engagements USING btree (content_id, created_at);

CREATE INDEX explore_engagements_2024_11_content_id_created_at_idx ON public.explore_engagements_2024_11 USING btree (content_id, created_at);

CREATE INDEX explore_engagements_created ON ONLY public.explore_engagements USING brin (created_at) WITH (autosummarize='on');

CREATE INDEX explore_engagements_2024_11_created_at_idx ON public.explore_engagements_2024_11 USING brin (created_at) WITH (autosummarize='on');

CREATE INDEX explore_engagements_epoch ON ONLY public.explore_engagements USING btree (epoch);

CREATE INDEX explore_engagements_2024_11_epoch_idx ON public.explore_engagements_2024_11 USING btree (epoch);

CREATE INDEX explore_engagements_session ON ONLY public.explore_engagements USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX explore_engagements_2024_11_session_id_idx ON public.explore_engagements_2024_11 USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX explore_engagements_user ON ONLY public.explore_engagements USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX explore_engagements_2024_11_user_id_idx ON public.explore_engagements_2024_11 USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX explore_engagements_2024_12_content_id_created_at_idx ON public.explore_engagements_2024_12 USING btree (content_id, created_at);

CREATE INDEX explore_engagements_2024_12_created_at_idx ON public.explore_engagements_2024_12 USING brin (created_at) WITH (autosummarize='on');

CREATE INDEX explore_engagements_2024_12_epoch_idx ON public.explore_engagements_2024_12 USING btree (epoch);

CREATE INDEX explore_engagements_2024_12_session_id_idx ON public.explore_engagements_2024_12 USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX explore_engagements_2024_12_user_id_idx ON public.explore_engagements_2024_12 USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX explore_engagements_2025_01_content_id_created_at_idx ON public.explore_engagements_2025_01 USING btree (content_id, created_at);

CREATE INDEX explore_engagements_2025_01_created_at_idx ON public.explore_engagements_2025_01 USING brin (created_at) WITH (autosummarize='on');

CREATE INDEX explore_engagements_2025_01_epoch_idx ON public.explore_engagements_2025_01 USING btree (epoch);

CREATE INDEX explore_engagements_2025_01_session_id_idx ON public.explore_engagements_2025_01 USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX explore_engagements_2025_01_user_id_idx ON public.explore_engagements_2025_01 USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX explore_engagements_default_content_id_created_at_idx ON public.explore_engagements_default USING btree (content_id, created_at);

CREATE INDEX explore_engagements_default_created_at_idx ON public.explore_engagements_default USING brin (created_at) WITH (autosummarize='on');

CREATE INDEX explore_engagements_default_epoch_idx ON public.explore_engagements_default USING btree (epoch);

CREATE INDEX explore_engagements_default_session_id_idx ON public.explore_engagements_default USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE INDEX explore_engagements_default_user_id_idx ON public.explore_engagements_default USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE INDEX explore_feed_sessions_open ON public.explore_feed_sessions USING btree (session_start) WHERE (session_end IS NULL);

CREATE INDEX explore_feed_sessions_start ON public.explore_feed_sessions USING btree (session_start);

ALTER INDEX public.explore_engagements_content ATTACH PARTITION public.explore_engagements_2024_11_content_id_created_at_idx;

ALTER INDEX public.explore_engagements_created ATTACH PARTITION public.explore_engagements_2024_11_created_at_idx;

ALTER INDEX public.explore_engagements_epoch ATTACH PARTITION public.explore_engagements_2024_11_epoch_idx;

ALTER INDEX public.explore_engagements_session ATTACH PARTITION public.explore_engagements_2024_11_session_id_idx;

ALTER INDEX public.explore_engagements_user ATTACH PARTITION public.explore_engagements_2024_11_user_id_idx;

ALTER INDEX public.explore_engagements_content ATTACH PARTITION public.explore_engagements_2024_12_content_id_created_at_idx;

ALTER INDEX public.explore_engagements_created ATTACH PARTITION public.explore_engagements_2024_12_created_at_idx;

ALTER INDEX public.explore_engagements_epoch ATTACH PARTITION public.explore_engagements_2024_12_epoch_idx;

ALTER INDEX public.explore_engagements_session ATTACH PARTITION public.explore_engagements_2024_12_session_id_idx;

ALTER INDEX public.explore_engagements_user ATTACH PARTITION public.explore_engagements_2024_12_user_id_idx;

ALTER INDEX public.explore_engagements_content ATTACH PARTITION public.explore_engagements_2025_01_content_id_created_at_idx;

ALTER INDEX public.explore_engagements_created ATTACH PARTITION public.explore_engagements_2025_01_created_at_idx;

ALTER INDEX public.explore_engagements_epoch ATTACH PARTITION public.explore_engagements_2025_01_epoch_idx;

ALTER INDEX public.explore_engagements_session ATTACH PARTITION public.explore_engagements_2025_01_session_id_idx;

ALTER INDEX public.explore_engagements_user ATTACH PARTITION public.explore_engagements_2025_01_user_id_idx;

ALTER INDEX public.explore_engagements_content ATTACH PARTITION public.explore_engagements_default_content_id_created_at_idx;

ALTER INDEX public.explore_engagements_created ATTACH PARTITION public.explore_engagements_default_created_at_idx;

ALTER INDEX public.explore_engagements_epoch ATTACH PARTITION public.explore_engagements_default_epoch_idx;

ALTER INDEX public.explore_engagements_session ATTACH PARTITION public.explore_engagements_default_session_id_idx;

ALTER INDEX public.explore_engagements_user ATTACH PARTITION public.explore_engagements_default_user_id_idx;

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON explore_analytics.audit_log FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_change();

ALTER TABLE explore_analytics.audit_log ENABLE ALWAYS TRIGGER audit_log_append_only;

CREATE TRIGGER limits_changed AFTER INSERT OR DELETE OR UPDATE ON explore_analytics.rate_limits FOR EACH ROW EXECUTE FUNCTION explore_analytics.note_limits();

ALTER TABLE explore_analytics.rate_limits ENABLE ALWAYS TRIGGER limits_changed;

CREATE TRIGGER limits_truncated AFTER TRUNCATE ON explore_analytics.rate_limits FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_limits();

ALTER TABLE explore_analytics.rate_limits ENABLE ALWAYS TRIGGER limits_truncated;

CREATE TRIGGER explore_analytics_applied_content AFTER INSERT OR DELETE ON public.explore_content FOR EACH ROW EXECUTE FUNCTION explore_analytics.note_creators();

ALTER TABLE public.explore_content ENABLE REPLICA TRIGGER explore_analytics_applied_content;

CREATE TRIGGER explore_analytics_content_deleted AFTER DELETE ON public.explore_content REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_creators();

ALTER TABLE public.explore_content ENABLE ALWAYS TRIGGER explore_analytics_content_deleted;

CREATE TRIGGER explore_analytics_content_inserted AFTER INSERT ON public.explore_content REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_creators();

ALTER TABLE public.explore_content ENABLE ALWAYS TRIGGER explore_analytics_content_inserted;

CREATE TRIGGER explore_analytics_content_moved AFTER UPDATE OF id, creator_id ON public.explore_content FOR EACH ROW WHEN (((old.creator_id <> new.creator_id) OR (old.id <> new.id))) EXECUTE FUNCTION explore_analytics.note_creators();

ALTER TABLE public.explore_content ENABLE ALWAYS TRIGGER explore_analytics_content_moved;

CREATE TRIGGER explore_analytics_content_truncated AFTER TRUNCATE ON public.explore_content FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.note_creators();

ALTER TABLE public.explore_content ENABLE ALWAYS TRIGGER explore_analytics_content_truncated;

CREATE TRIGGER explore_analytics_no_truncate BEFORE TRUNCATE ON public.explore_engagements FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate();

ALTER TABLE public.explore_engagements ENABLE ALWAYS TRIGGER explore_analytics_no_truncate;

CREATE TRIGGER explore_analytics_no_truncate BEFORE TRUNCATE ON public.explore_engagements_2024_11 FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate();

ALTER TABLE public.explore_engagements_2024_11 ENABLE ALWAYS TRIGGER explore_analytics_no_truncate;

CREATE TRIGGER explore_analytics_no_truncate BEFORE TRUNCATE ON public.explore_engagements_2024_12 FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate();

ALTER TABLE public.explore_engagements_2024_12 ENABLE ALWAYS TRIGGER explore_analytics_no_truncate;

CREATE TRIGGER explore_analytics_no_truncate BEFORE TRUNCATE ON public.explore_engagements_2025_01 FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate();

ALTER TABLE public.explore_engagements_2025_01 ENABLE ALWAYS TRIGGER explore_analytics_no_truncate;

CREATE TRIGGER explore_analytics_no_truncate BEFORE TRUNCATE ON public.explore_engagements_default FOR EACH STATEMENT EXECUTE FUNCTION explore_analytics.refuse_truncate();

ALTER TABLE public.explore_engagements_default ENABLE ALWAYS TRIGGER explore_analytics_no_truncate;

GRANT ALL ON SCHEMA public TO ea_update_owner WITH GRANT OPTION;
GRANT USAGE ON SCHEMA public TO ea_update_writer;
GRANT USAGE ON SCHEMA public TO ea_update_reader;
GRANT USAGE ON SCHEMA public TO ea_update_analyst;
GRANT USAGE ON SCHEMA public TO ea_update_job;
GRANT USAGE ON SCHEMA public TO ea_update_app;
GRANT USAGE ON SCHEMA public TO ea_update_dashboard;
GRANT USAGE ON SCHEMA public TO ea_update_operator;

GRANT USAGE ON SCHEMA explore_analytics TO ea_update_owner WITH GRANT OPTION;
GRANT USAGE ON SCHEMA explore_analytics TO ea_update_job;
GRANT USAGE ON SCHEMA explore_analytics TO ea_update_operator;
GRANT USAGE ON SCHEMA explore_analytics TO ea_update_monitor;

GRANT ALL ON FUNCTION explore_analytics.active_days() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.active_days() TO ea_update_reader;
GRANT ALL ON FUNCTION explore_analytics.active_days() TO ea_update_analyst;
GRANT ALL ON FUNCTION explore_analytics.active_days() TO ea_update_dashboard;

GRANT ALL ON FUNCTION explore_analytics.adopt_table(wanted text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON PROCEDURE explore_analytics.apply_retention(IN keep interval) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON PROCEDURE explore_analytics.apply_retention(IN keep interval) TO ea_update_job;
GRANT ALL ON PROCEDURE explore_analytics.apply_retention(IN keep interval) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.as_owner(owner name, step text, argument text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.attach_partition(month date) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.audit(action text, subject text, detail text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.begin_rollups(unwatched boolean) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.bucket_bounds(from_time timestamp with time zone, to_time timestamp with time zone, bucket text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.check_ledger() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.check_ledger() TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.check_ledger() TO ea_update_operator;
GRANT ALL ON FUNCTION explore_analytics.check_ledger() TO ea_update_monitor WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.checks() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.checks_of_jobs() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.checks_of_rollups() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.checks_of_tables() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON PROCEDURE explore_analytics.compact() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON PROCEDURE explore_analytics.compact() TO ea_update_job;
GRANT ALL ON PROCEDURE explore_analytics.compact() TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.content_counters(contents bigint[], start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.content_summaries(contents bigint[], start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.contents_to_rescore() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON PROCEDURE explore_analytics.create_roles(IN prefix text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.current_epoch() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.day_summary(scope smallint, id bigint, day timestamp with time zone, tail public.engagement_summary) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.day_summary(scope smallint, id bigint, day timestamp with time zone, tail public.engagement_summary) TO ea_update_reader;
GRANT ALL ON FUNCTION explore_analytics.day_summary(scope smallint, id bigint, day timestamp with time zone, tail public.engagement_summary) TO ea_update_analyst;
GRANT ALL ON FUNCTION explore_analytics.day_summary(scope smallint, id bigint, day timestamp with time zone, tail public.engagement_summary) TO ea_update_dashboard;

GRANT ALL ON FUNCTION explore_analytics.doors() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.drop_partition(relation regclass, upto bigint) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.ensure_partitions(from_date date, to_date date) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.ensure_partitions(from_date date, to_date date) TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.ensure_partitions(from_date date, to_date date) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.export_viewer(user_id bigint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.export_viewer(user_id bigint) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.fill_leaderboard() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.first_month(now timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.forget_viewer(user_id bigint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.forget_viewer(user_id bigint) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.grant_access(role name, may text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.grant_doors(role name, may text[]) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.health_check() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.health_check() TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.health_check() TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.home() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.in_home(statement text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON PROCEDURE explore_analytics.install(IN owner name) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_keys() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_owner(owner name) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_partitions() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_rate_limits() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_rollups() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_status_views() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_table(wanted text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_truncate_guard(relation regclass) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_trust() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.install_views() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.jobs(rescore text, refresh text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_columns() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_constraints() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_content_triggers() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_daily_numbers() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_indexes() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_kept() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_roles() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_rollup_columns() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_rollups() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_status_columns() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_status_views() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_tables() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_trust() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_trust_columns() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_view_columns() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.layout_views() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.make_partitions(from_date date, to_date date) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.metric_value(metric text, summary public.engagement_summary) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.note_creators() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.note_limits() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.offending_column(relation regclass, constraint_name text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.older_views(viewer_keys bigint[]) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.older_views(viewer_keys bigint[]) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.owner_checks(rescore_gap interval) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.owner_checks(rescore_gap interval) TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.owner_checks(rescore_gap interval) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.prune_keys() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.prune_keys() TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.prune_keys() TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.put_aside() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.put_identity(entry jsonb) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.rate_limit_counters(OUT shared boolean, OUT slots bigint, OUT used bigint, OUT allowed_events bigint, OUT refused_events bigint, OUT refused_batches bigint, OUT evictions bigint) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.raw_partitions() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.reads_without_identity() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.reads_without_identity() TO ea_update_dashboard;

GRANT ALL ON FUNCTION explore_analytics.rebuild(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.rebuild(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.rebuild(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_operator;

GRANT ALL ON PROCEDURE explore_analytics.refresh(IN min_rows bigint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON PROCEDURE explore_analytics.refresh(IN min_rows bigint) TO ea_update_job;
GRANT ALL ON PROCEDURE explore_analytics.refresh(IN min_rows bigint) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.refuse_change() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.refuse_truncate() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.relations() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.release_type() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.require_cron() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.require_good_ledger() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.require_good_ledger() TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.require_good_ledger() TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.require_installed() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.run_checks(owners boolean, installed boolean, rescore_gap interval) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON PROCEDURE explore_analytics.run_forever(IN pause interval) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON PROCEDURE explore_analytics.run_forever(IN pause interval) TO ea_update_job;
GRANT ALL ON PROCEDURE explore_analytics.run_forever(IN pause interval) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.schedule_gap(schedule text) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.schedule_jobs(rescore text, refresh text) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.schedule_jobs(rescore text, refresh text) TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.schedule_jobs(rescore text, refresh text) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.sees_all() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.sees_every_creator() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.sees_every_creator() TO ea_update_analyst;

GRANT ALL ON FUNCTION explore_analytics.set_identity(login name, creator_id bigint) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.tail_days(scope smallint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.tail_days(scope smallint) TO ea_update_reader;
GRANT ALL ON FUNCTION explore_analytics.tail_days(scope smallint) TO ea_update_analyst;
GRANT ALL ON FUNCTION explore_analytics.tail_days(scope smallint) TO ea_update_dashboard;

GRANT ALL ON FUNCTION explore_analytics.take_back() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON PROCEDURE explore_analytics.uninstall(IN drop_data boolean) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.uninstall_rollups() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.unschedule_jobs() TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.unschedule_jobs() TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.unschedule_jobs() TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.verify(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION explore_analytics.verify(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_job;
GRANT ALL ON FUNCTION explore_analytics.verify(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_operator;

GRANT ALL ON FUNCTION explore_analytics.version() TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.viewer_digest(user_id bigint) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION explore_analytics.write_audit(entry jsonb) TO ea_update_owner WITH GRANT OPTION;

GRANT ALL ON FUNCTION public.aggregated_metrics(period text, creator_id bigint, as_of timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.aggregated_metrics(period text, creator_id bigint, as_of timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.aggregated_metrics(period text, creator_id bigint, as_of timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.aggregated_metrics(period text, creator_id bigint, as_of timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.batch_update_engagement_scores(everything boolean) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.batch_update_engagement_scores(everything boolean) TO ea_update_job;
GRANT ALL ON FUNCTION public.batch_update_engagement_scores(everything boolean) TO ea_update_operator;

GRANT ALL ON FUNCTION public.close_idle_sessions(idle interval) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.close_idle_sessions(idle interval) TO ea_update_job;
GRANT ALL ON FUNCTION public.close_idle_sessions(idle interval) TO ea_update_operator;

GRANT ALL ON FUNCTION public.close_session(session_id bigint, ended_at timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.close_session(session_id bigint, ended_at timestamp with time zone) TO ea_update_writer;
GRANT ALL ON FUNCTION public.close_session(session_id bigint, ended_at timestamp with time zone) TO ea_update_app;

GRANT ALL ON FUNCTION public.content_summary(content_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.content_summary(content_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.content_summary(content_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.content_summary(content_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.create_session(user_id bigint, attributes jsonb) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.create_session(user_id bigint, attributes jsonb) TO ea_update_writer;
GRANT ALL ON FUNCTION public.create_session(user_id bigint, attributes jsonb) TO ea_update_app;

GRANT ALL ON FUNCTION public.creator_analytics(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.creator_analytics(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.creator_analytics(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.creator_analytics(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.creator_dashboard(creator_id bigint, period text, as_of timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.creator_dashboard(creator_id bigint, period text, as_of timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.creator_dashboard(creator_id bigint, period text, as_of timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.creator_dashboard(creator_id bigint, period text, as_of timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.creator_summary(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.creator_summary(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.creator_summary(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.creator_summary(creator_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.metric_series(metric text, start_date timestamp with time zone, end_date timestamp with time zone, bucket text, time_zone text, content_id bigint, creator_id bigint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.metric_series(metric text, start_date timestamp with time zone, end_date timestamp with time zone, bucket text, time_zone text, content_id bigint, creator_id bigint) TO ea_update_reader;
GRANT ALL ON FUNCTION public.metric_series(metric text, start_date timestamp with time zone, end_date timestamp with time zone, bucket text, time_zone text, content_id bigint, creator_id bigint) TO ea_update_analyst;

GRANT ALL ON FUNCTION public.my_analytics_dashboard(period text, as_of timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.my_analytics_dashboard(period text, as_of timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.my_analytics_dashboard(period text, as_of timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.my_analytics_dashboard(period text, as_of timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.platform_summary(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.platform_summary(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.platform_summary(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.platform_summary(start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.record_engagement(content_id bigint, engagement_type text, user_id bigint, session_id bigint, watch_time double precision, completed boolean, created_at timestamp with time zone, event_id uuid, metadata jsonb) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.record_engagement(content_id bigint, engagement_type text, user_id bigint, session_id bigint, watch_time double precision, completed boolean, created_at timestamp with time zone, event_id uuid, metadata jsonb) TO ea_update_writer;
GRANT ALL ON FUNCTION public.record_engagement(content_id bigint, engagement_type text, user_id bigint, session_id bigint, watch_time double precision, completed boolean, created_at timestamp with time zone, event_id uuid, metadata jsonb) TO ea_update_app;

GRANT ALL ON FUNCTION public.record_engagement_batch(engagements jsonb, on_error text, OUT received integer, OUT recorded integer, OUT duplicates integer, OUT rejected integer, OUT errors jsonb) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.record_engagement_batch(engagements jsonb, on_error text, OUT received integer, OUT recorded integer, OUT duplicates integer, OUT rejected integer, OUT errors jsonb) TO ea_update_writer;
GRANT ALL ON FUNCTION public.record_engagement_batch(engagements jsonb, on_error text, OUT received integer, OUT recorded integer, OUT duplicates integer, OUT rejected integer, OUT errors jsonb) TO ea_update_app;

GRANT ALL ON FUNCTION public.session_analytics(session_id bigint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.session_analytics(session_id bigint) TO ea_update_reader;
GRANT ALL ON FUNCTION public.session_analytics(session_id bigint) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.session_analytics(session_id bigint) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.top_videos(metric text, start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint, n integer, min_views bigint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.top_videos(metric text, start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint, n integer, min_views bigint) TO ea_update_reader;
GRANT ALL ON FUNCTION public.top_videos(metric text, start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint, n integer, min_views bigint) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.top_videos(metric text, start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint, n integer, min_views bigint) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.video_analytics(video_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.video_analytics(video_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_reader;
GRANT ALL ON FUNCTION public.video_analytics(video_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.video_analytics(video_id bigint, start_date timestamp with time zone, end_date timestamp with time zone) TO ea_update_dashboard;

GRANT ALL ON FUNCTION public.videos_analytics(video_ids bigint[], start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint) TO ea_update_owner WITH GRANT OPTION;
GRANT ALL ON FUNCTION public.videos_analytics(video_ids bigint[], start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint) TO ea_update_reader;
GRANT ALL ON FUNCTION public.videos_analytics(video_ids bigint[], start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint) TO ea_update_analyst;
GRANT ALL ON FUNCTION public.videos_analytics(video_ids bigint[], start_date timestamp with time zone, end_date timestamp with time zone, creator_id bigint) TO ea_update_dashboard;

GRANT SELECT ON TABLE explore_analytics.epoch_holders TO ea_update_job;
GRANT SELECT ON TABLE explore_analytics.epoch_holders TO ea_update_operator;

GRANT SELECT ON TABLE explore_analytics.rate_limit_status TO ea_update_job;
GRANT SELECT ON TABLE explore_analytics.rate_limit_status TO ea_update_operator;

GRANT SELECT ON TABLE explore_analytics.refresh_progress TO ea_update_job;
GRANT SELECT ON TABLE explore_analytics.refresh_progress TO ea_update_operator;

GRANT INSERT(content_id) ON TABLE public.explore_engagements TO ea_update_loader;

GRANT INSERT(user_id) ON TABLE public.explore_engagements TO ea_update_loader;

GRANT INSERT(session_id) ON TABLE public.explore_engagements TO ea_update_loader;

GRANT INSERT(engagement_type) ON TABLE public.explore_engagements TO ea_update_loader;

GRANT INSERT(watch_time_ms) ON TABLE public.explore_engagements TO ea_update_loader;

GRANT INSERT(completed) ON TABLE public.explore_engagements TO ea_update_loader;

GRANT INSERT(created_at) ON TABLE public.explore_engagements TO ea_update_loader;

GRANT SELECT ON TABLE explore_analytics.rollup_status TO ea_update_job;
GRANT SELECT ON TABLE explore_analytics.rollup_status TO ea_update_operator;
GRANT SELECT ON TABLE explore_analytics.rollup_status TO ea_update_monitor;

GRANT SELECT ON TABLE public.explore_creator_daily TO ea_update_reader;
GRANT SELECT ON TABLE public.explore_creator_daily TO ea_update_analyst;
GRANT SELECT ON TABLE public.explore_creator_daily TO ea_update_dashboard;

GRANT SELECT ON TABLE public.explore_leaderboard TO ea_update_reader;
GRANT SELECT ON TABLE public.explore_leaderboard TO ea_update_analyst;
GRANT SELECT ON TABLE public.explore_leaderboard TO ea_update_dashboard;

GRANT SELECT ON TABLE public.explore_platform_daily TO ea_update_reader;
GRANT SELECT ON TABLE public.explore_platform_daily TO ea_update_analyst;
GRANT SELECT ON TABLE public.explore_platform_daily TO ea_update_dashboard;

GRANT SELECT ON TABLE public.explore_video_daily TO ea_update_reader;
GRANT SELECT ON TABLE public.explore_video_daily TO ea_update_analyst;
GRANT SELECT ON TABLE public.explore_video_daily TO ea_update_dashboard;

REFRESH MATERIALIZED VIEW explore_analytics.leaderboard;

