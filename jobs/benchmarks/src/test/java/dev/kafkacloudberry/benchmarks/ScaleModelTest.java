package dev.kafkacloudberry.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.kafkacloudberry.benchmarks.ScaleModel.Cluster;
import dev.kafkacloudberry.benchmarks.ScaleModel.Costs;
import dev.kafkacloudberry.benchmarks.ScaleModel.Outcome;
import org.junit.jupiter.api.Test;

class ScaleModelTest {

  private static final double ROWS = 1e9;

  private final ScaleModel model = new ScaleModel(new Costs(0.5, 1, 0.1, 0.5), 1, 0);

  @Test
  void onePartitionIsReadAsFastAsItsReaderCan() {
    Outcome outcome = model.simulate(new Cluster(1, 8, 32, 1), ROWS);
    assertThat(outcome.limit()).isEqualTo("partitions");
    assertThat(outcome.rowsPerSecond()).isCloseTo(2e6, withPercentage(1));
    assertThat(outcome.mostStaged()).isCloseTo(2e6, withPercentage(1));
  }

  @Test
  void manyPartitionsNeedCores() {
    Outcome outcome = model.simulate(new Cluster(8, 2, 32, 1), ROWS);
    assertThat(outcome.limit()).isEqualTo("TaskManagers");
    assertThat(outcome.rowsPerSecond()).isCloseTo(2e6, withPercentage(1));
  }

  @Test
  void segmentsStoreWhatTheCoordinatorHandsOn() {
    Outcome few = model.simulate(new Cluster(32, 32, 2, 1), ROWS);
    assertThat(few.limit()).isEqualTo("segments");
    assertThat(few.rowsPerSecond()).isCloseTo(5e6, withPercentage(5));
    Outcome many = model.simulate(new Cluster(32, 32, 32, 1), ROWS);
    assertThat(many.limit()).isEqualTo("coordinator");
    assertThat(many.rowsPerSecond()).isCloseTo(1e7, withPercentage(5));
  }

  @Test
  void severalImportsHaveACopyEach() {
    assertThat(model.simulate(new Cluster(32, 32, 32, 4), ROWS).limit()).isEqualTo("TaskManagers");
    assertThat(model.simulate(new Cluster(32, 32, 0, 1), ROWS).limit()).isEqualTo("database");
  }

  @Test
  void importsShareWhatIsReadAndAnImportHasAPartition() {
    assertThat(model.simulate(new Cluster(4, 4, 32, 4), ROWS).mostStaged())
        .isCloseTo(1e6, withPercentage(1));
    assertThat(model.simulate(new Cluster(1, 1, 0, 4), ROWS))
        .isEqualTo(model.simulate(new Cluster(1, 1, 0, 1), ROWS));
  }

  @Test
  void checkpointsGrowWhereCommitsAreSlowerThanReading() {
    Outcome outcome = model.simulate(new Cluster(32, 32, 0, 1), ROWS);
    assertThat(outcome.rowsPerSecond()).isCloseTo(2e6, withPercentage(5));
    assertThat(outcome.mostStaged()).isGreaterThan(ROWS / 2);
  }
}
