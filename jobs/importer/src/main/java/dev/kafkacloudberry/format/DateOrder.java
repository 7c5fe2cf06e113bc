package dev.kafkacloudberry.format;

/** How a date like 01/02/03 is read, as PostgreSQL's DateStyle says it. */
enum DateOrder {
  MDY,
  DMY,
  YMD
}
