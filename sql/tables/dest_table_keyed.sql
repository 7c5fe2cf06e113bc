-- The target (sql/database/keyed_target.sql) through Flink's stock JDBC sink: at least once, and since the key is
-- the message's place in Kafka, a message that comes twice updates its own row: effectively once.
-- A message that cannot be decoded is a row with junk and junk_error.
-- It costs four columns and an index, is several times slower than COPY, and every writer locks the whole table.
-- The stock sink reads no configuration: put its address into a script of your own and run that after this one,
--   ALTER TABLE dest_table_keyed SET ('url' = 'jdbc:postgresql://...', 'username' = '...', 'password' = '...');
CREATE TABLE dest_table_keyed (
  part INT,
  offs BIGINT,
  some_int INT,
  some_text STRING,
  some_date DATE,
  some_time TIMESTAMP(6),
  junk BYTES,
  junk_error STRING,
  PRIMARY KEY (part, offs) NOT ENFORCED
) WITH (
  'connector' = 'jdbc',
  'table-name' = 'dest_table_keyed'
);
