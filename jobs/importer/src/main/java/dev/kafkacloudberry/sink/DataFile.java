package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.staging.StagedFile;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A closed file of rows.
 *
 * @param places the file that says where each of its rows lies, if the rows say so
 */
record DataFile(StagedFile rows, Optional<StagedFile> places) {

  Stream<StagedFile> all() {
    return Stream.concat(Stream.of(rows), places.stream());
  }
}
