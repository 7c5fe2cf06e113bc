-- Sixty messages of partition 0 behind offset 1000. Nothing before them is fetched.
-- In batch mode a query ends at the newest message: SET 'execution.runtime-mode' = 'batch';
SELECT * FROM kafka_test WHERE part = 0 AND offs > 1000 LIMIT 60;
