package dev.kafkacloudberry.sink;

import java.io.Serializable;

/**
 * What a sink makes of rows that the ledger knows.
 *
 * @param repair load open rejects, and nothing else
 * @param acceptTopicChange go on when a topic was deleted and created again
 * @param loadedBefore what the ledger is to know besides, null if nothing
 */
public record ReplaySettings(boolean repair, boolean acceptTopicChange, LoadedBefore loadedBefore)
    implements Serializable {}
