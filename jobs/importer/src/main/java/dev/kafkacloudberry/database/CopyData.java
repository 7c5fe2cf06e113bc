package dev.kafkacloudberry.database;

import java.io.IOException;
import java.io.OutputStream;

/** The bytes of a COPY, produced while it runs. */
@FunctionalInterface
public interface CopyData {

  /**
   * Writes everything from the first byte to the last.
   *
   * @throws IOException to give the COPY up; nothing of it is kept
   */
  void writeTo(OutputStream copy) throws IOException;
}
