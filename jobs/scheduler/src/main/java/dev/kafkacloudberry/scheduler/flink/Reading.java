package dev.kafkacloudberry.scheduler.flink;

import java.util.List;

/**
 * How far a job has read its topics.
 *
 * @param isComplete whether every reader has told of every partition that there is, and of where it
 *     ends; what is here is of the tasks as they run now
 * @param isSilent whether a source runs that does not tell how far it is
 * @param attempts the numbers of the readers' attempts: when they change, readers have gone back to
 *     a checkpoint
 */
public record Reading(
    List<PartitionProgress> partitions,
    boolean isComplete,
    boolean isSilent,
    List<Integer> attempts) {

  public Reading {
    partitions = List.copyOf(partitions);
    attempts = List.copyOf(attempts);
  }
}
