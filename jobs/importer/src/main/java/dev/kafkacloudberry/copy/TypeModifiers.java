package dev.kafkacloudberry.copy;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The numbers in parentheses of a type, as in {@code numeric(10,2)} or {@code character
 * varying(20)}. The database fits values to them: it rounds numbers and times without a word and
 * refuses longer text when the checkpoint is committed. So both are looked at before.
 */
record TypeModifiers(OptionalInt first, OptionalInt second) {
  private static final Pattern PARENTHESES = Pattern.compile("\\((\\d+)(?:,(\\d+))?\\)");

  /** The modifiers in a type as {@code format_type()} writes it. */
  static TypeModifiers of(String displayType) {
    Matcher matcher = PARENTHESES.matcher(displayType);
    if (!matcher.find()) {
      return new TypeModifiers(OptionalInt.empty(), OptionalInt.empty());
    }
    String second = matcher.group(2);
    return new TypeModifiers(
        OptionalInt.of(Integer.parseInt(matcher.group(1))),
        second == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(second)));
  }
}
