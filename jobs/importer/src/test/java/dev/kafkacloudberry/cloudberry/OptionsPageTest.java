package dev.kafkacloudberry.cloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.junit.jupiter.api.Test;

class OptionsPageTest {

  private static final Path PAGE = Path.of("../../docs/options.md");
  private static final String REGENERATE =
      "./mvnw test -pl jobs/importer -am -Dtest=OptionsPageTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dregenerate";

  @Test
  void thePageIsWhatTheOptionsSay() throws IOException {
    String page = OptionsPage.markdown(REGENERATE);
    if (System.getProperty("regenerate") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("stale; run " + REGENERATE).hasContent(page);
  }

  @Test
  void thePageHasEveryOptionOfTheTable() {
    CloudberryTableFactory factory = new CloudberryTableFactory();
    Set<ConfigOption<?>> options = new HashSet<>(factory.requiredOptions());
    options.addAll(factory.optionalOptions());
    assertThat(OptionsPage.options()).containsExactlyInAnyOrderElementsOf(options);
  }
}
