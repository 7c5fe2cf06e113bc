package dev.kafkacloudberry.database;

import java.io.IOException;

/** The rejects of a load, produced one by one while they are stored. */
@FunctionalInterface
public interface RejectData {

  /** Takes one reject after the other. */
  @FunctionalInterface
  interface Consumer {
    void accept(Reject reject) throws IOException;
  }

  /**
   * Gives all of them.
   *
   * @throws IOException to give the load up; nothing of it is kept
   */
  void forEach(Consumer rejects) throws IOException;
}
