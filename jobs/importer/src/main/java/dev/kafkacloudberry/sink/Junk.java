package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.text.Excerpt;
import java.util.Optional;
import org.apache.flink.table.data.RowData;

/** Tells the rows that stand for a message which could not be decoded. */
final class Junk {

  /** What a format says may hold all of a message, which is kept beside it. */
  private static final int MOST_ERROR_CHARS = 2_000;

  private static final int NOWHERE = -1;

  private final int messageAt;
  private final int errorAt;

  Junk(MetadataPositions metadata) {
    messageAt = position(metadata, RowMetadata.JUNK);
    errorAt = position(metadata, RowMetadata.JUNK_ERROR);
  }

  private static int position(MetadataPositions metadata, RowMetadata wanted) {
    return metadata.has(wanted) ? metadata.of(wanted) : NOWHERE;
  }

  boolean is(RowData row) {
    return errorAt != NOWHERE && !row.isNullAt(errorAt);
  }

  Reject reject(RowData row, RowPlace place) {
    Optional<byte[]> message =
        messageAt != NOWHERE && !row.isNullAt(messageAt)
            ? Optional.of(row.getBinary(messageAt))
            : Optional.empty();
    String error = row.getString(errorAt).toString();
    return Reject.ofMessage(place.asPlace(), message, Excerpt.of(error, MOST_ERROR_CHARS));
  }
}
