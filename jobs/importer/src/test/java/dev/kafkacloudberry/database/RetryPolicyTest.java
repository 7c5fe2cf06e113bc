package dev.kafkacloudberry.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<SQLException> retried = new ArrayList<>();
  private final List<Duration> waits = new ArrayList<>();
  private int attempts;

  @Test
  void aTransientFailureIsRetriedUntilItPasses() throws Exception {
    assertThat(run(policy(1, 1, LONG), transientFor(3))).isEqualTo("done");

    assertThat(attempts).isEqualTo(4);
    assertThat(retried).extracting(Throwable::getMessage).containsExactly("1", "2", "3");
  }

  @Test
  void successIsNotRepeated() throws Exception {
    assertThat(run(policy(1, 1, LONG), transientFor(0))).isEqualTo("done");

    assertThat(attempts).isOne();
    assertThat(retried).isEmpty();
  }

  @Test
  void aPermanentFailureIsNotRetried() {
    SQLException permanent = new SQLException("duplicate", "23505");

    assertThatThrownBy(
            () ->
                run(
                    policy(1, 1, LONG),
                    () -> {
                      attempts++;
                      throw permanent;
                    }))
        .isSameAs(permanent);

    assertThat(attempts).isOne();
    assertThat(retried).isEmpty();
  }

  @Test
  void aPermanentFailureAfterATransientOneIsTheLast() {
    assertThatThrownBy(
            () ->
                run(
                    policy(1, 1, LONG),
                    () -> {
                      throw new SQLException("", attempts++ == 0 ? "08006" : "23505");
                    }))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));

    assertThat(attempts).isEqualTo(2);
  }

  @Test
  void aFailureOfTheStorageIsNotRetried() {
    assertThatThrownBy(
            () ->
                run(
                    policy(1, 1, LONG),
                    () -> {
                      attempts++;
                      throw new IOException("unreadable");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(attempts).isOne();
  }

  @Test
  void theWaitDoublesUpToTheLongest() throws Exception {
    run(policy(1, 5, LONG), transientFor(5));

    assertThat(waits).extracting(Duration::toMillis).containsExactly(1L, 2L, 4L, 5L, 5L);
  }

  @Test
  void afterTheTimeoutTheLastFailureIsThrown() {
    assertThatThrownBy(
            () -> run(policy(10, 10, Duration.ofMillis(50)), transientFor(Integer.MAX_VALUE)))
        .isInstanceOf(SQLException.class)
        .satisfies(e -> assertThat(e).hasMessage(String.valueOf(attempts)));

    assertThat(attempts).isBetween(2, 6);
    assertThat(retried).hasSize(attempts - 1);
  }

  @Test
  void noRetryBeginsThatWouldBeTooLate() {
    assertThatThrownBy(() -> run(policy(60_000, 60_000, Duration.ofSeconds(1)), transientFor(9)))
        .hasMessage("1");

    assertThat(retried).isEmpty();
  }

  @Test
  void anInterruptEndsTheWait() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> run(policy(60_000, 60_000, LONG.multipliedBy(5)), transientFor(1)))
        .isInstanceOf(InterruptedException.class);

    assertThat(attempts).isOne();
  }

  private static RetryPolicy policy(long firstMillis, long longestMillis, Duration timeout) {
    return new RetryPolicy(
        Duration.ofMillis(firstMillis), Duration.ofMillis(longestMillis), timeout);
  }

  private RetryPolicy.Attempt<String> transientFor(int failures) {
    return () -> {
      if (attempts++ < failures) {
        throw new SQLException(String.valueOf(attempts), "08006");
      }
      return "done";
    };
  }

  private String run(RetryPolicy policy, RetryPolicy.Attempt<String> attempt) throws Exception {
    return policy.run(
        attempt,
        (failure, wait) -> {
          retried.add(failure);
          waits.add(wait);
        });
  }
}
