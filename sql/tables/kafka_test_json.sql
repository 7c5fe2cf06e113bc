-- The topic contrib_regress_json, with JSON messages like
--   {"some_int":42,"some_text":"some text","some_date":"2024-01-31","some_time":"2024-01-31 12:34:56.123456"}
-- A missing key is NULL, and others are not looked at; to refuse such messages: 'postgres-json.strict' = 'true'.
-- The brokers come from kafka.bootstrap.servers in Flink's configuration.
-- Run it before the jobs: ImportJob --tables sql/tables/kafka_test_json.sql ..., or sql-client.sh -i.
CREATE TABLE kafka_test (
  part INT METADATA FROM 'partition',
  offs BIGINT METADATA FROM 'offset' VIRTUAL,
  some_int INT,
  some_text STRING,
  some_date DATE,
  some_time TIMESTAMP(6),
  -- A message that cannot be decoded is a row too: its bytes and what is wrong are here, the four above are NULL.
  junk BYTES METADATA VIRTUAL,
  junk_error STRING METADATA FROM 'junk-error' VIRTUAL,
  topic STRING METADATA VIRTUAL
) WITH (
  'connector' = 'kafka-partitioned',
  'topic' = 'contrib_regress_json',
  'batch-size' = '1000',
  'buffer-delay' = '1 s',
  'format' = 'postgres-json'
);
