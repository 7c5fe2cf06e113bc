-- Messages into partitions of one's own choice; NULL lets Kafka choose. The topic has at least 4 partitions.
-- Columns that are left out are NULL: empty fields in CSV, null in JSON. Flink wants the type of a NULL in VALUES.
-- Run it after sql/tables/kafka_test_csv.sql or kafka_test_json.sql. The command ends when the brokers have
-- acknowledged every row; the SQL client waits for that too after SET 'table.dml-sync' = 'true'.
INSERT INTO kafka_test(part, some_int, some_text)
VALUES
  (0, 5464565, 'some text goes into partition 0'),
  (1, 5464565, 'some text goes into partition 1'),
  (0, 5464565, 'some text goes into partition 0'),
  (3, 5464565, 'some text goes into partition 3'),
  (CAST(NULL AS INT), 5464565, 'some text goes into partition selected by kafka');
