package dev.kafkacloudberry.testbed;

/** What happens to a connection at a {@link Moment}. */
@FunctionalInterface
public interface Action {

  /** How the connection goes on. */
  enum Outcome {
    /** Undisturbed. */
    CONTINUE,
    /** Broken on both sides. */
    CUT,
    /** Broken for the client; the server's side stays open and silent, as of a frozen client. */
    CUT_CLIENT,
    /** No byte passes in either direction until {@link Fault#release()}. */
    PAUSE
  }

  /** Called by the thread that carries the connection's bytes: none pass before it returns. */
  Outcome act();

  /** Breaks the connection on both sides. */
  static Action cut() {
    return () -> Outcome.CUT;
  }

  /** Breaks the client's side only. The server's session stays, with its locks. */
  static Action cutClient() {
    return () -> Outcome.CUT_CLIENT;
  }

  /** Holds the connection's bytes until {@link Fault#release()}. */
  static Action pause() {
    return () -> Outcome.PAUSE;
  }

  /**
   * Does something else.
   *
   * @param callback must not wait for the connection's client
   */
  static Action run(Runnable callback) {
    return () -> {
      callback.run();
      return Outcome.CONTINUE;
    };
  }

  /** The same action, and then a cut. */
  default Action thenCut() {
    return () -> {
      act();
      return Outcome.CUT;
    };
  }
}
