package dev.kafkacloudberry.testbed;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A certificate authority, and a server on this machine that it vouches for, as the files that
 * servers and their clients are configured with. They are made anew each time, with the JDK's
 * {@code keytool}.
 */
public final class Certificates {

  private static final String AUTHORITY = "authority";
  private static final String SERVER = "server";
  private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final Path directory;
  private final String password = UUID.randomUUID().toString();

  private Certificates(Path directory) {
    this.directory = directory;
  }

  /** Writes the files into a directory, which is there. */
  public static Certificates in(Path directory) {
    Certificates certificates = new Certificates(directory);
    certificates.generate(AUTHORITY, "-ext", "bc:critical=ca:true");
    certificates.generate(
        SERVER, "-signer", AUTHORITY, "-ext", "san=dns:localhost,ip:127.0.0.1,ip:::1");
    try {
      certificates.export();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificates in " + directory, e);
    }
    return certificates;
  }

  /** What clients trust, in PEM: the authority's certificate. */
  public Path authority() {
    return directory.resolve("ca.pem");
  }

  /** The same as a trust store in PKCS12. */
  public Path trustStore() {
    return directory.resolve("truststore.p12");
  }

  public String trustStorePassword() {
    return password;
  }

  /** The server's key and certificate, in PEM, for its owner's eyes only. */
  Path server() {
    return directory.resolve("server.pem");
  }

  private Path keyStore() {
    return directory.resolve("keystore.p12");
  }

  private void generate(String name, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    command.addAll(List.of("-keystore", keyStore().toString(), "-storetype", "PKCS12"));
    // A command line can be read by everyone on the machine.
    command.addAll(List.of("-storepass:env", "STOREPASS"));
    command.addAll(List.of(options));
    ProcessBuilder keytool = new ProcessBuilder(command).redirectErrorStream(true);
    keytool.environment().put("STOREPASS", password);
    try {
      Process process = keytool.start();
      String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool makes no certificate: " + output);
      }
    } catch (IOException e) {
      throw new IllegalStateException("keytool does not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool was running", e);
    }
  }

  private void export() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore())) {
      keys.load(in, password.toCharArray());
    }
    Certificate authority = keys.getCertificate(AUTHORITY);
    Files.writeString(authority(), pem(authority));

    Key key = keys.getKey(SERVER, password.toCharArray());
    StringBuilder server = new StringBuilder(pem("PRIVATE KEY", key.getEncoded()));
    for (Certificate certificate : keys.getCertificateChain(SERVER)) {
      server.append(pem(certificate));
    }
    Files.createFile(
        server(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(server(), server);

    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(AUTHORITY, authority);
    try (OutputStream out = Files.newOutputStream(trustStore())) {
      trusted.store(out, password.toCharArray());
    }
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(type, PEM.encodeToString(content));
  }
}
