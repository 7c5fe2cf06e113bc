package dev.kafkacloudberry.benchmarks;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * As fast as it goes in one thread, with nothing but that in mind: a consumer, a parser for just
 * these messages, one COPY. It checks nothing, and whoever stops it begins anew.
 */
final class PlainLoader {

  private static final int BUFFER = 1 << 20;
  private static final int FLUSH_AT = BUFFER - (64 << 10);

  /** What COPY's binary format begins with, and ends with. */
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static final long POSTGRES_EPOCH_DAY = 10_957;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final Column.Type[] types;
  private final ByteBuffer out = ByteBuffer.allocate(BUFFER);

  private PlainLoader(Column.Type[] types) {
    this.types = types;
  }

  /** Prints how many seconds it took, without the start of its JVM. */
  public static void main(String[] args) throws SQLException {
    long start = System.nanoTime();
    PlainLoader loader =
        new PlainLoader(
            Arrays.stream(args[5].split(","))
                .map(Column.Type::valueOf)
                .toArray(Column.Type[]::new));
    try (Connection connection =
            DriverManager.getConnection(args[2], args[3], System.getenv("PGPASSWORD"));
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of(
                    ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    args[0],
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    50_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      loader.load(consumer, args[1], connection, args[4]);
    }
    System.out.println(Timing.secondsSince(start));
  }

  private void load(
      KafkaConsumer<byte[], byte[]> consumer, String topic, Connection connection, String table)
      throws SQLException {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream().map(PlainLoader::partition).toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    long left = consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY %s FROM STDIN (FORMAT binary)".formatted(table));
    out.put(HEADER);
    while (left > 0) {
      for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofSeconds(1))) {
        put(message.value());
        left--;
        if (out.position() > FLUSH_AT) {
          flush(copy);
        }
      }
    }
    out.putShort((short) -1);
    flush(copy);
    copy.endCopy();
  }

  private static TopicPartition partition(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }

  private void flush(CopyIn copy) throws SQLException {
    copy.writeToCopy(out.array(), 0, out.position());
    out.clear();
  }

  private void put(byte[] message) {
    out.putShort((short) types.length);
    int start = 0;
    for (Column.Type type : types) {
      int end = start;
      while (end < message.length && message[end] != ',') {
        end++;
      }
      put(type, message, start, end);
      start = end + 1;
    }
  }

  private void put(Column.Type type, byte[] message, int start, int end) {
    switch (type) {
      case INT -> out.putInt(Integer.BYTES).putInt(number(message, start, end));
      case TEXT -> out.putInt(end - start).put(message, start, end - start);
      case DATE -> out.putInt(Integer.BYTES).putInt((int) day(message, start));
      case TIMESTAMP ->
          out.putInt(Long.BYTES)
              .putLong(
                  (day(message, start) * 86_400 + secondOfDay(message, start + 11))
                          * MICROS_PER_SECOND
                      + number(message, start + 20, start + 26));
    }
  }

  private static int number(byte[] text, int start, int end) {
    int number = 0;
    for (int i = start; i < end; i++) {
      number = number * 10 + text[i] - '0';
    }
    return number;
  }

  private static long secondOfDay(byte[] text, int start) {
    return number(text, start, start + 2) * 3600L
        + number(text, start + 3, start + 5) * 60L
        + number(text, start + 6, start + 8);
  }

  /** Days since PostgreSQL's epoch: years begin in March, so that leap days are last. */
  private static long day(byte[] text, int start) {
    int year = number(text, start, start + 4);
    int month = number(text, start + 5, start + 7);
    if (month < 3) {
      year--;
      month += 12;
    }
    int day = number(text, start + 8, start + 10);
    long epochDay =
        365L * year
            + year / 4
            - year / 100
            + year / 400
            + (153 * (month - 3) + 2) / 5
            + day
            - 719_469;
    return epochDay - POSTGRES_EPOCH_DAY;
  }
}
