package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionSettingsTest {

  private static final String URL = "jdbc:postgresql://db1,db2:5432/sales";

  @Test
  void itPrintsNeitherThePasswordNorTheParametersOfTheUrl() {
    assertThat(settings(URL + "?user=u&password=s3cret&ssl=true", "loader"))
        .hasToString(URL + " as loader");
    assertThat(settings(URL, "")).hasToString(URL);
  }

  @Test
  void aUrlOfAnotherDatabaseIsRefusedWithoutItsParameters() {
    assertThatThrownBy(() -> settings("jdbc:mysql://db/x?password=s3cret", "u").open("test"))
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> assertThat(FailureCategory.of(e)).isEqualTo(FailureCategory.PERMANENT))
        .hasMessageContaining("jdbc:mysql://db/x")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void itTravelsToTheTaskManagers() throws Exception {
    ConnectionSettings settings = settings(URL, "loader");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(settings);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(settings);
    }
  }

  private static ConnectionSettings settings(String url, String username) {
    return new ConnectionSettings(
        url,
        username,
        new Password.Literal("s3cret"),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1));
  }
}
