package dev.kafkacloudberry.format;

import java.io.Serializable;
import java.time.ZoneId;

/**
 * What the same text may mean differently.
 *
 * @param dateOrder of dates that are only numbers and do not begin with the year
 * @param zone of a TIMESTAMP_LTZ without one
 */
record ReadingRules(DateOrder dateOrder, ZoneId zone) implements Serializable {}
