package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class InsertPrivilegeITCase {

  private static PostgresServer postgres;

  @BeforeAll
  static void start() {
    postgres = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void aRoleThatMayNotUseTheSchemaIsToldWhatToGrant() throws Exception {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE ROLE outsider; CREATE SCHEMA closed; CREATE TABLE closed.t (id int);"
              + " GRANT INSERT ON closed.t TO outsider; SET SESSION AUTHORIZATION outsider");

      assertThatThrownBy(() -> TargetTable.read(connection, "closed.t"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("GRANT USAGE ON SCHEMA \"closed\" TO");
    }
  }

  @Test
  void aRoleThatMayNotInsertIsToldWhatToGrant() throws Exception {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE ROLE loader; CREATE TABLE \"Orders\" (id int); SET SESSION AUTHORIZATION loader");

      assertThatThrownBy(() -> TargetTable.read(connection, "Orders"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("GRANT INSERT ON \"public\".\"Orders\" TO");

      statement.execute("RESET SESSION AUTHORIZATION; GRANT INSERT ON \"Orders\" TO loader");
      statement.execute("SET SESSION AUTHORIZATION loader");
      assertThat(TargetTable.read(connection, "Orders").columnNames()).isEqualTo("id");
    }
  }
}
