-- The import of the savepoints in this folder, each made by the jar of an earlier build: see SavepointToKeep.
CREATE TABLE orders_topic (
  n INT,
  t STRING,
  topic STRING METADATA VIRTUAL,
  part INT METADATA FROM 'partition' VIRTUAL,
  offs BIGINT METADATA FROM 'offset' VIRTUAL,
  junk BYTES METADATA VIRTUAL,
  junk_error STRING METADATA FROM 'junk-error' VIRTUAL
) WITH ('connector' = 'kafka-partitioned', 'topic' = 'orders', 'format' = 'postgres-csv');

-- However old they get, the ledger still knows their commits.
CREATE TABLE orders (
  n INT,
  t STRING,
  topic STRING METADATA,
  part INT METADATA FROM 'partition',
  offs BIGINT METADATA FROM 'offset',
  junk BYTES METADATA,
  junk_error STRING METADATA FROM 'junk-error'
) WITH ('connector' = 'cloudberry', 'table-name' = 'orders', 'ledger.retention' = '36500 d');

-- So that the stop comes between two checkpoints, and the savepoint holds a commit.
SET 'execution.checkpointing.interval' = '20 s';
INSERT INTO orders SELECT n, t, topic, part, offs, junk, junk_error FROM orders_topic;
