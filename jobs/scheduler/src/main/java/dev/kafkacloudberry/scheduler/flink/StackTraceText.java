package dev.kafkacloudberry.scheduler.flink;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a person wants of a stack trace that Flink sends as text: the messages of its causes. */
final class StackTraceText {

  private static final Pattern FRAMES = Pattern.compile("\\R\\s+(at |\\.\\.\\. ).*");
  private static final Pattern CAUSES = Pattern.compile("\\RCaused by: ");
  private static final Pattern ENVELOPE =
      Pattern.compile("<Exception on server side:\\R|\\R?End of exception on server side>");

  /** An exception without a message, or the names of those that it went through. */
  private static final Pattern CLASS_NAMES =
      Pattern.compile("^(?:(?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?:: |\\s*$))+");

  /** Messages that say only that something below has failed. */
  private static final Pattern EMPTY_WORDS =
      Pattern.compile(
          "Could not (execute|run) application.*|The main method caused an error.*|Recovery is suppressed.*"
              + "|Global failure triggered.*|(Internal|Request) .*server error.*|Failed to execute.*"
              + "|The failure is not recoverable|One or more fetchers have encountered exception.*",
          Pattern.DOTALL);

  private StackTraceText() {}

  /** The messages from the outermost to the root cause, each said once. */
  static String messages(String stackTrace) {
    List<String> messages = new ArrayList<>();
    String withoutFrames =
        FRAMES.matcher(ENVELOPE.matcher(stackTrace).replaceAll("")).replaceAll("");
    for (String cause : CAUSES.split(withoutFrames)) {
      String message = CLASS_NAMES.matcher(cause.strip()).replaceFirst("").strip();
      boolean said = messages.stream().anyMatch(before -> before.contains(message));
      if (!message.isEmpty() && !said && !EMPTY_WORDS.matcher(message).matches()) {
        messages.add(message);
      }
    }
    return messages.isEmpty()
        ? withoutFrames.strip()
        : String.join(System.lineSeparator() + "  caused by: ", messages);
  }
}
