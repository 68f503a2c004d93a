-- After the rows, as one would; those of the other tables came along with LIKE.
CREATE INDEX ON plain.events (content_id, created_at);
CREATE INDEX ON plain.events (user_id);
CREATE INDEX ON plain.events (session_id);
CREATE INDEX ON plain.events USING brin (created_at);
