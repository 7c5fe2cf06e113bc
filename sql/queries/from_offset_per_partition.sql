-- Each partition from an offset of its own. Other partitions are not read.
-- In batch mode a query ends at the newest message: SET 'execution.runtime-mode' = 'batch';
SELECT * FROM kafka_test WHERE (part = 0 AND offs > 100) OR (part = 1 AND offs > 300) OR (part = 3 AND offs > 700);
