-- With the rollups in hand, and for rows that the app takes in an order of its own: short tries that give all of them back.
CREATE OR REPLACE FUNCTION explore_analytics.lock_sessions(ids bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
BEGIN
  FOR attempt IN 1 .. 50 LOOP
    BEGIN
      EXECUTE explore_analytics.in_home('SELECT FROM {s}.explore_feed_sessions s WHERE s.id = ANY ($1) ORDER BY s.id FOR UPDATE') USING ids;
      RETURN;
    EXCEPTION WHEN lock_not_available THEN
      IF attempt = 50 THEN
        RAISE EXCEPTION 'somebody is changing rows of explore_feed_sessions' USING ERRCODE = 'lock_not_available',
          HINT = 'Nothing was changed, and answers stay exact. End that transaction, or call again later.';
      END IF;
      PERFORM pg_sleep(0.05 + random() * 0.1);
    END;
  END LOOP;
END $$;
COMMENT ON FUNCTION explore_analytics.lock_sessions(bigint[]) IS 'Internal: locks rows of sessions in order; 55P03 when somebody keeps one of them.';
