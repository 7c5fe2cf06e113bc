package dev.kafkacloudberry.kafka;

import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.connector.kafka.source.enumerator.initializer.NoStoppingOffsetsInitializer;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.connectors.kafka.config.BoundedMode;
import org.apache.flink.streaming.connectors.kafka.config.StartupMode;
import org.apache.flink.table.api.ValidationException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a table's options say that reading starts and stops.
 *
 * @param properties of the table
 */
@SuppressWarnings("deprecation") // Flink's interface still speaks of OffsetResetStrategy.
record ScanOffsets(Properties properties) {

  OffsetsInitializer start(
      StartupMode mode, Map<TopicPartition, Long> specific, long timestampMillis) {
    return switch (mode) {
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> OffsetsInitializer.latest();
      case GROUP_OFFSETS -> committed();
      case SPECIFIC_OFFSETS -> new SpecificOffsets(specific);
      case TIMESTAMP -> OffsetsInitializer.timestamp(timestampMillis);
    };
  }

  OffsetsInitializer stop(
      BoundedMode mode, Map<TopicPartition, Long> specific, long timestampMillis) {
    LatestOffsets latest = new LatestOffsets(new Topics(properties));
    return switch (mode) {
      case UNBOUNDED -> new NoStoppingOffsetsInitializer();
      case LATEST -> latest;
      case GROUP_OFFSETS -> committed();
      case SPECIFIC_OFFSETS -> OffsetsInitializer.offsets(specific);
      case TIMESTAMP -> new EarlierOffsets(OffsetsInitializer.timestamp(timestampMillis), latest);
    };
  }

  /** Looked up before anything is read, so that a reset applies to groups without offsets only. */
  private OffsetsInitializer committed() {
    if (!properties.containsKey(ConsumerConfig.GROUP_ID_CONFIG)) {
      throw new ValidationException(
          "Committed offsets are those of a consumer group: set 'properties.group.id'.");
    }
    return OffsetsInitializer.offsets(Map.of(), reset());
  }

  private OffsetResetStrategy reset() {
    String reset = properties.getProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return Arrays.stream(OffsetResetStrategy.values())
        .filter(strategy -> strategy.toString().equalsIgnoreCase(reset))
        .findFirst()
        .orElseThrow(
            () ->
                new ValidationException(
                    "'properties.auto.offset.reset' is '%s', which is not allowed: for a consumer group without offsets it is earliest, latest or none."
                        .formatted(reset)));
  }
}
