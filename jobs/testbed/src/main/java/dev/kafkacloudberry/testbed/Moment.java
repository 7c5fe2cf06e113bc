package dev.kafkacloudberry.testbed;

import java.util.function.Predicate;

/**
 * A point in a client's conversation with PostgreSQL, in the simple as well as the extended query
 * protocol. Everything before it has been passed on, nothing after it has.
 */
public sealed interface Moment {

  /** A statement is about to be passed to the server. */
  record BeforeStatement(Predicate<String> sql) implements Moment {}

  /** The server has executed a statement; nothing of its answer has been passed to the client. */
  record AfterStatement(Predicate<String> sql) implements Moment {}

  /** So many bytes of one COPY's data have been passed to the server. */
  record AfterCopyData(long bytes) implements Moment {}

  /** All of a COPY's data has been passed to the server, its end has not. */
  record BeforeCopyDone() implements Moment {}

  /** Before a statement whose text contains this. */
  static Moment before(String sql) {
    return new BeforeStatement(statement -> statement.contains(sql));
  }

  /**
   * After a statement whose text contains this, unless it fails. In autocommit mode its transaction
   * has ended, too.
   */
  static Moment after(String sql) {
    return new AfterStatement(statement -> statement.contains(sql));
  }

  /** The transaction is complete but for its COMMIT. */
  static Moment beforeCommit() {
    return new BeforeStatement(Moment::isCommit);
  }

  /** The transaction is committed and the client does not know: in doubt. */
  static Moment afterCommit() {
    return new AfterStatement(Moment::isCommit);
  }

  /**
   * In the midst of a COPY.
   *
   * @param bytes at least 1; the data is passed on in the client's messages, so a little more may
   *     have gone
   */
  static Moment afterCopyData(long bytes) {
    return new AfterCopyData(bytes);
  }

  /** At the end of a COPY's data. */
  static Moment beforeCopyDone() {
    return new BeforeCopyDone();
  }

  private static boolean isCommit(String sql) {
    return sql.strip().equalsIgnoreCase("COMMIT");
  }
}
