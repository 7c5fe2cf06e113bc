package dev.kafkacloudberry.database;

import java.sql.SQLException;

/** Another commit holds offsets of a load, so the load would bring rows a second time. */
public final class OverlapException extends SQLException {

  private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

  OverlapException(String message) {
    super(message, OBJECT_NOT_IN_PREREQUISITE_STATE);
  }
}
