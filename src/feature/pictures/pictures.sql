-- Pictures of numbers in text. STABLE and not IMMUTABLE: which characters they are made of, says the encoding of the
-- session, so nothing that outlives it may be built on them.
CREATE OR REPLACE FUNCTION @extschema@.bar(value double precision, max double precision, width integer DEFAULT 20) RETURNS text
  AS 'MODULE_PATHNAME', 'ea_bar' LANGUAGE C STABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.bar(double precision, double precision, integer) IS
  'A bar of exactly width columns: value / max of them filled, the rest spaces. Block elements where database and client have the encoding UTF8, to the nearest eighth of a column; otherwise # and - for half a column. Value and max in one unit. Up to 0 nothing is drawn, above 0 something, and from max on the whole bar, which nothing below max fills; max may be 0. Value or max NULL gives NULL; width NULL is 20. Error 22023: value or max not finite, max negative, width not from 1 to 1000.';

CREATE OR REPLACE FUNCTION @extschema@.shade(value double precision, max double precision, width integer DEFAULT 2) RETURNS text
  AS 'MODULE_PATHNAME', 'ea_shade' LANGUAGE C STABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.shade(double precision, double precision, integer) IS
  'A cell of width columns in one of five shades, for tables of numbers: spaces up to 0, the darkest from max on, which nothing below max has, and three between, the nearest. Block elements where database and client have the encoding UTF8, otherwise one of . + * #. Value and max in one unit; max may be 0. Value or max NULL gives NULL; width NULL is 2. Error 22023: value or max not finite, max negative, width not from 1 to 1000.';

CREATE OR REPLACE FUNCTION @extschema@.sparkline(series double precision[]) RETURNS text
  AS 'MODULE_PATHNAME', 'ea_sparkline' LANGUAGE C STABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION @extschema@.sparkline(double precision[]) IS
  'A series as a line of one column a point, in one of eight heights, the nearest: the lowest is the least of the points and 0, the highest the greatest of the points and 0, so counts are drawn from 0. Block elements where database and client have the encoding UTF8, otherwise the ramp _.:-=+*#. An element that is NULL is a space. NULL gives NULL, an empty series an empty text; all 0 is the lowest height. Error 22023: more than one dimension, an element not finite; 54000: more than 10000 points.';
