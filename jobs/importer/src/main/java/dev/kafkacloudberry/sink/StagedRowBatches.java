package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.copy.CopyFormat;
import dev.kafkacloudberry.copy.CopyRows;
import dev.kafkacloudberry.copy.RowContent;
import dev.kafkacloudberry.database.Load;
import dev.kafkacloudberry.database.LoadTransaction;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RowBatches;
import dev.kafkacloudberry.staging.StagedFileReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The rows that were staged for a committable, read again to find those that are refused. */
final class StagedRowBatches implements RowBatches, Closeable {

  private static final int ROWS_AT_ONCE = 1 << 16;
  private static final int BYTES_AT_ONCE = 8 << 20;

  /** What to do about a row that is refused. */
  @FunctionalInterface
  interface Listener {

    /**
     * @param row the number of the row in its file, from 0
     * @throws SQLException to end the search
     */
    void refused(DataFile file, int row, Reject reject, SQLException refusal)
        throws SQLException, IOException;
  }

  private final CopyFormat format;
  private final List<String> names;
  private final List<String> types;
  private final Iterator<DataFile> files;
  private final Listener listener;

  private DataFile file;
  private InputStream in;
  private CopyRows rows;
  private PlacesOfFile places;
  private int nextRow;

  StagedRowBatches(CloudberryCommittable committable, Listener listener) {
    this.format = committable.target().format();
    this.names = committable.target().columns().stream().map(Load.Column::name).toList();
    this.types = committable.target().columns().stream().map(Load.Column::type).toList();
    this.files = committable.data().iterator();
    this.listener = listener;
  }

  @Override
  public Optional<Batch> next() throws IOException {
    while (true) {
      if (rows != null) {
        CopyRows.Chunk chunk = rows.next(ROWS_AT_ONCE, BYTES_AT_ONCE);
        if (chunk.count() > 0) {
          Batch batch = new StagedBatch(chunk, nextRow);
          nextRow += chunk.count();
          return Optional.of(batch);
        }
        close();
      }
      if (!files.hasNext()) {
        return Optional.empty();
      }
      open(files.next());
    }
  }

  private void open(DataFile next) throws IOException {
    file = next;
    in = StagedFileReader.open(next.rows());
    rows = new CopyRows(format, in);
    places = new PlacesOfFile(next);
    nextRow = 0;
  }

  @Override
  public void close() throws IOException {
    if (rows != null) {
      rows = null;
      in.close();
      places.close();
    }
  }

  private final class StagedBatch implements Batch {

    private final CopyRows.Chunk chunk;
    private final int first;

    StagedBatch(CopyRows.Chunk chunk, int first) {
      this.chunk = chunk;
      this.first = first;
    }

    @Override
    public int count() {
      return chunk.count();
    }

    @Override
    public void writeTo(OutputStream copy, int from, int to) throws IOException {
      copy.write(format.header());
      chunk.writeTo(copy, from, to);
      copy.write(format.trailer());
    }

    @Override
    public void refused(int index, SQLException refusal) throws SQLException, IOException {
      int row = first + index;
      Reject reject =
          new Reject(
              places.of(row),
              Optional.empty(),
              Optional.of(RowContent.of(format, chunk.row(index), names, types)),
              LoadTransaction.reason(refusal),
              Optional.of(refusal.getSQLState()));
      listener.refused(file, row, reject, refusal);
    }
  }
}
