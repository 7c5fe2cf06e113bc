package dev.kafkacloudberry.staging;

import java.io.IOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.local.LocalFileSystem;

/** The local file system by the scheme {@code faulty}, whose calls fail when a test tells them. */
final class FaultyFileSystem extends LocalFileSystem {

  static final String SCHEME = "faulty";

  /** What can fail. */
  enum Call {
    CREATE,
    WRITE,
    CLOSE,
    OPEN,
    READ,
    LIST,
    DELETE,
    /** Answers that nothing was deleted, which nothing was. */
    REFUSE_DELETE
  }

  private static final Map<Call, Integer> FAULTS = new EnumMap<>(Call.class);

  /** Lets a call fail once, after so many that do not. */
  static synchronized void failAfter(int successes, Call call) {
    FAULTS.put(call, successes);
  }

  static synchronized void heal() {
    FAULTS.clear();
  }

  private static synchronized boolean isDue(Call call) {
    Integer successes = FAULTS.computeIfPresent(call, (fault, left) -> left - 1);
    return successes != null && successes < 0 && FAULTS.remove(call) != null;
  }

  private static void attempt(Call call) throws IOException {
    if (isDue(call)) {
      throw new IOException("injected failure of " + call);
    }
  }

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public FSDataOutputStream create(Path file, WriteMode mode) throws IOException {
    attempt(Call.CREATE);
    return new Output(super.create(file, mode));
  }

  @Override
  public FSDataInputStream open(Path file) throws IOException {
    attempt(Call.OPEN);
    return new Input(super.open(file));
  }

  @Override
  public FileStatus[] listStatus(Path folder) throws IOException {
    attempt(Call.LIST);
    return super.listStatus(folder);
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    attempt(Call.DELETE);
    return !isDue(Call.REFUSE_DELETE) && super.delete(file, recursive);
  }

  private static final class Output extends FSDataOutputStream {
    private final FSDataOutputStream out;

    Output(FSDataOutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      attempt(Call.WRITE);
      out.write(bytes, offset, length);
    }

    @Override
    public long getPos() throws IOException {
      return out.getPos();
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void sync() throws IOException {
      out.sync();
    }

    @Override
    public void close() throws IOException {
      out.close();
      attempt(Call.CLOSE);
    }
  }

  private static final class Input extends FSDataInputStream {
    private final FSDataInputStream in;

    Input(FSDataInputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      attempt(Call.READ);
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      attempt(Call.READ);
      return in.read(bytes, offset, length);
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** Found by Flink. */
  public static final class Factory implements FileSystemFactory {
    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public FileSystem create(URI uri) {
      return new FaultyFileSystem();
    }
  }
}
