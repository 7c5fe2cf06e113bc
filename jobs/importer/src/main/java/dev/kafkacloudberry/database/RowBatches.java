package dev.kafkacloudberry.database;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Optional;

/** Rows of a load, some at a time, so that single ones can be told apart. */
public interface RowBatches extends Closeable {

  /** The next rows, empty behind the last. */
  Optional<Batch> next() throws IOException;

  /** Rows that follow each other. */
  interface Batch {

    int count();

    /** Writes a COPY of some of the rows, whole from its first byte to its last. */
    void writeTo(OutputStream copy, int from, int to) throws IOException;

    /**
     * Told of a row that the database refuses, in the order of the rows.
     *
     * @throws SQLException to end the search
     */
    void refused(int index, Refusal refusal) throws SQLException, IOException;
  }

  /** Which rows to try, one time after the other. */
  @FunctionalInterface
  interface Passes {

    /** The rows of the next pass, empty if there is to be none. Whoever asks closes them. */
    Optional<RowBatches> next() throws IOException;
  }
}
