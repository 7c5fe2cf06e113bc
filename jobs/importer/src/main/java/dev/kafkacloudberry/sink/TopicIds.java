package dev.kafkacloudberry.sink;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Tells a topic from an earlier one of the same name. */
@FunctionalInterface
public interface TopicIds extends Serializable {

  /**
   * The id that Kafka gave the topic of this name.
   *
   * @return empty when it is not known
   * @throws IOException when Kafka does not say
   * @throws IllegalStateException when the name means several topics
   */
  Optional<String> of(String topic) throws IOException;

  /** Finds out where a query's rows come from, and so whom to ask. */
  @FunctionalInterface
  interface Upstream extends Serializable {
    TopicIds of(DataStream<?> rows);
  }
}
