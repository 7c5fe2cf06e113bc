package dev.kafkacloudberry.database;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Optional;

/** The rows of a load, some at a time, so that single ones can be told apart. */
@FunctionalInterface
public interface RowBatches {

  /** The next rows, empty behind the last. */
  Optional<Batch> next() throws IOException;

  /** Rows that follow each other. */
  interface Batch {

    int count();

    /** Writes a COPY of some of the rows, whole from its first byte to its last. */
    void writeTo(OutputStream copy, int from, int to) throws IOException;

    /**
     * Told of a row that the database refuses.
     *
     * @throws SQLException to end the search
     */
    void refused(int index, SQLException refusal) throws SQLException, IOException;
  }
}
