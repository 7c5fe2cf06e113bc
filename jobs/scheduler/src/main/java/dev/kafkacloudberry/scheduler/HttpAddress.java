package dev.kafkacloudberry.scheduler;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of something that speaks HTTP, as far as the client would refuse others. */
final class HttpAddress implements ITypeConverter<URI> {

  private static final Pattern SCHEME = Pattern.compile("https?", Pattern.CASE_INSENSITIVE);
  private static final int LARGEST_PORT = 65535;

  @Override
  public URI convert(String value) {
    try {
      URI address = new URI(value);
      if (address.getScheme() != null
          && SCHEME.matcher(address.getScheme()).matches()
          && address.getHost() != null
          && address.getPort() <= LARGEST_PORT) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new TypeConversionException(
        "'%s' is no address like http://jobmanager:8081".formatted(value));
  }
}
