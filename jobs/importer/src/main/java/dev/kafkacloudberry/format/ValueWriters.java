package dev.kafkacloudberry.format;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalType;

/** Which type is written how. */
final class ValueWriters {

  private ValueWriters() {}

  /** None for a type that no single text stands for, such as a row, and for rare ones. */
  static Optional<ValueWriter> of(LogicalType type) {
    return Optional.ofNullable(
        switch (type.getTypeRoot()) {
          case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE, CHAR, VARCHAR ->
              Object::toString;
          case DECIMAL -> value -> ((DecimalData) value).toBigDecimal().toPlainString();
          case BINARY, VARBINARY -> value -> "\\x" + HexFormat.of().formatHex((byte[]) value);
          case DATE -> value -> date(LocalDate.ofEpochDay((int) value));
          case TIME_WITHOUT_TIME_ZONE ->
              value -> time(LocalTime.ofNanoOfDay((int) value * 1_000_000L));
          case TIMESTAMP_WITHOUT_TIME_ZONE -> value -> timestamp((TimestampData) value, "");
          case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> value -> timestamp((TimestampData) value, "Z");
          default -> null;
        });
  }

  private static String date(LocalDate date) {
    return day(date) + era(date);
  }

  private static String timestamp(TimestampData value, String zone) {
    // As UTC, with and without a zone.
    LocalDateTime dateTime = value.toLocalDateTime();
    LocalDate date = dateTime.toLocalDate();
    return day(date) + " " + time(dateTime.toLocalTime()) + zone + era(date);
  }

  private static String day(LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    return "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
  }

  private static String era(LocalDate date) {
    return date.getYear() > 0 ? "" : " BC";
  }

  /** With as many digits behind the second as it takes. */
  private static String time(LocalTime time) {
    String seconds = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
    return time.getNano() == 0
        ? seconds
        : seconds + "." + "%09d".formatted(time.getNano()).replaceAll("0+$", "");
  }
}
