package dev.kafkacloudberry.job;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.core.execution.JobClient;

/** The jobs that a command has started. */
final class SubmittedJobs {

  private final PrintWriter out;
  private final List<JobClient> jobs = new ArrayList<>();

  SubmittedJobs(PrintWriter out) {
    this.out = out;
  }

  void add(JobClient job) {
    jobs.add(job);
    out.println("Submitted job " + job.getJobID());
    out.flush();
  }

  /**
   * Waits until every job has finished, or the first one has failed: an import that runs for ever
   * must not hide the failure of another one.
   *
   * @throws ImportFailure if a job failed or was cancelled
   * @throws InterruptedException if the wait is interrupted; the jobs go on
   */
  void await() throws InterruptedException {
    CompletableFuture<Void> failure = new CompletableFuture<>();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (JobClient job : jobs) {
      ends.add(job.getJobExecutionResult().thenAccept(result -> finished(job)));
    }
    for (CompletableFuture<Void> end : ends) {
      end.whenComplete((ignored, error) -> failFirst(failure, error));
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    try {
      CompletableFuture.anyOf(all, failure).get();
    } catch (ExecutionException e) {
      throw ImportFailure.failed(e.getCause());
    }
  }

  private void finished(JobClient job) {
    out.println("Finished job " + job.getJobID());
    out.flush();
  }

  private static void failFirst(CompletableFuture<Void> failure, Throwable error) {
    if (error != null) {
      failure.completeExceptionally(error);
    }
  }
}
