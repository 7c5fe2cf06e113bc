package dev.kafkacloudberry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.util.IOUtils;

/**
 * A network between clients and a PostgreSQL server that fails at named moments: it follows the
 * frontend/backend protocol closely enough to know which statement passes.
 */
public final class PostgresProxy implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int BACKLOG = 50;

  private final PostgresServer target;
  private final ServerSocket listener;
  private final List<Fault> faults = new CopyOnWriteArrayList<>();
  private final Set<ProxiedSession> sessions = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;

  private PostgresProxy(PostgresServer target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, BACKLOG, InetAddress.getByName(HOST));
  }

  /** Starts a proxy on an ephemeral loopback port. It also serves the server once restarted. */
  public static PostgresProxy inFrontOf(PostgresServer server) {
    try {
      PostgresProxy proxy = new PostgresProxy(server);
      daemon("postgres-proxy-accept", proxy::accept).start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + HOST, e);
    }
  }

  /** Like {@link PostgresServer#url()}, by way of the proxy. */
  public String url() {
    return "jdbc:postgresql://" + HOST + ":" + listener.getLocalPort() + "/postgres";
  }

  /** Lets an action happen the next time that a moment comes, on whichever connection. */
  public Fault inject(Moment moment, Action action) {
    return inject(moment, action, 1);
  }

  /** Lets an action happen the next few times that a moment comes. */
  public Fault inject(Moment moment, Action action, int times) {
    Fault fault = new Fault(moment, action, times);
    faults.add(fault);
    return fault;
  }

  /** Breaks every new connection at once; open ones stay. */
  public void refuseConnections() {
    refusing = true;
  }

  /** Ends {@link #refuseConnections()}. */
  public void acceptConnections() {
    refusing = false;
  }

  /** Breaks every open connection on both sides, paused ones too. */
  public void cutConnections() {
    List.copyOf(sessions).forEach(ProxiedSession::cut);
  }

  /** Takes away all faults, releases what they paused and accepts connections again. */
  public void heal() {
    faults.forEach(Fault::remove);
    faults.clear();
    acceptConnections();
  }

  /** Breaks every connection and takes no more. */
  @Override
  public void close() {
    refusing = true;
    IOUtils.closeQuietly(listener);
    cutConnections();
  }

  private void accept() {
    for (int number = 1; !listener.isClosed(); number++) {
      try {
        serve("postgres-proxy-" + number, listener.accept());
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(String name, Socket client) {
    if (refusing) {
      IOUtils.closeQuietly(client);
      return;
    }
    try {
      Socket server = new Socket(HOST, target.port());
      ProxiedSession session = new ProxiedSession(name, client, server, faults, sessions::remove);
      sessions.add(session);
      session.start();
      if (listener.isClosed()) {
        session.cut();
      }
    } catch (IOException serverIsDown) {
      IOUtils.closeQuietly(client);
    }
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
