package dev.kafkacloudberry.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an import goes on.
 *
 * @param state a savepoint or a retained checkpoint
 * @param lostJobs jobs that were started from there and that Flink no longer knows: if they have
 *     left a newer state on the storage, it is the one
 */
record Continuation(Optional<String> state, List<String> lostJobs) {

  private static final String BEGINNING = "beginning";

  static Continuation after(Optional<String> state) {
    return new Continuation(state, List.of());
  }

  /**
   * @param told what the user says: a path, or {@code beginning}
   */
  static Continuation told(String told) {
    return told.equals(BEGINNING)
        ? new Continuation(Optional.of(BEGINNING), List.of())
        : after(Optional.of(told));
  }

  /**
   * What the importer is told of it. Without any state, it refuses to start an import that has
   * loaded rows before.
   */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (state.isEmpty()) {
      arguments.addAll(List.of("--set", "cloudberry.first-start=true"));
    } else if (!state.get().equals(BEGINNING)) {
      arguments.addAll(List.of("--set", "execution.state-recovery.path=" + state.get()));
    }
    lostJobs.forEach(job -> arguments.addAll(List.of("--resume-or-start", job)));
    return arguments;
  }

  @Override
  public String toString() {
    String where =
        state
            .map(path -> path.equals(BEGINNING) ? "the beginning" : path)
            .orElse("the beginning, for the first time");
    return lostJobs.isEmpty()
        ? where
        : "what is stored of job %s, else from %s".formatted(String.join(", ", lostJobs), where);
  }
}
