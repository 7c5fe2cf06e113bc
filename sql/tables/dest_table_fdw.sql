-- The target in the database (sql/database/target.sql), loaded exactly once.
-- Database and user come from cloudberry.url, cloudberry.username and cloudberry.password in Flink's configuration.
-- Run it before the jobs: ImportJob --tables sql/tables/dest_table_fdw.sql ..., or sql-client.sh -i.
CREATE TABLE dest_table_fdw (
  some_int INT,
  some_text STRING,
  some_date DATE,
  some_time TIMESTAMP(6),
  -- No columns in the database: where the row lies in Kafka, so that it is never loaded twice, ...
  topic STRING METADATA,
  part INT METADATA FROM 'partition',
  offs BIGINT METADATA FROM 'offset',
  -- ... and what could not be decoded, which goes to kafka_import.rejects.
  junk BYTES METADATA,
  junk_error STRING METADATA FROM 'junk-error'
) WITH (
  'connector' = 'cloudberry',
  'table-name' = 'dest_table_fdw'
);
