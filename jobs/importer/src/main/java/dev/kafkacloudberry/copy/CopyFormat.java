package dev.kafkacloudberry.copy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** A format of {@code COPY ... FROM STDIN}, with what frames its rows. */
public enum CopyFormat {
  /** Values in the database's own binary representation; it parses nothing. */
  BINARY("FORMAT binary", "PGCOPY\n\u00ff\r\n\0" + "\0\0\0\0" + "\0\0\0\0", "\u00ff\u00ff"),

  /** Tab-separated lines; the database parses each value with the column's input function. */
  TEXT("FORMAT text", "", "");

  private final String option;
  private final byte[] header;
  private final byte[] trailer;

  CopyFormat(String option, String header, String trailer) {
    this.option = option;
    this.header = header.getBytes(ISO_8859_1);
    this.trailer = trailer.getBytes(ISO_8859_1);
  }

  /** The option that the COPY statement needs, such as {@code FORMAT binary}. */
  public String option() {
    return option;
  }

  /** The bytes that go before the first row. */
  public byte[] header() {
    return header.clone();
  }

  /** The bytes that go after the last row. */
  public byte[] trailer() {
    return trailer.clone();
  }
}
