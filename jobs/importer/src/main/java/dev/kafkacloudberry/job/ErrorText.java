package dev.kafkacloudberry.job;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.GlobalConfiguration;

/** What users read of an exception: the messages of its causes, without stack traces or secrets. */
final class ErrorText {

  /** {@code key=value}, either or both in quotes, as in table options, settings and URLs. */
  private static final Pattern ASSIGNMENT =
      Pattern.compile("([\\w.-]+)(['\"]?\\s*=\\s*)('(?:[^']|'')*'|\"[^\"]*\"|[^\\s'\"&,;]+)");

  /** Exceptions that crossed a network carry their class in front of their message. */
  private static final Pattern CLASS_NAME =
      Pattern.compile("^(?:(?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?:: |$))+");

  private ErrorText() {}

  /** The messages from the outermost exception to its root cause, each said once. */
  static String of(Throwable error) {
    List<String> messages = new ArrayList<>();
    Set<Throwable> seen = new HashSet<>();
    Throwable root = error;
    for (Throwable cause = error; cause != null && seen.add(cause); cause = cause.getCause()) {
      String message = message(cause);
      if (messages.stream().noneMatch(said -> said.contains(message))) {
        messages.add(message);
      }
      root = cause;
    }
    if (message(root).isEmpty()) {
      messages.add(root.toString());
    }
    messages.remove("");
    return withoutSecrets(String.join(System.lineSeparator() + "  caused by: ", messages));
  }

  /** Hides the values of the keys that Flink regards as sensitive. */
  static String withoutSecrets(String text) {
    return ASSIGNMENT.matcher(text).replaceAll(ErrorText::withoutSecret);
  }

  private static String withoutSecret(MatchResult assignment) {
    boolean sensitive = GlobalConfiguration.isSensitive(assignment.group(1));
    String value = sensitive ? GlobalConfiguration.HIDDEN_CONTENT : assignment.group(3);
    return Matcher.quoteReplacement(assignment.group(1) + assignment.group(2) + value);
  }

  private static String message(Throwable error) {
    String message = error.getMessage() == null ? "" : error.getMessage();
    return CLASS_NAME.matcher(message).replaceFirst("").strip();
  }
}
