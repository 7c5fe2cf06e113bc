package dev.kafkacloudberry.kafka;

import static org.apache.flink.configuration.description.TextElement.text;

import java.util.Locale;
import org.apache.flink.configuration.DescribedEnum;
import org.apache.flink.configuration.description.InlineElement;

/** What to do about offsets that are no longer in the topic. */
enum MissingOffsets implements DescribedEnum {
  FAIL("The job fails, with the offset that it wants and those that there are."),
  SKIP("Reading goes on with the first message that is there, as if the others had never been.");

  private final String description;

  MissingOffsets(String description) {
    this.description = description;
  }

  @Override
  public InlineElement getDescription() {
    return text(description);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
