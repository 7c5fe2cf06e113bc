package dev.kafkacloudberry.lineage;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.flink.streaming.api.transformations.SourceTransformation;

/**
 * The Kafka sources that rows come from, through whatever query. Sources that do not tell Flink
 * what they read are not among them.
 */
public final class KafkaSources implements Serializable {

  private static final long serialVersionUID = 1L;

  private final ArrayList<SourceTopics> sources;

  KafkaSources(List<SourceTopics> sources) {
    this.sources = new ArrayList<>(sources);
  }

  /** Looks upstream of the rows, at the plan; asks nobody. */
  public static KafkaSources of(DataStream<?> rows) {
    return new KafkaSources(
        rows.getTransformation().getTransitivePredecessors().stream()
            .distinct()
            .flatMap(KafkaSources::facets)
            .map(SourceTopics::of)
            .toList());
  }

  private static Stream<KafkaDatasetFacet> facets(Transformation<?> transformation) {
    return transformation instanceof SourceTransformation<?, ?, ?> source
            && source.getSource() instanceof LineageVertexProvider provider
        ? provider.getLineageVertex().datasets().stream()
            .flatMap(dataset -> dataset.facets().values().stream())
            .filter(KafkaDatasetFacet.class::isInstance)
            .map(KafkaDatasetFacet.class::cast)
        : Stream.of();
  }

  /**
   * Asks Kafka for the id of a topic: a topic that is deleted and created again has another one.
   *
   * @return empty when none of the sources reads a topic of that name, there is none any more, or
   *     the brokers are too old to have ids
   * @throws IOException when the brokers do not say
   * @throws IllegalStateException when two clusters have a topic of that name and both are read
   */
  public Optional<String> topicId(String topic) throws IOException {
    Map<String, String> brokersById = new HashMap<>();
    for (SourceTopics source : sources) {
      if (source.mayHold(topic)) {
        source.id(topic).ifPresent(id -> brokersById.putIfAbsent(id, source.brokers()));
      }
    }
    if (brokersById.size() > 1) {
      throw new IllegalStateException(
          "Topic '%s' is read from more than one Kafka cluster (%s), so topic, partition and offset do not say which message a row is. Write another name into the column of the topic for each cluster, as in 'east/' || topic, or use one INSERT with a 'sink.id' of its own for each"
              .formatted(
                  topic, String.join("; ", brokersById.values().stream().sorted().toList())));
    }
    return brokersById.keySet().stream().findFirst();
  }

  /** For messages: the topics and their brokers, and no settings. */
  @Override
  public String toString() {
    return sources.toString();
  }
}
