package dev.kafkacloudberry.format;

import java.io.Serializable;

/** Makes a value of its text, as the input function of a PostgreSQL type does. */
interface ValueReader extends Serializable {

  /**
   * @param text valid UTF-8 that is not written to afterwards, since the value may share it
   * @throws InvalidTextException if it is no value of the type
   */
  Object read(byte[] text, int start, int end);
}
