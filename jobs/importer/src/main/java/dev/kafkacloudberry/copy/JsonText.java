package dev.kafkacloudberry.copy;

/** Writes a JSON object whose text the database can hold: nothing below U+0020 is in it. */
final class JsonText {

  private final StringBuilder json = new StringBuilder("{");

  /**
   * @param value what a JSON value looks like
   */
  JsonText put(String name, String value) {
    json.append(json.length() == 1 ? "" : ", ").append(string(name)).append(": ").append(value);
    return this;
  }

  static String string(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          // Half a surrogate pair would not survive the way to the database either.
          if (c < ' ' || Character.isSurrogate(c) && !isPaired(text, i)) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  private static boolean isPaired(String text, int index) {
    return Character.isHighSurrogate(text.charAt(index))
        ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
        : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
  }

  @Override
  public String toString() {
    return json + "}";
  }
}
