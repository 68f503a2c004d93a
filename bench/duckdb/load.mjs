// Loads the feed into a DuckDB file: node load.mjs FILE FEED. Prints the bytes an event takes there.
import { DuckDBInstance } from "@duckdb/node-api";

const [file, feed] = process.argv.slice(2);
const instance = await DuckDBInstance.create(file);
const connection = await instance.connect();
const csv = (name, columns) => `read_csv('${feed}/${name}', columns = {${columns}})`;

await connection.run(`
  SET TimeZone = 'UTC';
  CREATE SCHEMA plain;
  CREATE TYPE engagement_type AS ENUM ('view', 'save', 'share', 'click', 'skip', 'complete', 'impression');
  CREATE TABLE plain.content AS SELECT id, creator_id FROM read_csv('${feed}/content.csv', header = true);
  CREATE TABLE plain.videos AS SELECT id, content_id, duration_ms FROM read_csv('${feed}/videos.csv', header = true);
  CREATE TABLE plain.viewers AS SELECT user_id, birth_year FROM read_csv('${feed}/viewers.csv', header = true);
  CREATE TABLE plain.sessions AS
    SELECT id, user_id, session_start::timestamptz AS session_start, session_end::timestamptz AS session_end, country
    FROM read_csv('${feed}/sessions.csv', header = true);
  CREATE TABLE plain.exposures AS SELECT viewer_key, variant, exposed_at::timestamptz AS exposed_at FROM read_csv('${feed}/exposures.csv', header = true);
  CREATE TABLE plain.events AS
    SELECT * REPLACE (engagement_type::engagement_type AS engagement_type)
    FROM ${csv("base.csv", `id: 'BIGINT', content_id: 'BIGINT', user_id: 'BIGINT', session_id: 'BIGINT',
      engagement_type: 'VARCHAR', watch_time_ms: 'INTEGER', completed: 'BOOLEAN', created_at: 'TIMESTAMPTZ',
      event_id: 'UUID', metadata: 'VARCHAR'`)};
  CHECKPOINT;`);
const sizes = await connection.runAndReadAll(`
  SELECT count(DISTINCT block_id) * 262144.0::double / (SELECT count(*) FROM plain.events)
  FROM pragma_storage_info('plain.events') WHERE persistent`);
console.log(sizes.getRows()[0][0].toFixed(1));
