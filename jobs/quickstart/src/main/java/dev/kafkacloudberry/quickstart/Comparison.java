package dev.kafkacloudberry.quickstart;

import java.util.Locale;

/**
 * What a verification found.
 *
 * @param messages in the topic
 * @param rows in the table
 * @param missing messages without their row
 * @param duplicated rows beyond those that their messages account for
 * @param foreign rows that no message is like, changed ones included
 */
record Comparison(long messages, long rows, long missing, long duplicated, long foreign) {

  boolean isExact() {
    return messages == rows && missing == 0 && duplicated == 0 && foreign == 0;
  }

  @Override
  public String toString() {
    String counts =
        String.format(
            Locale.ROOT,
            "%d messages produced, %d rows in dest_table_fdw, %d missing, %d duplicated",
            messages,
            rows,
            missing,
            duplicated);
    return isExact() ? "verified: " + counts : "WRONG: " + counts + ", " + foreign + " foreign";
  }
}
