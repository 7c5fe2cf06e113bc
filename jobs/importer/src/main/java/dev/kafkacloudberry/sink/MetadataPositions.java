package dev.kafkacloudberry.sink;

import static dev.kafkacloudberry.sink.RowMetadata.JUNK;
import static dev.kafkacloudberry.sink.RowMetadata.JUNK_ERROR;
import static dev.kafkacloudberry.sink.RowMetadata.OFFSET;
import static dev.kafkacloudberry.sink.RowMetadata.PARTITION;
import static dev.kafkacloudberry.sink.RowMetadata.TOPIC;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * At which positions of its rows a query gives metadata. What it does not give is not in here, even
 * if the table declares it.
 */
public record MetadataPositions(Map<RowMetadata, Integer> positions) implements Serializable {

  private static final List<RowMetadata> PLACE = List.of(TOPIC, PARTITION, OFFSET);

  /**
   * @throws IllegalArgumentException when only parts are given that mean nothing by themselves
   */
  public MetadataPositions {
    positions = Map.copyOf(positions);
    List<RowMetadata> missing = new ArrayList<>(PLACE);
    missing.removeAll(positions.keySet());
    if (!missing.isEmpty() && missing.size() < PLACE.size()) {
      throw new IllegalArgumentException(
          "The INSERT gives a part of the rows' place in Kafka and leaves out %s. Give 'topic', 'partition' and 'offset', all three or none"
              .formatted(quoted(missing)));
    }
    if (positions.containsKey(JUNK) && !positions.containsKey(JUNK_ERROR)) {
      throw new IllegalArgumentException(
          "The INSERT gives 'junk' without 'junk-error'. It is by 'junk-error' that a row is known to be no row; without it, it would be loaded as one of NULLs. Give both");
    }
  }

  private static String quoted(List<RowMetadata> metadata) {
    return String.join(", ", metadata.stream().map(one -> "'" + one.key() + "'").toList());
  }

  /** Whether the rows' place in Kafka is given. */
  public boolean havePlace() {
    return has(TOPIC);
  }

  boolean has(RowMetadata metadata) {
    return positions.containsKey(metadata);
  }

  /** The position of what {@link #has} says is there. */
  int of(RowMetadata metadata) {
    return positions.get(metadata);
  }
}
