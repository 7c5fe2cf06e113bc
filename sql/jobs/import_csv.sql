-- Imports the CSV messages of kafka_test into dest_table_fdw, and goes on as new ones arrive.
--   flink run kafka-cloudberry-importer.jar --tables sql/tables/kafka_test_csv.sql
--     --tables sql/tables/dest_table_fdw.sql --sql sql/jobs/import_csv.sql
SET 'pipeline.name' = 'import contrib_regress_csv into dest_table_fdw';

-- A checkpoint is what commits rows to the database.
SET 'execution.checkpointing.interval' = '10s';

-- Behind the columns of the table, each row's place in Kafka, and what is wrong with a message that is no row:
-- it is kept in kafka_import.rejects, and the import goes on.
INSERT INTO dest_table_fdw (some_int, some_text, some_date, some_time, topic, part, offs, junk, junk_error)
SELECT some_int, some_text, some_date, some_time, topic, part, offs, junk, junk_error FROM kafka_test;
