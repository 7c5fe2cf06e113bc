package dev.kafkacloudberry.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with certificates made on the fly, and who may talk to them. */
class CertificatesITCase {

  @TempDir private static Path ours;
  @TempDir private static Path theirs;

  private static Certificates certificates;
  private static Certificates others;

  @BeforeAll
  static void make() {
    certificates = Certificates.in(ours);
    others = Certificates.in(theirs);
  }

  @Test
  void aBrokerTalksToWhoTrustsItsCertificateAndKnowsThePassword() {
    ScramLogin login = new ScramLogin("importer", "open sesame", certificates);
    try (KafkaBroker broker = KafkaBroker.start(login)) {
      broker.createTopic("guarded", 1);
      try (Producer<byte[], byte[]> producer =
          broker.producer(settings(broker, login.clientProperties()))) {
        assertThat(producer.send(new ProducerRecord<>("guarded", "in".getBytes(UTF_8))))
            .succeedsWithin(Duration.ofSeconds(20));
      }
      Map<String, Object> withTrustStore = settings(broker, login.clientProperties());
      withTrustStore.put("ssl.truststore.type", "PKCS12");
      withTrustStore.put("ssl.truststore.location", certificates.trustStore().toString());
      withTrustStore.put("ssl.truststore.password", certificates.trustStorePassword());
      try (Producer<byte[], byte[]> producer = broker.producer(withTrustStore)) {
        assertThat(producer.partitionsFor("guarded")).hasSize(1);
      }

      ScramLogin wrongPassword = new ScramLogin("importer", "close sesame", certificates);
      try (Producer<byte[], byte[]> producer =
          broker.producer(settings(broker, wrongPassword.clientProperties()))) {
        assertThatThrownBy(() -> producer.partitionsFor("guarded"))
            .isInstanceOf(SaslAuthenticationException.class);
      }
      ScramLogin wrongAuthority = new ScramLogin("importer", "open sesame", others);
      try (Producer<byte[], byte[]> producer =
          broker.producer(settings(broker, wrongAuthority.clientProperties()))) {
        assertThatThrownBy(() -> producer.partitionsFor("guarded"))
            .isInstanceOf(SslAuthenticationException.class);
      }
      assertThat(broker.read("guarded")).hasSize(1);
    }
  }

  private static Map<String, Object> settings(KafkaBroker broker, Map<String, String> login) {
    Map<String, Object> settings = new HashMap<>(login);
    settings.put("bootstrap.servers", broker.saslBootstrapServers());
    return settings;
  }

  @Test
  void aDatabaseIsVerifiedAndRefusesPlainConnections() throws SQLException {
    try (PostgresServer postgres = PostgresServer.start(certificates)) {
      assertThat(isEncrypted(postgres)).isTrue();

      String plain = postgres.url().replaceFirst("\\?.*", "?sslmode=disable");
      assertRefused(postgres, plain, "no encryption");
      String wrongAuthority =
          postgres
              .url()
              .replace(certificates.authority().toString(), others.authority().toString());
      assertRefused(postgres, wrongAuthority, "PKIX path");

      postgres.restart();
      assertThat(isEncrypted(postgres)).isTrue();
    }
  }

  private static boolean isEncrypted(PostgresServer postgres) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static void assertRefused(PostgresServer postgres, String url, String reason) {
    assertThatThrownBy(
            () -> DriverManager.getConnection(url, postgres.username(), postgres.password()))
        .isInstanceOf(SQLException.class)
        .hasStackTraceContaining(reason);
  }
}
