package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.RowEncoder;
import dev.kafkacloudberry.copy.RowEncodingException;
import dev.kafkacloudberry.database.OffsetRange;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.staging.StagedFile;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;

/**
 * Encodes rows into staged files. It keeps no state: what it has at a barrier it hands on, and what
 * it had not handed on when it died is read from Kafka again.
 */
final class CloudberryWriter implements CommittingSinkWriter<RowData, StagedRows> {

  private final StagedTarget target;
  private final WriterFiles files;
  private final Junk junk;
  private final RowPlace place;
  private final ReplayGuard guard;
  private final boolean repair;
  private final OffsetSpans spans = new OffsetSpans();
  private final OffsetSpans skipped = new OffsetSpans();
  private final RepairedPlaces repaired = new RepairedPlaces();
  private final DataFiles data;
  private final RejectFiles rejects;
  private final RowEncoder encoder;
  private final OnError onError;
  private final Counter rejectedRows;
  private final Counter skippedRows;

  CloudberryWriter(
      RowTarget target,
      MetadataPositions metadata,
      ReplayGuard guard,
      boolean repair,
      WriterFiles files,
      OnError onError,
      SinkWriterMetricGroup metrics) {
    this.target = target.staged();
    this.encoder = target.encoder();
    this.onError = onError;
    this.files = files;
    this.junk = new Junk(metadata);
    this.place = new RowPlace(metadata);
    this.guard = guard;
    this.repair = repair;
    this.data = new DataFiles(files, target.encoder(), metrics);
    this.rejects = new RejectFiles(files);
    this.rejectedRows = metrics.counter("rejectedRows");
    this.skippedRows = metrics.counter("skippedRows");
  }

  @Override
  public void write(RowData row, Context context) throws IOException {
    place.moveTo(row);
    if (guard.skips(place)) {
      skipped.addLoaded(place, 0);
      skippedRows.inc();
      return;
    }
    if (repair) {
      repaired.add(place);
    }
    if (junk.is(row)) {
      reject(junk.reject(row, place));
    } else {
      load(row);
    }
  }

  private void load(RowData row) throws IOException {
    try {
      data.add(row, place);
    } catch (RowEncodingException e) {
      refuse(row, e);
      return;
    } catch (IOException e) {
      throw notStaged(e);
    }
    spans.addLoaded(place, guard.gapOf(place));
  }

  private void refuse(RowData row, RowEncodingException reason) throws IOException {
    if (onError == OnError.FAIL) {
      throw new IOException(
          "A row%s cannot be loaded into table %s: %s. To keep such rows in the ledger instead, set 'sink.on-error' = 'reject'"
              .formatted(
                  place.asPlace().map(known -> " (" + known + ")").orElse(""),
                  target.table(),
                  reason.getMessage()),
          reason);
    }
    reject(Reject.ofRow(place.asPlace(), encoder.content(row), reason.getMessage(), reason.kind()));
  }

  private void reject(Reject reject) throws IOException {
    try {
      rejects.add(reject);
    } catch (IOException e) {
      throw notStaged(e);
    }
    spans.addRejected(place, guard.gapOf(place));
    rejectedRows.inc();
  }

  /** Nothing is in flight: the barrier, not the flush, ends the files. */
  @Override
  public void flush(boolean endOfInput) {}

  @Override
  public Collection<StagedRows> prepareCommit() throws IOException {
    try {
      data.closeFile();
      rejects.closeFile();
    } catch (IOException e) {
      throw notStaged(e);
    }
    List<DataFile> rows = data.take();
    List<StagedFile> rejected = rejects.take();
    List<OffsetSpan> covered = identified(spans.take());
    List<OffsetSpan> ranges = repair ? repaired.take() : covered;
    List<OffsetRange> left = identified(skipped.take()).stream().map(OffsetSpan::range).toList();
    return rows.isEmpty() && rejected.isEmpty() && left.isEmpty()
        ? List.of()
        : List.of(new StagedRows(target, rows, rejected, ranges, left));
  }

  private List<OffsetSpan> identified(List<OffsetSpan> unidentified) {
    return unidentified.stream()
        .map(span -> span.withTopicId(guard.topicId(span.range().topic())))
        .toList();
  }

  private IOException notStaged(IOException cause) {
    return new IOException(
        "Cannot stage rows for table %s in %s ('sink.staging.dir'): %s"
            .formatted(target.table(), files.staging(), cause),
        cause);
  }

  /** Removes what was not handed on. */
  @Override
  public void close() throws IOException {
    try {
      data.discard();
    } finally {
      rejects.discard();
    }
  }
}
