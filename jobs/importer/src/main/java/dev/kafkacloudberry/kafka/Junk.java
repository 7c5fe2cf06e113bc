package dev.kafkacloudberry.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kafkacloudberry.text.Excerpt;
import java.io.Serializable;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What becomes of messages that cannot be decoded: a row that says so, where the table has columns
 * for it, and otherwise the end of the job.
 */
final class Junk implements Serializable {

  /** The metadata that holds the message. */
  static final String MESSAGE = "junk";

  /** The metadata that holds what is wrong with it. */
  static final String ERROR = "junk-error";

  static final DataType MESSAGE_TYPE = DataTypes.BYTES().nullable();
  static final DataType ERROR_TYPE = DataTypes.STRING().nullable();

  private static final int LONGEST_REASON = 500;
  private static final Pattern LINE_BREAK = Pattern.compile("\\s*\\R\\s*");
  private static final int BEGINNING = 500;
  private static final int LONGEST_CHARACTER = 4;

  private final boolean isKept;
  private transient Counter messages;

  /**
   * @param isKept whether there are rows for such messages
   */
  Junk(boolean isKept) {
    this.isKept = isKept;
  }

  void open(MetricGroup metrics) {
    messages = metrics.counter("junkMessages");
  }

  /**
   * Says what is wrong with a message.
   *
   * @param part of the message that was decoded
   * @throws SuppressRestartsException if there is no row for it: a restart would read it again
   */
  String error(ConsumerRecord<byte[], byte[]> message, byte[] part, Exception failure) {
    String text = part == null ? "" : beginning(part);
    String reason = reason(failure, text);
    if (!isKept) {
      throw new SuppressRestartsException(
          new FlinkRuntimeException(
              "The message at offset %d of partition %d of topic '%s' cannot be decoded: %s. It begins with '%s'. To go on with such messages, declare the columns junk BYTES METADATA VIRTUAL and junk_error STRING METADATA FROM 'junk-error' VIRTUAL."
                  .formatted(
                      message.offset(),
                      message.partition(),
                      message.topic(),
                      reason,
                      Excerpt.of(text)),
              failure));
    }
    messages.inc();
    return reason;
  }

  /** What a cause that repeats the message has in it; the last characters may be cut in two. */
  private static String beginning(byte[] part) {
    if (part.length <= BEGINNING) {
      return new String(part, UTF_8);
    }
    String text = new String(part, 0, BEGINNING, UTF_8);
    return text.substring(0, text.length() - LONGEST_CHARACTER);
  }

  /** What all causes say, but for those that do nothing but repeat the message or their cause. */
  private static String reason(Exception failure, String text) {
    Set<String> reasons = new LinkedHashSet<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String reason = Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getName());
      boolean repeats =
          cause.getCause() != null
              && (reason.equals(cause.getCause().toString())
                  || !text.isEmpty() && reason.contains(text));
      if (!repeats) {
        reasons.add(LINE_BREAK.matcher(reason.strip()).replaceAll(" ").replaceFirst("[.:]$", ""));
      }
    }
    return Excerpt.of(String.join(": ", reasons), LONGEST_REASON);
  }
}
