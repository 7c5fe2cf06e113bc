package dev.kafkacloudberry.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kafkacloudberry.scheduler.SchedulerProcess.Outcome;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One import-once after the other while messages come and processes are killed at random: first one
 * run with some disasters, then as many more as {@code -Dsoak.runs} says. All the time somebody
 * looks at the jobs' pages.
 *
 * <p>The import does not tell the sink where its rows lie, so that the ledger skips nothing: a run
 * that begins at a wrong place loads rows twice, or never. A run that is not killed itself has to
 * end well, with everything imported that was there at its beginning; at the end each message has
 * to be there once.
 */
@Timeout(value = 8, unit = TimeUnit.HOURS)
class SchedulerSoakITCase {

  private static final int LONGEST_DELAY_MILLIS = 9_000;

  /** Longer than the session's heartbeats wait. */
  private static final int PAUSE_SECONDS = 12;

  private enum Disaster {
    KILLED_SCHEDULER,
    KILLED_TASK_MANAGER,
    KILLED_JOB_MANAGER,
    KILLED_DATABASE,
    /** Somebody cancels the job by hand; then the run fails, and the next one goes on. */
    CANCELLED_JOB,
    PAUSED_TASK_MANAGER,
    PAUSED_JOB_MANAGER,
    /** The run before was killed when all was done but noting it, long ago. */
    FORGOTTEN_JOB,
    NONE
  }

  /** Those that take no pauses. */
  private static final List<Disaster> EACH_BUILD =
      List.of(
          Disaster.KILLED_SCHEDULER,
          Disaster.KILLED_TASK_MANAGER,
          Disaster.KILLED_JOB_MANAGER,
          Disaster.KILLED_DATABASE,
          Disaster.FORGOTTEN_JOB);

  private final long seed = Long.getLong("soak.seed", 20_261_128);
  private final int moreRuns = Integer.getInteger("soak.runs", 0);
  private final Random random = new Random(seed);
  private int taskManagers = 1;

  @Test
  @SuppressWarnings("try") // The onlooker needs no looking at.
  void nothingIsLostOrDoubledWhateverIsKilled() throws InterruptedException {
    try (SchedulerFixture fixture = new SchedulerFixture();
        Onlooker onlooker = new Onlooker(fixture.flink().restUri())) {
      Thread producer = new Thread(() -> produce(fixture), "producer");
      producer.start();
      try {
        for (int run = 0; run < EACH_BUILD.size() + moreRuns; run++) {
          run(
              fixture,
              run,
              run < EACH_BUILD.size()
                  ? EACH_BUILD.get(run)
                  : Disaster.values()[random.nextInt(Disaster.values().length)]);
        }
      } finally {
        producer.interrupt();
        producer.join();
      }
      Outcome last = fixture.run("import-once", "--sql", fixture.plainImport());
      assertThat(last.exitCode()).as(last.toString()).isZero();
      assertThat(fixture.rows()).isEqualTo(fixture.allRows());
      System.out.printf("soak: %s messages and rows%n", fixture.rows());
    }
  }

  private static void produce(SchedulerFixture fixture) {
    Random sizes = new Random(1);
    while (!Thread.currentThread().isInterrupted()) {
      fixture.produce(1 + sizes.nextInt(200));
      try {
        TimeUnit.MILLISECONDS.sleep(sizes.nextInt(200));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run(SchedulerFixture fixture, int number, Disaster disaster)
      throws InterruptedException {
    if (disaster == Disaster.FORGOTTEN_JOB) {
      fixture.forgetTheEndOfTheLastJob();
    }
    int there = fixture.produced();
    int delay = random.nextInt(LONGEST_DELAY_MILLIS);
    String story = "run %d, seed %d: %s after %d ms".formatted(number, seed, disaster, delay);
    System.out.println("soak: " + story);
    SchedulerProcess run = fixture.start("import-once", "--sql", fixture.plainImport());
    TimeUnit.MILLISECONDS.sleep(delay);
    switch (disaster) {
      case KILLED_SCHEDULER -> run.kill();
      case KILLED_TASK_MANAGER -> {
        fixture.flink().killTaskManager(taskManagers - 1);
        fixture.flink().startTaskManager();
        taskManagers++;
      }
      case KILLED_JOB_MANAGER -> {
        fixture.flink().killJobManager();
        fixture.flink().startJobManager();
      }
      case KILLED_DATABASE -> {
        fixture.postgres().kill();
        fixture.postgres().restart();
      }
      case CANCELLED_JOB -> fixture.cancelJobs();
      case PAUSED_TASK_MANAGER -> {
        fixture.flink().pauseTaskManager(taskManagers - 1);
        TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        fixture.flink().resumeTaskManager(taskManagers - 1);
      }
      case PAUSED_JOB_MANAGER -> {
        fixture.flink().pauseJobManager();
        TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        fixture.flink().resumeJobManager();
      }
      case FORGOTTEN_JOB, NONE -> {}
    }
    Outcome outcome = run.await();
    String[] rows = fixture.rows().split(" ");
    if (disaster == Disaster.CANCELLED_JOB) {
      assertThat(outcome.exitCode()).as(story + "%n" + outcome).isBetween(0, 1);
    } else if (disaster != Disaster.KILLED_SCHEDULER) {
      assertThat(outcome.exitCode()).as(story + "%n" + outcome).isZero();
      assertThat(Integer.parseInt(rows[0])).as(story).isGreaterThanOrEqualTo(there);
    }
    assertThat(rows[1]).as(story).isEqualTo(rows[0]);
  }
}
