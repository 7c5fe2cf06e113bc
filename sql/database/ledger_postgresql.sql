-- The ledger of imports, for PostgreSQL. A job whose role may create schemas makes it by itself;
-- otherwise run this once in the target database, then grant the importing role what it needs:
--   GRANT USAGE ON SCHEMA kafka_import TO importer;
--   GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA kafka_import TO importer;

CREATE SCHEMA IF NOT EXISTS kafka_import;

-- One row for each transaction: the rows it loaded, those it rejected, and those it skipped because an
-- earlier one holds them.
CREATE TABLE IF NOT EXISTS kafka_import.commits (
    commit_id    uuid PRIMARY KEY,
    sink_id      text NOT NULL,
    job          text NOT NULL,
    checkpoint   bigint NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    rows         bigint NOT NULL,
    bytes        bigint NOT NULL,
    rejected     bigint NOT NULL DEFAULT 0,
    skipped      bigint NOT NULL DEFAULT 0,
    run          uuid
) USING heap;

-- The offsets that a commit holds of a partition, from_offset inclusive, to_offset exclusive: one range, or
-- several if others between were committed before.
-- The topic_id is Kafka's, where it is known: a topic that was deleted and created again has another.
CREATE TABLE IF NOT EXISTS kafka_import.offsets (
    commit_id   uuid NOT NULL,
    sink_id     text NOT NULL,
    topic       text NOT NULL,
    topic_id    text,
    "partition" integer NOT NULL,
    from_offset bigint NOT NULL,
    to_offset   bigint NOT NULL,
    rows        bigint NOT NULL,
    rejected    bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (commit_id, topic, "partition", from_offset)
) USING heap;
CREATE INDEX IF NOT EXISTS offsets_of_partition ON kafka_import.offsets (sink_id, topic, "partition", to_offset);

-- Rows that were not loaded, and why: with the raw message if it could not be decoded, with the row's content
-- as a JSON object if it was refused.
CREATE TABLE IF NOT EXISTS kafka_import.rejects (
    commit_id   uuid NOT NULL,
    sink_id     text NOT NULL,
    topic       text,
    "partition" integer,
    "offset"    bigint,
    message     bytea,
    content     text,
    error       text NOT NULL,
    sqlstate    text,
    rejected_at timestamptz NOT NULL DEFAULT now()
) USING heap;

-- The rejects that were loaded after all, and the commit that did it.
CREATE TABLE IF NOT EXISTS kafka_import.repairs (
    reject_commit_id uuid NOT NULL,
    topic            text NOT NULL,
    "partition"      integer NOT NULL,
    "offset"         bigint NOT NULL,
    commit_id        uuid NOT NULL,
    repaired_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (reject_commit_id, topic, "partition", "offset")
) USING heap;

-- What the scheduler has done: the jobs that it started, and where each of them ended, as a path of Flink's storage,
-- with the error of those that failed.
CREATE TABLE IF NOT EXISTS kafka_import.scheduler (
    import    text NOT NULL,
    number    bigint NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    event     text NOT NULL CHECK (event IN ('start', 'import-once', 'restart', 'stopped')),
    job       text NOT NULL,
    state     text,
    sinks     text[],
    error     text,
    PRIMARY KEY (import, number)
) USING heap;

-- The rejects that are still to be repaired.
CREATE OR REPLACE VIEW kafka_import.open_rejects AS
SELECT r.*
  FROM kafka_import.rejects r
 WHERE NOT EXISTS (SELECT 1
                     FROM kafka_import.repairs p
                    WHERE p.reject_commit_id = r.commit_id AND p.topic = r.topic
                      AND p."partition" = r."partition" AND p."offset" = r."offset");

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
