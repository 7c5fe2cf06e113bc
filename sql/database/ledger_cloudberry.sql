-- The ledger of imports, for Cloudberry and Greenplum. A job whose role may create schemas makes it by itself;
-- otherwise run this once in the target database, then grant the importing role what it needs:
--   GRANT USAGE ON SCHEMA kafka_import TO importer;
--   GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA kafka_import TO importer;

CREATE SCHEMA IF NOT EXISTS kafka_import;

-- One row for each transaction that loaded rows.
CREATE TABLE IF NOT EXISTS kafka_import.commits (
    commit_id    uuid PRIMARY KEY,
    sink_id      text NOT NULL,
    job          text NOT NULL,
    checkpoint   bigint NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    rows         bigint NOT NULL,
    bytes        bigint NOT NULL,
    rejected     bigint NOT NULL DEFAULT 0
) USING heap DISTRIBUTED BY (commit_id);

-- The range of offsets that a commit holds of a partition, from_offset inclusive, to_offset exclusive.
CREATE TABLE IF NOT EXISTS kafka_import.offsets (
    commit_id   uuid NOT NULL,
    sink_id     text NOT NULL,
    topic       text NOT NULL,
    "partition" integer NOT NULL,
    from_offset bigint NOT NULL,
    to_offset   bigint NOT NULL,
    rows        bigint NOT NULL,
    rejected    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (commit_id, topic, "partition")
) USING heap DISTRIBUTED BY (commit_id);

-- Messages that were not loaded, and why.
CREATE TABLE IF NOT EXISTS kafka_import.rejects (
    commit_id   uuid NOT NULL,
    sink_id     text NOT NULL,
    topic       text,
    "partition" integer,
    "offset"    bigint,
    message     bytea,
    error       text NOT NULL,
    sqlstate    text,
    rejected_at timestamptz NOT NULL DEFAULT now()
) USING heap DISTRIBUTED BY (commit_id);

-- How far each import is. An import that does not know its rows' place in Kafka has one line, with
-- neither topic nor partition.
CREATE OR REPLACE VIEW kafka_import.progress AS
SELECT c.sink_id, o.topic, o."partition",
       max(o.to_offset) AS next_offset,
       sum(coalesce(o.rows, c.rows)) AS rows,
       sum(coalesce(o.rejected, c.rejected)) AS rejects,
       max(c.committed_at) AS last_commit
  FROM kafka_import.commits c
  LEFT JOIN kafka_import.offsets o ON o.commit_id = c.commit_id
 GROUP BY c.sink_id, o.topic, o."partition";
