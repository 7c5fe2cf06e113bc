package dev.kafkacloudberry.testbed;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An {@link Action} that waits for its {@link Moment}. */
public final class Fault {
  private final Moment moment;
  private final Action action;
  private final AtomicInteger remaining;
  private int fired;
  private final CountDownLatch released = new CountDownLatch(1);

  Fault(Moment moment, Action action, int times) {
    this.moment = moment;
    this.action = action;
    this.remaining = new AtomicInteger(times);
  }

  /** How often it has fired; what it did has taken effect. */
  public synchronized int fired() {
    return fired;
  }

  /**
   * Waits until it has fired.
   *
   * @throws IllegalStateException when its moment does not come in time
   */
  public void awaitFired(Duration timeout) {
    Futures.awaitTrue(() -> fired() > 0, timeout, "fault fires");
  }

  /** Lets the connections go on that it paused, and those that it would pause. */
  public void release() {
    released.countDown();
  }

  /** Never fires again, and releases what it paused. */
  public void remove() {
    remaining.set(0);
    release();
  }

  Moment moment() {
    return moment;
  }

  boolean isArmed() {
    return remaining.get() > 0;
  }

  /** Takes one of the times that it may fire. */
  boolean claim() {
    return remaining.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
  }

  Action.Outcome act() {
    return action.act();
  }

  /** Counts an effect in one step with it: who sees the one sees the other. */
  synchronized void takeEffect(Runnable effect) {
    effect.run();
    fired++;
  }

  /** Open once the fault is released. */
  CountDownLatch gate() {
    return released;
  }
}
