package dev.kafkacloudberry.scheduler.flink;

import java.util.List;

/**
 * How far a job has read its topics.
 *
 * @param partitions of the sources that tell how far they are
 * @param isComplete whether there are such sources, and every reader has told of every partition
 *     that there is, and of where it ends; what is here is of the tasks as they run now
 * @param foreign the names of sources that run and are none of a kafka-partitioned table
 * @param execution changes when readers have gone back to a checkpoint
 */
public record Reading(
    List<PartitionProgress> partitions,
    boolean isComplete,
    List<String> foreign,
    String execution) {

  public Reading {
    partitions = List.copyOf(partitions);
    foreign = List.copyOf(foreign);
  }
}
