package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Place;
import java.util.Optional;

/**
 * Rows that follow each other in a file and in their partition.
 *
 * @param first where the first of them lies; empty for rows that do not say where they lie
 * @param count how many they are
 */
record PlaceRun(Optional<Place> first, long count) {

  /**
   * @param index counted from 0
   */
  Optional<Place> at(long index) {
    return first.map(place -> new Place(place.topic(), place.partition(), place.offset() + index));
  }
}
