package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyBuffer;
import dev.kafkacloudberry.copy.RowEncodingException;
import dev.kafkacloudberry.staging.StagedFileWriter;
import dev.kafkacloudberry.staging.StagingDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;

/**
 * Encodes rows into staged files. It keeps no state: what it has at a barrier it hands on, and what
 * it had not handed on when it died is read from Kafka again.
 */
final class CloudberryWriter implements CommittingSinkWriter<RowData, StagedRows> {

  /** Enough to make a write to the file worth its while, little enough to stay in the cache. */
  private static final int WRITE_SIZE = 1 << 16;

  private final RowTarget target;
  private final StagingDirectory staging;
  private final long rollSize;
  private final int index;
  private final String attempt;
  private final SinkWriterMetricGroup metrics;

  private final CopyBuffer buffer = new CopyBuffer();
  private final List<StagedRows> closed = new ArrayList<>();
  private StagedFileWriter open;
  private int files;
  private long bufferedRows;

  CloudberryWriter(
      RowTarget target,
      StagingDirectory staging,
      long rollSize,
      int index,
      String attempt,
      SinkWriterMetricGroup metrics) {
    this.target = target;
    this.staging = staging;
    this.rollSize = rollSize;
    this.index = index;
    this.attempt = attempt;
    this.metrics = metrics;
  }

  @Override
  public void write(RowData row, Context context) throws IOException {
    try {
      target.encoder().encode(row, buffer);
    } catch (RowEncodingException e) {
      throw new IOException(
          "A row cannot be loaded into table " + target.staged().table() + ": " + e.getMessage(),
          e);
    }
    bufferedRows++;
    if (buffer.length() >= WRITE_SIZE) {
      drain();
    }
  }

  /** Nothing is in flight: the barrier, not the flush, ends the files. */
  @Override
  public void flush(boolean endOfInput) {}

  @Override
  public Collection<StagedRows> prepareCommit() throws IOException {
    drain();
    closeFile();
    List<StagedRows> handedOn = List.copyOf(closed);
    closed.clear();
    return handedOn;
  }

  private void drain() throws IOException {
    if (bufferedRows == 0) {
      return;
    }
    try {
      if (open == null) {
        open = staging.create(index, attempt, files++);
      }
      open.write(buffer.array(), buffer.length(), bufferedRows);
    } catch (IOException e) {
      throw notStaged(e);
    }
    metrics.getNumRecordsSendCounter().inc(bufferedRows);
    metrics.getNumBytesSendCounter().inc(buffer.length());
    buffer.reset();
    bufferedRows = 0;
    if (open.bytes() >= rollSize) {
      closeFile();
    }
  }

  private void closeFile() throws IOException {
    if (open == null) {
      return;
    }
    try {
      closed.add(new StagedRows(target.staged(), open.close()));
    } catch (IOException e) {
      throw notStaged(e);
    }
    open = null;
  }

  private IOException notStaged(IOException cause) {
    return new IOException(
        "Cannot stage rows for table %s in %s ('sink.staging.dir'): %s"
            .formatted(target.staged().table(), staging, cause),
        cause);
  }

  /** Removes what was not handed on. */
  @Override
  public void close() throws IOException {
    if (open != null) {
      open.discard();
      open = null;
    }
    for (StagedRows rows : closed) {
      rows.file().delete();
    }
    closed.clear();
  }
}
