package dev.kafkacloudberry.format;

import java.io.Serializable;

/** Makes a text of a value, which its {@link ValueReader} reads as the same value. */
interface ValueWriter extends Serializable {

  String text(Object value);
}
