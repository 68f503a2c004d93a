-- Administration lives in its own schema; a plain CREATE SCHEMA, so that nobody can own it beforehand.
CREATE SCHEMA explore_analytics;
