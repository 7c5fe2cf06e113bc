-- The target of the import through Flink's stock JDBC sink, keyed by the message's place in Kafka.
-- Run it in the database: psql -f sql/database/keyed_target.sql
-- On Cloudberry the rows are spread by the primary key. It has to be a heap table, not an append-optimized one.
CREATE TABLE dest_table_keyed (
  part integer NOT NULL,
  offs bigint NOT NULL,
  some_int integer,
  some_text text,
  some_date date,
  some_time timestamp(6),
  junk bytea,
  junk_error text,
  PRIMARY KEY (part, offs)
);
