package dev.kafkacloudberry.database;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Rejects as a binary COPY reads them; each names the load that it belongs to. */
record RejectCopy(Load load, RejectData rejects) implements CopyData {

  /** The columns, in the order in which they are written. */
  static final String COLUMNS =
      "commit_id, sink_id, topic, \"partition\", \"offset\", message, content, error, sqlstate";

  private static final int COLUMN_COUNT = 9;
  private static final int NULL = -1;
  private static final int END = -1;
  private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(ISO_8859_1);
  private static final int BUFFER_SIZE = 1 << 16;

  @Override
  public void writeTo(OutputStream copy) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(copy, BUFFER_SIZE));
    out.write(SIGNATURE);
    out.writeInt(0); // no flags
    out.writeInt(0); // no extension
    byte[] sinkId = bytes(load.sinkId());
    rejects.forEach(reject -> write(reject, sinkId, out));
    out.writeShort(END);
    out.flush();
  }

  private void write(Reject reject, byte[] sinkId, DataOutputStream out) throws IOException {
    out.writeShort(COLUMN_COUNT);
    out.writeInt(2 * Long.BYTES);
    out.writeLong(load.commitId().getMostSignificantBits());
    out.writeLong(load.commitId().getLeastSignificantBits());
    write(sinkId, out);
    if (reject.place().isPresent()) {
      Place place = reject.place().get();
      write(bytes(place.topic()), out);
      out.writeInt(Integer.BYTES);
      out.writeInt(place.partition());
      out.writeInt(Long.BYTES);
      out.writeLong(place.offset());
    } else {
      out.writeInt(NULL);
      out.writeInt(NULL);
      out.writeInt(NULL);
    }
    write(reject.message().orElse(null), out);
    write(reject.content().map(RejectCopy::bytes).orElse(null), out);
    write(bytes(reject.error()), out);
    write(reject.sqlState().map(RejectCopy::bytes).orElse(null), out);
  }

  private static void write(byte[] value, DataOutputStream out) throws IOException {
    if (value == null) {
      out.writeInt(NULL);
    } else {
      out.writeInt(value.length);
      out.write(value);
    }
  }

  /** The database's text holds no U+0000, and a reject is not to be refused in its turn. */
  private static byte[] bytes(String text) {
    return text.replace("\0", "\\u0000").getBytes(UTF_8);
  }
}
