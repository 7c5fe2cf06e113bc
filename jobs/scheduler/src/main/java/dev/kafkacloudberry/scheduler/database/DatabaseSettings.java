package dev.kafkacloudberry.scheduler.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How to reach the database. Everything that the PostgreSQL JDBC driver understands may stand in
 * the URL, but the password.
 *
 * @param password without one the driver looks into {@code ~/.pgpass}
 */
public record DatabaseSettings(String url, Optional<String> username, Optional<String> password) {

  private static final int TIMEOUT_SECONDS = 30;

  /**
   * The role or its password, or the database; the driver's own word for a password that it misses
   * is one that looks like a lost connection.
   */
  private static final Pattern NO_LOGIN = Pattern.compile("28\\w{3}|3D000|08004");

  private static final String NO_OUTAGE = "28000";

  Connection open() throws SQLException {
    Properties properties = new Properties();
    username.ifPresent(name -> PGProperty.USER.set(properties, name));
    password.ifPresent(secret -> PGProperty.PASSWORD.set(properties, secret));
    PGProperty.CONNECT_TIMEOUT.set(properties, TIMEOUT_SECONDS);
    PGProperty.LOGIN_TIMEOUT.set(properties, TIMEOUT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(properties, TIMEOUT_SECONDS);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.APPLICATION_NAME.set(properties, "kafka-cloudberry scheduler");
    Connection connection;
    try {
      connection = new Driver().connect(url, properties);
    } catch (SQLException e) {
      throw NO_LOGIN.matcher(String.valueOf(e.getSQLState())).matches()
          ? new SQLException(
              "Cannot log in to %s as %s (%s). These are --url and --username, or else cloudberry.url and cloudberry.username of Flink's configuration; the password is that of --password-file, or else of CLOUDBERRY_PASSWORD or ~/.pgpass"
                  .formatted(this, username.orElse("the URL's role"), e.getMessage()),
              NO_OUTAGE,
              e)
          : e;
    }
    if (connection == null) {
      throw new SQLException(
          "'%s' is no database's address, like jdbc:postgresql://host:5432/database"
              .formatted(this),
          "22023");
    }
    return connection;
  }

  @Override
  public String toString() {
    return url.replaceFirst("\\?.*", "");
  }
}
