package dev.kafkacloudberry.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A message to produce.
 *
 * @param partition where it goes; null lets the producer choose
 * @param key may be null
 * @param value may be null, a tombstone
 */
public record Message(Integer partition, byte[] key, byte[] value) {

  /** A message without a key, in UTF-8. */
  public static Message of(String value) {
    return new Message(null, null, value.getBytes(UTF_8));
  }

  /** A message without a key. */
  public static Message of(byte[] value) {
    return new Message(null, null, value);
  }

  /** A message with a key, both in UTF-8. */
  public static Message of(String key, String value) {
    return new Message(null, key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  /** The same message, for a certain partition. */
  public Message to(int partition) {
    return new Message(partition, key, value);
  }
}
