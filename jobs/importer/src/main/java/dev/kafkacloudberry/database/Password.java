package dev.kafkacloudberry.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;

/** Where the password of a connection comes from. Never prints it. */
public sealed interface Password extends Serializable {

  /**
   * The password, read anew at every call so that a rotated one is found.
   *
   * @throws SQLException when it cannot be read; SQLSTATE 28000, so that it is not retried
   */
  String value() throws SQLException;

  /**
   * A variable of the environment wherever a connection is opened, of the client that plans the job
   * and of every TaskManager. Where it is not set, no password is sent: the server trusts the
   * connection or uses a certificate.
   */
  record InEnvironment() implements Password {

    public static final String VARIABLE = "CLOUDBERRY_PASSWORD";

    @Override
    public String value() {
      return Objects.requireNonNullElse(System.getenv(VARIABLE), "");
    }
  }

  /** A password that was given as an option. */
  record Literal(String value) implements Password {
    @Override
    public String toString() {
      return "Literal[******]";
    }
  }

  /**
   * A file whose first line is the password, readable wherever a connection is opened: by the
   * client that plans the job and by every TaskManager.
   */
  record InFile(String path) implements Password {
    @Override
    public String value() throws SQLException {
      try (BufferedReader reader = Files.newBufferedReader(Path.of(path))) {
        String line = reader.readLine();
        if (line == null || line.isEmpty()) {
          throw new SQLException(
              "The first line of the password file '" + path + "' is empty", "28000");
        }
        return line;
      } catch (IOException e) {
        throw new SQLException(
            "Cannot read the password file '"
                + path
                + "' ("
                + e
                + "). It has to exist, be readable and be UTF-8 text on the client and on every TaskManager.",
            "28000",
            e);
      }
    }
  }
}
