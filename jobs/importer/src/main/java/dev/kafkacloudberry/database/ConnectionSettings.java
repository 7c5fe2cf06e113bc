package dev.kafkacloudberry.database;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * How to reach the database. Everything that the PostgreSQL JDBC driver understands (TLS, several
 * hosts) may stand in the URL.
 *
 * @param url a {@code jdbc:postgresql:} URL
 * @param username the role, or empty for the driver's default
 * @param connectTimeout the longest wait for a connection and its login
 * @param socketTimeout the longest silence of the server before the connection counts as dead; zero
 *     waits for ever
 */
public record ConnectionSettings(
    String url, String username, Password password, Duration connectTimeout, Duration socketTimeout)
    implements Serializable {

  static {
    forgetDriver();
  }

  /**
   * The driver has registered itself with the JVM, which then keeps the classes of every job that a
   * cluster has ever run, until there is no room for more. It is not looked up there.
   */
  private static void forgetDriver() {
    boolean isOfAJob = Driver.class.getClassLoader() != ClassLoader.getSystemClassLoader();
    try {
      if (isOfAJob && Driver.isRegistered()) {
        Driver.deregister();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Opens a connection that the server lists under the given application name. */
  public Connection open(String applicationName) throws SQLException {
    Properties properties = new Properties();
    if (!username.isEmpty()) {
      PGProperty.USER.set(properties, username);
    }
    String secret = password.value();
    if (!secret.isEmpty()) {
      PGProperty.PASSWORD.set(properties, secret);
    }
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds(connectTimeout));
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds(connectTimeout));
    PGProperty.SOCKET_TIMEOUT.set(properties, seconds(socketTimeout));
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    // Not by the DriverManager: it looks for drivers once in a JVM, and on a cluster it may have
    // done so for another job, before this one's classes were there.
    Connection connection = new Driver().connect(url, properties);
    if (connection == null) {
      throw new SQLException(
          "The PostgreSQL JDBC driver does not understand the URL '%s'".formatted(this), "22023");
    }
    // Not as a property: a parameter of the URL would come before it.
    connection.setClientInfo("ApplicationName", applicationName);
    return connection;
  }

  private static int seconds(Duration duration) {
    return duration.isZero() ? 0 : (int) Math.max(1, duration.toSeconds());
  }

  /** Leaves out the parts of the URL that may carry a password. */
  @Override
  public String toString() {
    return url.replaceFirst("\\?.*", "").replaceFirst("//.*@", "//")
        + (username.isEmpty() ? "" : " as " + username);
  }
}
