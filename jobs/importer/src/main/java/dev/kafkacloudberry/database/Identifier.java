package dev.kafkacloudberry.database;

/** Quoting of SQL identifiers. */
final class Identifier {

  private Identifier() {}

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
