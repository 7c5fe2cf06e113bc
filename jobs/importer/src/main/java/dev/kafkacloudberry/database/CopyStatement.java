package dev.kafkacloudberry.database;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;

/**
 * A {@code COPY ... FROM STDIN}.
 *
 * @param sql the statement
 */
record CopyStatement(String sql) {

  /**
   * Runs it inside the caller's transaction.
   *
   * @return the number of rows that the database says it stored
   * @throws IOException when the data could not be read
   */
  long run(Connection connection, CopyData data) throws SQLException, IOException {
    CopyIn copy = connection.unwrap(BaseConnection.class).getCopyAPI().copyIn(sql);
    try {
      data.writeTo(new CopyOutputStream(copy));
      return copy.endCopy();
    } catch (CopyFailure e) {
      abandon(copy, e.cause());
      throw e.cause();
    } catch (SQLException | IOException | RuntimeException e) {
      abandon(copy, e);
      throw e;
    }
  }

  private static void abandon(CopyIn copy, Exception cause) {
    try {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** Writes to the COPY in the pieces in which it is given them. */
  private static final class CopyOutputStream extends OutputStream {
    private final CopyIn copy;

    CopyOutputStream(CopyIn copy) {
      this.copy = copy;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        copy.writeToCopy(bytes, offset, length);
      } catch (SQLException e) {
        throw new CopyFailure(e);
      }
    }
  }

  /** Carries a failure of the database through code that knows streams only. */
  private static final class CopyFailure extends IOException {
    CopyFailure(SQLException cause) {
      super(cause);
    }

    SQLException cause() {
      return (SQLException) getCause();
    }
  }
}
