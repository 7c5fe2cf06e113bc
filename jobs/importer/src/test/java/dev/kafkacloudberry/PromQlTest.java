package dev.kafkacloudberry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.PromQl.Condition;
import dev.kafkacloudberry.PromQl.Selector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromQlTest {

  @Test
  void namesMetricsWithTheirConditionsAndLabels() {
    PromQl query =
        PromQl.parse(
            """
            time() - max by (job_id, job_name) (max_over_time(last_time{a="x", b=~"y{2}"}[1h])) > 1e3
            and on (job_id) rate(rows[5m:15s]) or deriv((sum(lag))[10m:30s]) unless up offset 15m
            """);
    assertThat(query.selectors())
        .containsExactly(
            new Selector(
                "last_time",
                List.of(new Condition("a", "=", "x"), new Condition("b", "=~", "y{2}"))),
            new Selector("rows", List.of()),
            new Selector("lag", List.of()),
            new Selector("up", List.of()));
    assertThat(query.grouping()).containsExactly("job_id", "job_name");
  }

  @Test
  void conditionsHoldAsInPrometheus() {
    Map<String, String> labels = Map.of("name", "t: Writer");
    assertThat(new Condition("name", "=", "t: Writer").holds(labels)).isTrue();
    assertThat(new Condition("name", "=", "Writer").holds(labels)).isFalse();
    assertThat(new Condition("name", "!=", "Writer").holds(labels)).isTrue();
    assertThat(new Condition("name", "=~", ".+: Writer").holds(labels)).isTrue();
    assertThat(new Condition("name", "=~", "Writer").holds(labels)).isFalse();
    assertThat(new Condition("name", "!~", "Writer").holds(labels)).isTrue();
    assertThat(new Condition("name", "=~", "$import").holds(labels)).isTrue();
    assertThat(new Condition("other", "=", "").holds(labels)).isTrue();
  }
}
