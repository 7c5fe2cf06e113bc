package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.copy.CopyRows;
import dev.kafkacloudberry.copy.RowContent;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.database.Refusal;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RowBatches;
import dev.kafkacloudberry.staging.StagedFileReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Rows that were staged for a committable, read again to find those that are refused. */
final class StagedRowBatches implements RowBatches {

  private static final int ROWS_OF_BATCH = 1 << 16;
  private static final int BYTES_OF_BATCH = 8 << 20;
  private static final int ROWS_AT_ONCE = 1 << 12;
  private static final int BYTES_AT_ONCE = 1 << 20;

  /** What to do about a row that is refused. */
  @FunctionalInterface
  interface Listener {

    /**
     * @param row the number of the row in its file, from 0
     * @throws SQLException to end the search
     */
    void refused(DataFile file, int row, Reject reject, Refusal refusal)
        throws SQLException, IOException;
  }

  /** Which rows are read. */
  @FunctionalInterface
  interface Choice {

    /**
     * @param row the number of the row in its file, from 0
     */
    boolean has(DataFile file, int row);
  }

  private final CopyFormat format;
  private final List<String> names;
  private final List<String> types;
  private final Iterator<DataFile> files;
  private final Choice choice;
  private final Listener listener;

  private DataFile file;
  private InputStream in;
  private CopyRows rows;
  private int nextRow;

  private DataFile fileOfPlaces;
  private PlacesOfFile places;

  StagedRowBatches(CloudberryCommittable committable, Choice choice, Listener listener) {
    this.format = committable.target().format();
    this.names = committable.target().columns().stream().map(Load.Column::name).toList();
    this.types = committable.target().columns().stream().map(Load.Column::type).toList();
    this.files = committable.data().iterator();
    this.choice = choice;
    this.listener = listener;
  }

  @Override
  public Optional<Batch> next() throws IOException {
    StagedBatch batch = new StagedBatch();
    while (!batch.isFull() && (rows != null || open())) {
      CopyRows.Chunk chunk = rows.next(ROWS_AT_ONCE, BYTES_AT_ONCE);
      if (chunk.count() == 0) {
        closeFile();
      }
      for (int i = 0; i < chunk.count(); i++, nextRow++) {
        if (choice.has(file, nextRow)) {
          batch.add(file, nextRow, chunk.row(i));
        }
      }
    }
    return batch.count() == 0 ? Optional.empty() : Optional.of(batch);
  }

  private boolean open() throws IOException {
    if (!files.hasNext()) {
      return false;
    }
    file = files.next();
    in = StagedFileReader.open(file.rows());
    rows = new CopyRows(format, in);
    nextRow = 0;
    return true;
  }

  private void closeFile() throws IOException {
    if (rows != null) {
      rows = null;
      in.close();
    }
  }

  private Optional<Place> place(StagedRow row) throws IOException {
    if (row.file() != fileOfPlaces) {
      closePlaces();
      fileOfPlaces = row.file();
      places = new PlacesOfFile(fileOfPlaces);
    }
    return places.of(row.number());
  }

  private void closePlaces() throws IOException {
    if (places != null) {
      places.close();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      closeFile();
    } finally {
      closePlaces();
    }
  }

  /**
   * @param number of the row in its file, from 0
   * @param end where it ends in the batch
   */
  private record StagedRow(DataFile file, int number, int start, int end) {}

  private final class StagedBatch implements Batch {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<StagedRow> staged = new ArrayList<>();
    private byte[] all;

    boolean isFull() {
      return staged.size() >= ROWS_OF_BATCH || bytes.size() >= BYTES_OF_BATCH;
    }

    void add(DataFile of, int number, byte[] row) {
      int start = bytes.size();
      bytes.writeBytes(row);
      staged.add(new StagedRow(of, number, start, bytes.size()));
    }

    @Override
    public int count() {
      return staged.size();
    }

    @Override
    public void writeTo(OutputStream copy, int from, int to) throws IOException {
      copy.write(format.header());
      if (from < to) {
        int start = staged.get(from).start();
        copy.write(bytes(), start, staged.get(to - 1).end() - start);
      }
      copy.write(format.trailer());
    }

    private byte[] bytes() {
      if (all == null) {
        all = bytes.toByteArray();
      }
      return all;
    }

    @Override
    public void refused(int index, Refusal refusal) throws SQLException, IOException {
      StagedRow row = staged.get(index);
      byte[] encoded = Arrays.copyOfRange(bytes(), row.start(), row.end());
      String content = RowContent.of(format, encoded, names, types);
      listener.refused(
          row.file(), row.number(), Reject.ofRow(place(row), content, refusal), refusal);
    }
  }
}
