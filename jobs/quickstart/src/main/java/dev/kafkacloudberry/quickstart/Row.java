package dev.kafkacloudberry.quickstart;

import java.time.LocalDate;
import java.time.LocalDateTime;

/** A row of {@code kafka_test}. A component is null where SQL has NULL. */
record Row(Integer someInt, String someText, LocalDate someDate, LocalDateTime someTime) {}
