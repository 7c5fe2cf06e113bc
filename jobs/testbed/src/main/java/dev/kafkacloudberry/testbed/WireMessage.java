package dev.kafkacloudberry.testbed;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of PostgreSQL's frontend/backend protocol 3.0.
 *
 * @param type the message's type byte
 * @param body what follows the length
 */
record WireMessage(char type, byte[] body) {
  private static final int LENGTH_BYTES = 4;

  static WireMessage read(DataInputStream in) throws IOException {
    char type = (char) in.readUnsignedByte();
    return new WireMessage(type, readBody(in));
  }

  /** Reads the rest of a message, or a whole one of those that start a session without a type. */
  static byte[] readBody(DataInputStream in) throws IOException {
    byte[] body = new byte[in.readInt() - LENGTH_BYTES];
    in.readFully(body);
    return body;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeByte(type);
    writeBody(out, body);
  }

  static void writeBody(DataOutputStream out, byte[] body) throws IOException {
    out.writeInt(body.length + LENGTH_BYTES);
    out.write(body);
  }

  /** The zero-terminated strings that the body begins with. */
  List<String> strings(int count) {
    List<String> strings = new ArrayList<>(count);
    int start = 0;
    while (strings.size() < count) {
      int end = start;
      while (body[end] != 0) {
        end++;
      }
      strings.add(new String(body, start, end - start, StandardCharsets.UTF_8));
      start = end + 1;
    }
    return strings;
  }
}
