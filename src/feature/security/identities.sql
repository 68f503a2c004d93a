-- The table's part of set_identity(); NULL takes an identity away.
CREATE OR REPLACE FUNCTION explore_analytics.put_identity(entry jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  login name := entry ->> 'login';
  creator_id bigint := entry ->> 'creator_id';
  removed boolean := false;
BEGIN
  IF creator_id IS NULL THEN
    DELETE FROM explore_analytics.identities i WHERE i.login = (entry ->> 'login');
    removed := FOUND;
  END IF;
  -- What is left of a role that was dropped can still be removed.
  IF NOT removed AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = (entry ->> 'login')) THEN
    RAISE EXCEPTION 'role "%" does not exist', login USING ERRCODE = 'undefined_object', HINT = 'Create the role first.';
  END IF;
  IF creator_id IS NOT NULL THEN
    INSERT INTO explore_analytics.identities AS i VALUES (login, creator_id)
    ON CONFLICT ON CONSTRAINT identities_pkey DO UPDATE SET creator_id = excluded.creator_id;
  END IF;
END $$;
COMMENT ON FUNCTION explore_analytics.put_identity(jsonb) IS 'Internal: writes one row of identities; run with the owner''s rights.';

CREATE OR REPLACE FUNCTION explore_analytics.set_identity(login name, creator_id bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF login IS NULL THEN
    RAISE EXCEPTION 'login must not be null' USING ERRCODE = 'null_value_not_allowed', HINT = 'For example set_identity(''creator_7'', 7).';
  END IF;
  IF creator_id <= 0 THEN
    RAISE EXCEPTION 'creator_id must be positive, not %', creator_id USING ERRCODE = 'invalid_parameter_value',
      HINT = 'Ids start at 1; NULL takes the identity away.';
  END IF;
  PERFORM explore_analytics.require_installed();
  IF NOT (has_table_privilege('explore_analytics.identities', 'INSERT') AND has_table_privilege('explore_analytics.identities', 'DELETE')) THEN
    RAISE EXCEPTION 'permission denied to set identities' USING ERRCODE = 'insufficient_privilege', HINT = 'Ask a superuser or the owner of the tables.';
  END IF;
  PERFORM explore_analytics.as_owner(pg_get_userbyid(c.relowner), 'put_identity', jsonb_build_object('login', login, 'creator_id', creator_id)::text)
  FROM pg_class c WHERE c.oid = 'explore_analytics.identities'::regclass;
  PERFORM explore_analytics.audit('set_identity', login, coalesce('creator ' || creator_id, 'none'));
END $$;
COMMENT ON FUNCTION explore_analytics.set_identity(name, bigint) IS
  'Lets a login role stand for a creator, whatever role it takes on; NULL takes that away. The setting explore_analytics.user_id, where it may be set, comes first. For superusers and the owner of the tables; logged in audit_log. Unknown role: error 42704; creator_id below 1: 22023.';
