package dev.kafkacloudberry.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kafkacloudberry.database.Place;
import dev.kafkacloudberry.database.Reject;
import dev.kafkacloudberry.database.RejectData;
import dev.kafkacloudberry.staging.StagedFile;
import dev.kafkacloudberry.staging.StagedFileReader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A file of rejects: magic, version, and for each reject a byte that tells its parts, then the
 * parts.
 */
final class RejectsEncoding {

  private static final int MAGIC = 0x4b32_524a; // K2RJ
  private static final int VERSION = 2;

  /** It knew no kinds. */
  private static final int OLDEST_VERSION = 1;

  private static final int END = -1;

  private static final int PLACE = 1;
  private static final int MESSAGE = 2;
  private static final int CONTENT = 4;
  private static final int SQLSTATE = 8;
  private static final int KIND = 16;

  private RejectsEncoding() {}

  static void writeHeader(DataOutput out) throws IOException {
    out.writeInt(MAGIC);
    out.writeByte(VERSION);
  }

  static void write(Reject reject, DataOutput out) throws IOException {
    out.writeByte(
        (reject.place().isPresent() ? PLACE : 0)
            | (reject.message().isPresent() ? MESSAGE : 0)
            | (reject.content().isPresent() ? CONTENT : 0)
            | (reject.sqlState().isPresent() ? SQLSTATE : 0)
            | (reject.kind().isPresent() ? KIND : 0));
    if (reject.place().isPresent()) {
      Place place = reject.place().get();
      writeText(place.topic(), out);
      out.writeInt(place.partition());
      out.writeLong(place.offset());
    }
    if (reject.message().isPresent()) {
      writeBytes(reject.message().get(), out);
    }
    if (reject.content().isPresent()) {
      writeText(reject.content().get(), out);
    }
    writeText(reject.error(), out);
    if (reject.sqlState().isPresent()) {
      writeText(reject.sqlState().get(), out);
    }
    if (reject.kind().isPresent()) {
      writeText(reject.kind().get(), out);
    }
  }

  private static void writeText(String text, DataOutput out) throws IOException {
    writeBytes(text.getBytes(UTF_8), out);
  }

  private static void writeBytes(byte[] bytes, DataOutput out) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Reads every reject of a file. What was taken by then is worthless when this throws. */
  static void read(StagedFile file, RejectData.Consumer rejects) throws IOException {
    try (InputStream in = StagedFileReader.open(file)) {
      read(in, rejects);
    }
  }

  static void read(InputStream bytes, RejectData.Consumer rejects) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(bytes));
    int magic = in.readInt();
    int version = in.readByte();
    if (magic != MAGIC || version < OLDEST_VERSION || version > VERSION) {
      throw new IOException(
          "This is no file of rejects that this build reads (version %d). Run the build that wrote it, or a newer one"
              .formatted(version));
    }
    for (int parts = in.read(); parts != END; parts = in.read()) {
      rejects.accept(readReject(parts, in));
    }
  }

  /** Reads what {@link #write} has written. */
  static Reject read(DataInputStream in) throws IOException {
    return readReject(in.readUnsignedByte(), in);
  }

  private static Reject readReject(int parts, DataInputStream in) throws IOException {
    Optional<Place> place =
        (parts & PLACE) == 0
            ? Optional.empty()
            : Optional.of(new Place(readText(in), in.readInt(), in.readLong()));
    Optional<byte[]> message =
        (parts & MESSAGE) == 0 ? Optional.empty() : Optional.of(readBytes(in));
    Optional<String> content =
        (parts & CONTENT) == 0 ? Optional.empty() : Optional.of(readText(in));
    String error = readText(in);
    Optional<String> sqlState =
        (parts & SQLSTATE) == 0 ? Optional.empty() : Optional.of(readText(in));
    Optional<String> kind = (parts & KIND) == 0 ? Optional.empty() : Optional.of(readText(in));
    return new Reject(place, message, content, error, kind, sqlState);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), UTF_8);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }
}
