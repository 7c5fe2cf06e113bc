package dev.kafkacloudberry.benchmarks;

/** A column of the tables that are loaded. */
record Column(String name, Type type) {

  /** What Flink, then what the database calls it. */
  enum Type {
    INT("INT", "int"),
    TEXT("STRING", "text"),
    DATE("DATE", "date"),
    TIMESTAMP("TIMESTAMP(6)", "timestamp");

    private final String flink;
    private final String postgres;

    Type(String flink, String postgres) {
      this.flink = flink;
      this.postgres = postgres;
    }
  }

  String inFlink() {
    return name + " " + type.flink;
  }

  String inPostgres() {
    return name + " " + type.postgres;
  }
}
