-- The topic contrib_regress_csv, with CSV messages like
--   42,some text,2024-01-31,2024-01-31 12:34:56.123456
-- An empty field is NULL, with quotes or without. The brokers come from kafka.bootstrap.servers in Flink's configuration.
-- Run it before the jobs: ImportJob --tables sql/tables/kafka_test_csv.sql ..., or sql-client.sh -i.
CREATE TABLE kafka_test (
  part INT METADATA FROM 'partition',
  offs BIGINT METADATA FROM 'offset' VIRTUAL,
  some_int INT,
  some_text STRING,
  some_date DATE,
  some_time TIMESTAMP(6)
) WITH (
  'connector' = 'kafka-partitioned',
  'topic' = 'contrib_regress_csv',
  'batch-size' = '1000',
  'buffer-delay' = '1 s',
  'format' = 'csv',
  'csv.null-literal' = ''
);
