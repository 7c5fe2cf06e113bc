package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureCategoryTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08000", "08001", "08003", "08004", "08006", "08007", "40001", "40P01", "53300", "55P03",
        "57P01", "57P02", "57P03", "57P05", "58M01"
      })
  void whatMayPassByItselfIsTransient(String state) {
    assertThat(FailureCategory.of(new SQLException("any text", state)))
        .isEqualTo(FailureCategory.TRANSIENT);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "08P01", "22000", "22P02", "23502", "23505", "23514", "28000", "28P01", "3D000", "42501",
        "42804", "42P01", "53100", "53200", "57014", "XX000", ""
      })
  void whatWouldFailAgainIsPermanent(String state) {
    assertThat(FailureCategory.of(new SQLException("the connection was lost", state)))
        .isEqualTo(FailureCategory.PERMANENT);
  }
}
