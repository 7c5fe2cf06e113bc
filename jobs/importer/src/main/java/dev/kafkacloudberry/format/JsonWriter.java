package dev.kafkacloudberry.format;

import java.io.Serializable;

/** Appends a value, which may be null, as JSON. */
interface JsonWriter extends Serializable {

  void write(Object value, StringBuilder out);
}
