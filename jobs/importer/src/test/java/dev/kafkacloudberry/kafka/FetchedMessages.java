package dev.kafkacloudberry.kafka;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Remembers what consumers have fetched, as partition:offset. Public since Kafka makes it, by its
 * name.
 */
public final class FetchedMessages implements ConsumerInterceptor<byte[], byte[]> {

  private static final List<String> FETCHED = Collections.synchronizedList(new ArrayList<>());

  static void forget() {
    FETCHED.clear();
  }

  static List<String> all() {
    return List.copyOf(FETCHED);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    for (ConsumerRecord<byte[], byte[]> message : records) {
      FETCHED.add(message.partition() + ":" + message.offset());
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> configuration) {}
}
