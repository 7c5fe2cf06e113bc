package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyBuffer;
import dev.kafkacloudberry.copy.RowEncoder;
import dev.kafkacloudberry.copy.RowEncodingException;
import dev.kafkacloudberry.staging.StagedFile;
import dev.kafkacloudberry.staging.StagedFileKind;
import dev.kafkacloudberry.staging.StagedFileWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.table.data.RowData;

/** The rows of a writer that are to be loaded, in files, and beside each of them their places. */
final class DataFiles {

  private final WriterFiles files;
  private final RowEncoder encoder;
  private final SinkWriterMetricGroup metrics;
  private final CopyBuffer buffer = new CopyBuffer();
  private final SideFile placesFile;
  private final PlacesEncoder places;
  private final List<DataFile> closed = new ArrayList<>();
  private StagedFileWriter open;
  private int number;
  private long bufferedRows;
  private long rowsOfPlaces;

  DataFiles(WriterFiles files, RowEncoder encoder, SinkWriterMetricGroup metrics) {
    this.files = files;
    this.encoder = encoder;
    this.metrics = metrics;
    this.placesFile = new SideFile(files, StagedFileKind.PLACES);
    this.places = new PlacesEncoder(placesFile.buffer());
  }

  /**
   * @throws RowEncodingException when a column cannot hold its value; nothing of the row is kept
   */
  void add(RowData row, RowPlace place) throws RowEncodingException, IOException {
    encoder.encode(row, buffer);
    bufferedRows++;
    if (place.isGiven()) {
      addPlace(place);
    }
    if (buffer.length() >= WriterFiles.WRITE_SIZE) {
      drain();
      if (open.bytes() >= files.rollSize()) {
        closeFile();
      }
    }
  }

  private void addPlace(RowPlace place) throws IOException {
    if (placesFile.isEmpty()) {
      places.begin();
    }
    places.add(place);
    rowsOfPlaces++;
    if (placesFile.isBufferFull()) {
      drainPlaces();
    }
  }

  private void drainPlaces() throws IOException {
    placesFile.drain(rowsOfPlaces);
    rowsOfPlaces = 0;
  }

  private void drain() throws IOException {
    if (open == null) {
      open = files.create(StagedFileKind.ROWS, number++);
    }
    open.write(buffer.array(), buffer.length(), bufferedRows);
    metrics.getNumRecordsSendCounter().inc(bufferedRows);
    metrics.getNumBytesSendCounter().inc(buffer.length());
    buffer.reset();
    bufferedRows = 0;
  }

  /** Ends the file that is open, if there is one. */
  void closeFile() throws IOException {
    if (bufferedRows > 0) {
      drain();
    }
    if (open == null) {
      return;
    }
    Optional<StagedFile> placesOfFile = closePlaces();
    closed.add(new DataFile(open.close(), placesOfFile));
    open = null;
  }

  private Optional<StagedFile> closePlaces() throws IOException {
    if (placesFile.isEmpty()) {
      return Optional.empty();
    }
    places.endRun();
    drainPlaces();
    return Optional.of(placesFile.close());
  }

  /** Hands on what is closed. */
  List<DataFile> take() {
    List<DataFile> taken = List.copyOf(closed);
    closed.clear();
    return taken;
  }

  /** Removes what was not handed on. */
  void discard() throws IOException {
    if (open != null) {
      open.discard();
      open = null;
    }
    placesFile.discard();
    for (DataFile file : closed) {
      for (StagedFile part : file.all().toList()) {
        part.delete();
      }
    }
    closed.clear();
  }
}
