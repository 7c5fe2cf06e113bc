package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadmeTest {

  static List<String> pages() throws IOException {
    List<String> pages = new ArrayList<>(List.of("README.md", "README.zh-CN.md"));
    try (Stream<Path> docs = Files.list(Readme.REPOSITORY.resolve("docs"))) {
      docs.map(file -> "docs/" + file.getFileName()).sorted().forEach(pages::add);
    }
    return pages;
  }

  @Test
  void bothLanguagesSayTheSame() throws IOException {
    Readme english = Readme.read("README.md");
    Readme chinese = Readme.read("README.zh-CN.md");
    assertThat(chinese.code()).isEqualTo(english.code());
    assertThat(chinese.headings()).isEqualTo(english.headings());
    assertThat(chinese.paths()).containsExactlyInAnyOrderElementsOf(english.paths());
    assertThat(chinese.links()).isEqualTo(english.links());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void whatAPageNamesIsThere(String page) throws IOException {
    Readme readme = Readme.read(page);
    assertThat(readme.links()).filteredOn(Files::notExists).isEmpty();
    assertThat(readme.paths()).filteredOn(Files::notExists).isEmpty();
  }

  @Test
  void theReadmeNamesEveryPage() throws IOException {
    List<String> docs = pages().stream().filter(page -> page.startsWith("docs/")).toList();
    assertThat(Readme.read("README.md").text()).contains(docs);
  }
}
