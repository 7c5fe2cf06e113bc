package dev.kafkacloudberry.scheduler;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Refuses passwords in arguments, without showing them: everyone on the machine sees those in the
 * list of processes, and Flink logs those that it is sent.
 */
abstract class NoPassword implements ITypeConverter<String> {

  /** Of a URL's parameters, of {@code sasl.jaas.config}, or of {@code KEY=VALUE}. */
  private static final Pattern PASSWORD =
      Pattern.compile(
          "(password|passphrase|secret|secret[.-]?key|keystore\\.key)\\s*=\\s*(?!\\s|[\"']?\\$\\{).",
          Pattern.CASE_INSENSITIVE);

  private final String problem;

  private NoPassword(String problem) {
    this.problem = problem;
  }

  @Override
  public String convert(String value) {
    if (PASSWORD.matcher(value).find()) {
      throw new TypeConversionException(problem);
    }
    return value;
  }

  /** In the address of the database. */
  static final class InUrl extends NoPassword {
    InUrl() {
      super(
          "it has a password, which the list of processes shows: its place is --password-file, CLOUDBERRY_PASSWORD of the environment, or ~/.pgpass");
    }
  }

  /** In what the job is sent. */
  static final class InSetting extends NoPassword {
    InSetting() {
      super(
          "it has a password, which the list of processes shows: its place is Flink's configuration, or a file or the environment there, see docs/security.md");
    }
  }
}
