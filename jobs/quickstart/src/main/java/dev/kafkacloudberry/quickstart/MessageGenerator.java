package dev.kafkacloudberry.quickstart;

import dev.kafkacloudberry.testbed.Message;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Messages as they come in life: commas, quotes and line breaks within values, several scripts,
 * NULLs, and now and then the same message twice, which then is two rows. The same seed gives the
 * same messages.
 */
final class MessageGenerator {
  private static final List<String> TEXTS =
      List.of(
          "order shipped",
          "Müller & Söhne, Köln",
          "she said \"two, please\"",
          "你好，世界",
          "上海市浦东新区, \"张江\"高科技园区",
          "naïve café, São Paulo",
          "Привет",
          "مرحبا",
          "rocket \uD83D\uDE80, family \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
          "first line\nsecond line",
          "C:\\temp\\new",
          "tab\tbetween",
          "  spaces around  ",
          "O'Brien; DROP TABLE dest_table_fdw --",
          "NULL",
          "\\N",
          "");

  private static final LocalDate FIRST_DAY = LocalDate.of(1900, 1, 1);
  private static final int DAYS = (int) FIRST_DAY.until(LocalDate.of(2100, 1, 1), ChronoUnit.DAYS);
  private static final long SECONDS_PER_DAY = 86_400;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_DAY = SECONDS_PER_DAY * 1_000_000;

  /** One value in so many is NULL. */
  private static final int NULLS = 50;

  /** One message in so many is the one before, again. */
  private static final int REPEATS = 500;

  private final MessageFormat format;
  private final int partitions;
  private final SplittableRandom random;
  private Message latest;

  /** Starts an endless series of messages that are spread over the partitions. */
  MessageGenerator(MessageFormat format, int partitions, long seed) {
    this.format = format;
    this.partitions = partitions;
    this.random = new SplittableRandom(seed);
    this.latest = fresh();
  }

  /** The next messages of the series, made as they are iterated over. */
  Iterable<Message> next(long count) {
    return Stream.generate(this::next).limit(count)::iterator;
  }

  private Message next() {
    if (random.nextInt(REPEATS) != 0) {
      latest = fresh();
    }
    return latest;
  }

  private Message fresh() {
    Row row =
        new Row(
            orNull(random::nextInt), orNull(this::text), orNull(this::date), orNull(this::time));
    return Message.of(format.encode(row)).to(random.nextInt(partitions));
  }

  private <T> T orNull(Supplier<T> value) {
    return random.nextInt(NULLS) == 0 ? null : value.get();
  }

  private String text() {
    String text = TEXTS.get(random.nextInt(TEXTS.size()));
    return random.nextBoolean() ? text : text + " " + random.nextInt(1_000_000);
  }

  private LocalDate date() {
    return FIRST_DAY.plusDays(random.nextInt(DAYS));
  }

  private LocalDateTime time() {
    long nanos = random.nextLong(MICROS_PER_DAY) * NANOS_PER_MICRO;
    LocalTime time = LocalTime.ofNanoOfDay(nanos);
    return date().atTime(random.nextBoolean() ? time : time.truncatedTo(ChronoUnit.SECONDS));
  }
}
