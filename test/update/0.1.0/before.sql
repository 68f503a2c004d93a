-- What docs/install.md lets one do before an update from here, so that install() need not read every event.
ALTER TABLE public.explore_engagements ADD CONSTRAINT explore_engagements_since_2000 CHECK (created_at >= '2000-01-01 00:00:00+00') NOT VALID;
ALTER TABLE public.explore_engagements VALIDATE CONSTRAINT explore_engagements_since_2000;
