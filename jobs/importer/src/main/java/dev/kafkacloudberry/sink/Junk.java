package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.text.Excerpt;
import java.util.Optional;
import org.apache.flink.table.data.RowData;

/** Tells the rows that stand for a message which could not be decoded. */
record Junk(MetadataPositions metadata) {

  /** What a format says may hold all of a message, which is kept beside it. */
  private static final int MOST_ERROR_CHARS = 2_000;

  boolean is(RowData row) {
    return metadata.has(RowMetadata.JUNK_ERROR)
        && !row.isNullAt(metadata.of(RowMetadata.JUNK_ERROR));
  }

  Reject reject(RowData row, RowPlace place) {
    Optional<byte[]> message =
        metadata.has(RowMetadata.JUNK) && !row.isNullAt(metadata.of(RowMetadata.JUNK))
            ? Optional.of(row.getBinary(metadata.of(RowMetadata.JUNK)))
            : Optional.empty();
    String error = row.getString(metadata.of(RowMetadata.JUNK_ERROR)).toString();
    return Reject.ofMessage(place.asPlace(), message, Excerpt.of(error, MOST_ERROR_CHARS));
  }
}
