-- Imports kafka_test, CSV or JSON, into dest_table_keyed through Flink's stock JDBC sink.
--   flink run kafka-cloudberry-importer.jar --tables sql/tables/kafka_test_csv.sql
--     --tables sql/tables/dest_table_keyed.sql --tables address.sql --sql sql/jobs/import_keyed.sql
-- address.sql is yours: sql/tables/dest_table_keyed.sql says what it holds.
SET 'pipeline.name' = 'import kafka_test into dest_table_keyed';

-- A checkpoint flushes the rows and is where a restarted job goes on.
SET 'execution.checkpointing.interval' = '10s';

INSERT INTO dest_table_keyed (part, offs, some_int, some_text, some_date, some_time, junk, junk_error)
SELECT part, offs, some_int, some_text, some_date, some_time, junk, junk_error FROM kafka_test
-- A message that comes again overwrites itself; for rows that are only inserted this keeps no state.
ON CONFLICT DO DEDUPLICATE;
