package dev.kafkacloudberry.cloudberry;

import dev.kafkacloudberry.copy.CopyFormat;
import java.util.Set;

/** The values of {@link CloudberryOptions#COPY_FORMAT}. */
public enum CopyFormatChoice {
  AUTO("auto", Set.of(CopyFormat.values())),
  BINARY("binary", Set.of(CopyFormat.BINARY)),
  TEXT("text", Set.of(CopyFormat.TEXT));

  private final String value;
  private final Set<CopyFormat> formats;

  CopyFormatChoice(String value, Set<CopyFormat> formats) {
    this.value = value;
    this.formats = formats;
  }

  Set<CopyFormat> formats() {
    return formats;
  }

  /** As it stands in SQL. */
  @Override
  public String toString() {
    return value;
  }
}
