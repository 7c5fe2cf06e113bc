package dev.kafkacloudberry;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/** The role that the README creates for imports: it has the rights named there, and no others. */
record ImporterRole(String name, String password) {

  private static final Pattern CREATED =
      Pattern.compile("CREATE ROLE (\\w+) LOGIN PASSWORD '\\w+'");
  private static final String ON_TABLE = "GRANT INSERT ON dest_table_fdw";

  /** Creates it, for the README's table, which is there. */
  static ImporterRole create(PostgresServer postgres) {
    return create(postgres, statements());
  }

  /** Creates it, for any table that the superuser creates from now on. */
  static ImporterRole createForTablesToCome(PostgresServer postgres) {
    return create(
        postgres,
        statements().replace(ON_TABLE, "ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES"));
  }

  private static String statements() {
    try {
      return Readme.read("README.md")
          .codeWith("CREATE ROLE")
          .replace("DATABASE warehouse", "DATABASE postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ImporterRole create(PostgresServer postgres, String statements) {
    Matcher created = CREATED.matcher(statements);
    if (!created.find()) {
      throw new IllegalStateException("The README creates no role: " + statements);
    }
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    } catch (SQLException e) {
      throw new IllegalStateException(statements, e);
    }
    ImporterRole role = new ImporterRole(created.group(1), UUID.randomUUID().toString());
    role.setPassword(postgres, role.password());
    return role;
  }

  /** Gives it another password, as psql's {@code \password} does: the server never hears it. */
  void setPassword(PostgresServer postgres, String password) {
    try (Connection connection = postgres.connect()) {
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(name, password.toCharArray(), "scram-sha-256");
    } catch (SQLException e) {
      throw new IllegalStateException("no new password for " + name, e);
    }
  }
}
