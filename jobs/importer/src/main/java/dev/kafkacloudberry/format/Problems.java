package dev.kafkacloudberry.format;

/** What is wrong with the values of one message, of which the first few are told. */
final class Problems {
  private static final int MOST = 5;

  private final StringBuilder text = new StringBuilder();
  private int count;

  void add(String problem) {
    count++;
    if (count <= MOST) {
      text.append(count == 1 ? "" : "; ").append(problem);
    }
  }

  MalformedMessageException exception() {
    if (count > MOST) {
      text.append("; and ").append(count - MOST).append(" more");
    }
    return new MalformedMessageException(text.toString());
  }
}
