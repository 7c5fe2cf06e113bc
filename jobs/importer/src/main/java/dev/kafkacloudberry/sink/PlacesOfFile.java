package dev.kafkacloudberry.sink;

import dev.kafkacloudberry.database.Place;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** Where the rows of a file lie, asked for in the order of the rows. */
final class PlacesOfFile implements Closeable {

  private final PlacesReader reader;
  private PlaceRun run = new PlaceRun(Optional.empty(), 0);
  private long firstOfRun;

  /**
   * @param data a file whose rows have no place if it has no file of places
   */
  PlacesOfFile(DataFile data) throws IOException {
    reader = data.places().isPresent() ? PlacesReader.open(data.places().get()) : null;
  }

  /**
   * @param row the number of a row, from 0, no lower than when this was asked before
   */
  Optional<Place> of(long row) throws IOException {
    while (reader != null && row >= firstOfRun + run.count()) {
      firstOfRun += run.count();
      Optional<PlaceRun> next = reader.next();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      run = next.get();
    }
    return run.at(row - firstOfRun);
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }
}
