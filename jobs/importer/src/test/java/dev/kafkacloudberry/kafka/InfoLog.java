package dev.kafkacloudberry.kafka;

import java.io.StringWriter;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** What everything in this JVM logs at INFO and above, as a cluster does. */
final class InfoLog implements AutoCloseable {

  private final StringWriter text = new StringWriter();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

  private InfoLog() {}

  static InfoLog start() {
    InfoLog log = new InfoLog();
    WriterAppender appender =
        WriterAppender.createAppender(
            PatternLayout.newBuilder().withPattern("%p %c %m%n%ex").build(),
            null,
            log.text,
            "info",
            false,
            false);
    appender.start();
    for (LoggerConfig logger : log.context.getConfiguration().getLoggers().values()) {
      logger.setLevel(Level.INFO);
    }
    log.context.getConfiguration().getRootLogger().addAppender(appender, Level.INFO, null);
    log.context.updateLoggers();
    return log;
  }

  String text() {
    return text.toString();
  }

  @Override
  public void close() {
    context.reconfigure();
  }
}
