-- The target of the import. Run it in the database: psql -f sql/database/target.sql
-- On Cloudberry rows are spread by some_int, its first column; to choose, append DISTRIBUTED BY (...)
-- or DISTRIBUTED RANDOMLY before the semicolon: PostgreSQL does not know the clause.
CREATE TABLE dest_table_fdw (
  some_int integer,
  some_text text,
  some_date date,
  some_time timestamp(6)
);
