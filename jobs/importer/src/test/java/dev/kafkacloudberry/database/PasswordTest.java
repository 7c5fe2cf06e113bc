package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {

  @TempDir private Path folder;

  @Test
  void aFileIsReadAnewAtEveryCall() throws Exception {
    Path file = folder.resolve("password");
    Password password = new Password.InFile(file.toString());

    Files.writeString(file, "first\n");
    assertThat(password.value()).isEqualTo("first");
    Files.writeString(file, "second\r\nnot this");
    assertThat(password.value()).isEqualTo("second");
  }

  @Test
  void onlyTheEndOfTheLineIsNoPartOfThePassword() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), " pass wörd \n");

    assertThat(new Password.InFile(file.toString()).value()).isEqualTo(" pass wörd ");
  }

  @Test
  void aMissingFileIsNamedAndNotRetried() {
    String file = folder.resolve("missing").toString();

    assertThatThrownBy(() -> new Password.InFile(file).value())
        .hasMessageContaining(file)
        .hasMessageContaining("every TaskManager")
        .isInstanceOfSatisfying(SQLException.class, PasswordTest::assertPermanent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\nsecond line"})
  void anEmptyFirstLineIsRefusedNamingTheFile(String content) throws Exception {
    String file = Files.writeString(folder.resolve("empty"), content).toString();

    assertThatThrownBy(() -> new Password.InFile(file).value())
        .hasMessageContaining(file)
        .hasMessageContaining("empty")
        .isInstanceOfSatisfying(SQLException.class, PasswordTest::assertPermanent);
  }

  @Test
  void aFileThatIsNoTextIsNamedAndItsContentIsNotShown() throws Exception {
    Path file = Files.write(folder.resolve("binary"), new byte[] {'s', 'e', 'c', (byte) 0xff, 'r'});

    assertThatThrownBy(() -> new Password.InFile(file.toString()).value())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("sec");
  }

  @Test
  void itNeverPrintsItself() {
    assertThat(new Password.Literal("s3cret").toString()).doesNotContain("s3cret");
  }

  @Test
  void anEnvironmentWithoutThePasswordMeansNone() {
    assertThat(System.getenv(Password.InEnvironment.VARIABLE)).isNull();
    assertThat(new Password.InEnvironment().value()).isEmpty();
  }

  private static void assertPermanent(SQLException failure) {
    assertThat(FailureCategory.of(failure)).isEqualTo(FailureCategory.PERMANENT);
  }
}
