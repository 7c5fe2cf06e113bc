package dev.kafkacloudberry.benchmarks;

import org.apache.flink.table.types.logical.DateType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.VarCharType;

/** A column of the tables that are loaded. */
record Column(String name, Type type) {

  enum Type {
    INT(new IntType(), "int4", "integer"),
    TEXT(VarCharType.STRING_TYPE, "text", "text"),
    DATE(new DateType(), "date", "date"),
    TIMESTAMP(new TimestampType(), "timestamp", "timestamp without time zone");

    private final LogicalType inFlinksTable;
    private final String baseType;
    private final String displayType;

    Type(LogicalType inFlinksTable, String baseType, String displayType) {
      this.inFlinksTable = inFlinksTable;
      this.baseType = baseType;
      this.displayType = displayType;
    }

    LogicalType inFlinksTable() {
      return inFlinksTable;
    }

    /** As the database's catalog has it. */
    String baseType() {
      return baseType;
    }

    /** As the database writes it. */
    String displayType() {
      return displayType;
    }
  }

  String inFlink() {
    return name + " " + type.inFlinksTable().asSummaryString();
  }

  String inPostgres() {
    return name + " " + type.displayType();
  }
}
