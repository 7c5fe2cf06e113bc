package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Reject;
import java.util.Optional;
import org.apache.flink.table.data.RowData;

/** Tells the rows that stand for a message which could not be decoded. */
record Junk(MetadataPositions metadata) {

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
    return new Reject(place.asPlace(), message, Optional.empty(), error, Optional.empty());
  }
}
