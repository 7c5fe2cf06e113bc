package dev.kafkacloudberry.testbed;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.flink.util.IOUtils;

/**
 * One client's session with the server. A thread carries the client's messages, another one the
 * server's.
 *
 * <p>Every Query, Sync and Function Call opens a round that the server closes with Ready For Query;
 * the start-up is the first. A fault that waits for a statement's end waits for its round's.
 */
final class ProxiedSession {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final CountDownLatch OPEN = new CountDownLatch(0);

  private final Socket client;
  private final Socket server;
  private final DataInputStream fromClient;
  private final DataOutputStream toClient;
  private final DataInputStream fromServer;
  private final DataOutputStream toServer;
  private final List<Fault> faults;
  private final Consumer<ProxiedSession> onEnd;
  private final Thread requests;
  private final Thread answers;

  private final SessionStatements statements = new SessionStatements();
  private final Map<Integer, Fault> faultsAfterRound = new ConcurrentHashMap<>();
  private int roundsAsked = 1;
  private long copiedBytes;
  private volatile CountDownLatch gate = OPEN;
  private volatile boolean frozen;

  /**
   * Prepares a session.
   *
   * @param faults consulted at every moment
   * @param onEnd called when the session is over
   */
  ProxiedSession(
      String name, Socket client, Socket server, List<Fault> faults, Consumer<ProxiedSession> onEnd)
      throws IOException {
    this.client = client;
    this.server = server;
    this.faults = faults;
    this.onEnd = onEnd;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    fromClient = input(client);
    toClient = output(client);
    fromServer = input(server);
    toServer = output(server);
    requests = PostgresProxy.daemon(name + "-requests", this::carryRequests);
    answers = PostgresProxy.daemon(name + "-answers", this::carryAnswers);
  }

  void start() {
    requests.start();
  }

  /** Breaks both sides. */
  void cut() {
    IOUtils.closeQuietly(client);
    IOUtils.closeQuietly(server);
    // A thread that waits at the gate does not notice its socket.
    for (Thread thread : List.of(requests, answers)) {
      if (thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }
    onEnd.accept(this);
  }

  private void carryRequests() {
    try {
      startUp();
      answers.start();
      while (true) {
        WireMessage message = WireMessage.read(fromClient);
        gate.await();
        request(message);
        if (fromClient.available() == 0) {
          toServer.flush();
        }
      }
    } catch (IOException end) {
      endRequests();
    } catch (InterruptedException end) {
      cut();
    } catch (RuntimeException broken) {
      cut();
      throw broken;
    }
  }

  /** Encryption is asked for before anything else; the testbed's server declines. */
  private void startUp() throws IOException {
    byte[] first = WireMessage.readBody(fromClient);
    WireMessage.writeBody(toServer, first);
    toServer.flush();
    int code = ByteBuffer.wrap(first).getInt();
    if (code == SSL_REQUEST || code == GSS_REQUEST) {
      int answer = fromServer.readUnsignedByte();
      toClient.writeByte(answer);
      toClient.flush();
      if (answer != 'N') {
        throw new IOException("an encrypted session cannot be followed");
      }
      startUp();
    }
  }

  private void request(WireMessage message) throws IOException, InterruptedException {
    Optional<String> executed = statements.executedBy(message);
    if (executed.isPresent()) {
      String sql = executed.get();
      copiedBytes = 0;
      interject(m -> m instanceof Moment.BeforeStatement before && before.sql().test(sql));
      armed(m -> m instanceof Moment.AfterStatement after && after.sql().test(sql))
          .ifPresent(fault -> faultsAfterRound.put(roundsAsked, fault));
    }
    if (message.type() == 'c') {
      interject(m -> m instanceof Moment.BeforeCopyDone);
    }
    message.write(toServer);
    switch (message.type()) {
      case 'Q', 'S', 'F' -> roundsAsked++;
      case 'd' -> {
        long before = copiedBytes;
        copiedBytes += message.body().length;
        interject(
            m ->
                m instanceof Moment.AfterCopyData copy
                    && before < copy.bytes()
                    && copiedBytes >= copy.bytes());
      }
      default -> {}
    }
  }

  /** Fires the fault of this moment, if there is one, when the server has all that precedes it. */
  private void interject(Predicate<Moment> moment) throws IOException, InterruptedException {
    Optional<Fault> fault = armed(moment);
    if (fault.isPresent()) {
      toServer.flush();
      fire(fault.get());
      if (client.isClosed()) {
        throw new SocketException("cut by a fault");
      }
    }
  }

  /** A client that left is passed on as an end of its messages, behind all of them. */
  private void endRequests() {
    if (answers.getState() == Thread.State.NEW) {
      cut();
    } else if (!frozen) {
      try {
        toServer.flush();
        server.shutdownOutput();
      } catch (IOException gone) {
        cut();
      }
    }
  }

  private void carryAnswers() {
    try {
      List<WireMessage> withheld = new ArrayList<>();
      int round = 0;
      while (true) {
        WireMessage message = WireMessage.read(fromServer);
        gate.await();
        if (message.type() == 'E') {
          // A failed statement was not executed.
          faultsAfterRound.remove(round);
        }
        Optional<Fault> fault = Optional.ofNullable(faultsAfterRound.get(round));
        withheld.add(message);
        if (message.type() == 'Z') {
          round++;
          if (fault.isPresent()) {
            fire(fault.get());
          }
          answer(withheld);
        } else if (fault.isEmpty() || message.type() == 'G') {
          // The client sends no COPY data before it is asked to.
          answer(withheld);
        }
      }
    } catch (IOException | InterruptedException end) {
      endAnswers();
    } catch (RuntimeException broken) {
      cut();
      throw broken;
    }
  }

  /** Passes messages on; where the client has left, they are dropped so that the server goes on. */
  private void answer(List<WireMessage> messages) throws IOException {
    try {
      for (WireMessage message : messages) {
        message.write(toClient);
      }
      if (fromServer.available() == 0) {
        toClient.flush();
      }
    } catch (SocketException clientLeft) {
      IOUtils.closeQuietly(client);
    }
    messages.clear();
  }

  private void endAnswers() {
    try {
      toClient.flush();
      gate.await();
    } catch (IOException | InterruptedException alreadyCut) {
      // The end is the same.
    }
    cut();
  }

  private Optional<Fault> armed(Predicate<Moment> moment) {
    return faults.stream().filter(f -> f.isArmed() && moment.test(f.moment())).findFirst();
  }

  private void fire(Fault fault) throws InterruptedException {
    if (!fault.claim()) {
      return;
    }
    Action.Outcome outcome = fault.act();
    fault.takeEffect(() -> disturb(outcome, fault));
    gate.await();
  }

  private void disturb(Action.Outcome outcome, Fault fault) {
    switch (outcome) {
      case CONTINUE -> {}
      case CUT -> cut();
      case CUT_CLIENT -> {
        frozen = true;
        IOUtils.closeQuietly(client);
      }
      case PAUSE -> gate = fault.gate();
    }
  }

  private static DataInputStream input(Socket socket) throws IOException {
    return new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
  }

  private static DataOutputStream output(Socket socket) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES));
  }
}
