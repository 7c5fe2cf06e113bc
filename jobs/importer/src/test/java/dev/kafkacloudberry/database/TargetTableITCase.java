package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kafkacloudberry.testbed.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTableITCase {

  @AutoClose private static final PostgresServer postgres = PostgresServer.start();

  @AutoClose private Connection connection;

  @BeforeEach
  void createSchemas() throws SQLException {
    connection = postgres.connect();
    execute("CREATE SCHEMA sales; CREATE SCHEMA \"Sales\"; SET search_path = sales, \"Sales\"");
  }

  @AfterEach
  void dropSchemas() throws SQLException {
    execute("DROP SCHEMA sales, \"Sales\" CASCADE");
  }

  @Test
  void aNameWithoutASchemaIsLookedUpAlongTheSearchPath() throws SQLException {
    execute("CREATE TABLE \"Sales\".orders (id int); CREATE TABLE \"Sales\".refunds (id int)");
    execute("CREATE TABLE sales.orders (id int)");

    assertThat(read("orders")).hasToString("sales.orders");
    assertThat(read("refunds")).hasToString("Sales.refunds");
    execute("SET search_path = \"Sales\", sales");
    assertThat(read("orders")).hasToString("Sales.orders");
  }

  @Test
  void aNameIsTakenAsItIsWrittenAndElseInLowerCase() throws SQLException {
    execute("CREATE TABLE sales.orders (id int)");

    assertThat(read("Orders")).hasToString("sales.orders");
    assertThat(read("SALES.ORDERS")).hasToString("sales.orders");
    execute("CREATE TABLE sales.\"Orders\" (id int); CREATE TABLE \"Sales\".\"ORDERS\" (id int)");
    assertThat(read("Orders")).hasToString("sales.Orders");
    assertThat(read("sales.Orders")).hasToString("sales.Orders");
    assertThat(read("Sales.ORDERS")).hasToString("Sales.ORDERS");
    assertThat(read("sales.ORDERS")).hasToString("sales.orders");
  }

  @Test
  void aQuotedNameIsTakenAsItIsWrittenOnly() throws SQLException {
    execute("CREATE TABLE sales.orders (id int); CREATE TABLE sales.\"a.\"\"B\" (id int)");

    assertThat(read("\"a.\"\"B\"")).isEqualTo(new TableName("sales", "a.\"B"));
    assertThat(read("SALES.\"a.\"\"B\"")).isEqualTo(new TableName("sales", "a.\"B"));
    assertThatThrownBy(() -> read("\"Orders\"")).hasMessageContaining("There is no table");
    assertThatThrownBy(() -> read("\"SALES\".orders")).hasMessageContaining("There is no table");
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "sales.missing", "missing.orders", "hidden"})
  void aMissingTableIsToldWithTheDatabaseAndTheRemedy(String written) throws SQLException {
    execute("CREATE SCHEMA elsewhere; CREATE TABLE elsewhere.hidden (id int)");
    try {
      assertThatThrownBy(() -> read(written))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + written + "' in database 'postgres'")
          .hasMessageContaining("search_path")
          .hasMessageContaining("'table-name' = 'schema.table'");
    } finally {
      execute("DROP SCHEMA elsewhere CASCADE");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a_sequence", "an_index", "a_type", "a_snapshot", "a_view", "a_foreign_table"})
  void whatIsNoTableIsRefused(String written) throws SQLException {
    execute(
        "CREATE TABLE t (id int); CREATE INDEX an_index ON t (id); CREATE SEQUENCE a_sequence;"
            + " CREATE TYPE a_type AS (id int); CREATE MATERIALIZED VIEW a_snapshot AS TABLE t;"
            + " CREATE VIEW a_view AS TABLE t; DROP FOREIGN DATA WRAPPER IF EXISTS w CASCADE; CREATE FOREIGN DATA WRAPPER w;"
            + " CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE a_foreign_table (id int) SERVER s");

    assertThatThrownBy(() -> read(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(written + " is not a table");
  }

  @Test
  void aPartitionedTableIsATable() throws SQLException {
    execute("CREATE TABLE p (id int NOT NULL, name text) PARTITION BY HASH (id)");

    assertThat(TargetTable.read(connection, "p").columns())
        .containsExactly(
            new TableColumn("id", "int4", "integer", true, false),
            new TableColumn("name", "text", "text", false, false));
  }

  @Test
  void anUnloggedTableIsRefusedSinceACrashEmptiesIt() throws SQLException {
    execute("CREATE UNLOGGED TABLE t (id int)");

    assertThatThrownBy(() -> read("t"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("UNLOGGED", "SET LOGGED");
  }

  @Test
  void rowLevelSecurityThatAppliesToTheRoleIsRefused() throws SQLException {
    execute("CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY");
    assertThat(TargetTable.read(connection, "t").columnNames()).isEqualTo("id");

    execute(
        "CREATE ROLE watched; GRANT INSERT ON t TO watched;"
            + " DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO watched', current_schema()); END $$;"
            + " SET SESSION AUTHORIZATION watched");
    try {
      assertThatThrownBy(() -> read("t"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("row-level security");
    } finally {
      execute("RESET SESSION AUTHORIZATION");
    }
  }

  @Test
  void droppedColumnsAreSkippedAndTheOthersKeepTheirOrder() throws SQLException {
    execute("CREATE TABLE t (z int, gone int, a int); ALTER TABLE t DROP gone, ADD \"M\" int");

    assertThat(TargetTable.read(connection, "t").columnNames()).isEqualTo("z, a, M");
  }

  @Test
  void aColumnIsFoundAsItIsWrittenAndElseInLowerCase() throws SQLException {
    execute("CREATE TABLE t (id int, \"ID\" bigint, \"Mixed\" int)");
    TargetTable table = TargetTable.read(connection, "t");

    assertThat(table.column("ID")).map(TableColumn::baseType).contains("int8");
    assertThat(table.column("Id")).map(TableColumn::baseType).contains("int4");
    assertThat(table.column("Mixed")).isPresent();
    assertThat(table.column("mixed")).isEmpty();
    assertThat(table.column("MIXED")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "numeric(10,2)          | numeric | numeric(10,2)",
        "varchar(5)             | varchar | character varying(5)",
        "timestamptz(3)         | timestamptz | timestamp(3) with time zone",
        "bit(3)                 | bit     | bit(3)",
        "int[][]                | _int4   | integer[]",
        "numeric(4,1)[]         | _numeric | numeric(4,1)[]",
        "mood                   | mood    | mood",
        "price                  | numeric | numeric(10,2)",
        "small_price            | numeric | numeric(10,2)",
        "label                  | bpchar  | character(7)",
        "tags                   | _varchar | character varying(9)[]",
        "price[]                | _price  | price[]",
      })
  void typesAreNamedByTheCatalogAndAsSqlWritesThem(String type, String baseType, String displayType)
      throws SQLException {
    createTypes();
    execute("CREATE TABLE t (c " + type + ")");

    assertThat(TargetTable.read(connection, "t").columns())
        .containsExactly(new TableColumn("c", baseType, displayType, false, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c int                                              | false",
        "c int NOT NULL                                     | true",
        "c int PRIMARY KEY                                  | true",
        "c int NOT NULL DEFAULT 1                           | false",
        "c serial                                           | false",
        "c int GENERATED ALWAYS AS IDENTITY                 | false",
        "c int GENERATED BY DEFAULT AS IDENTITY             | false",
        "c required                                         | true",
        "c required DEFAULT 1                               | false",
        "c strictly_required                                | true",
        "c filled                                           | false",
        "c filled_again                                     | false",
        "c filled NOT NULL                                  | false",
      })
  void aColumnIsMandatoryWhenNothingFillsIt(String definition, boolean mandatory)
      throws SQLException {
    createTypes();
    execute("CREATE TABLE t (" + definition + ", other int)");

    assertThat(TargetTable.read(connection, "t").column("c"))
        .map(TableColumn::mandatory)
        .contains(mandatory);
    // The database has the last word on it.
    if (mandatory) {
      assertThatThrownBy(() -> execute("INSERT INTO t (other) VALUES (1)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23502"));
    } else {
      execute("INSERT INTO t (other) VALUES (1)");
    }
  }

  @Test
  void aGeneratedColumnIsNoneThatCanBeLoaded() throws SQLException {
    execute(
        "CREATE TABLE t (a int, b int NOT NULL GENERATED ALWAYS AS (coalesce(a, 0)) STORED,"
            + " c int GENERATED ALWAYS AS IDENTITY)");

    assertThat(TargetTable.read(connection, "t").columns())
        .containsExactly(
            new TableColumn("a", "int4", "integer", false, false),
            new TableColumn("b", "int4", "integer", false, true),
            new TableColumn("c", "int4", "integer", false, false));
  }

  private void createTypes() throws SQLException {
    execute(
        """
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE DOMAIN price AS numeric(10,2) CHECK (VALUE >= 0);
        CREATE DOMAIN small_price AS price CHECK (VALUE < 100);
        CREATE DOMAIN label AS char(7);
        CREATE DOMAIN tags AS varchar(9)[];
        CREATE DOMAIN required AS int NOT NULL;
        CREATE DOMAIN strictly_required AS required CHECK (VALUE > 0);
        CREATE DOMAIN filled AS int DEFAULT 5 NOT NULL;
        CREATE DOMAIN filled_again AS filled
        """);
  }

  private TableName read(String written) throws SQLException {
    return TargetTable.read(connection, written).name();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
