package ai.transonnx.runtime;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds a sequence of positions, which are tokens, vectors, or tokens with numbers, to a model call
 * by call.
 *
 * <p>A loop serves one thread at a time: a call fails with a {@link BusyException} during a call of
 * another thread. It holds native memory until it is closed, which any thread may do.
 */
// Decides which positions a feed computes: the new ones, or the whole context window again.
public abstract sealed class SequenceLoop implements AutoCloseable permits LogitLoop, VectorLoop {
  private static final Logger LOG = LoggerFactory.getLogger(SequenceLoop.class);

  private final LoopOptions options;
  private final int window;
  private final CacheLayout layout;
  private final NativeCalls calls;
  private final LoopLock lock;
  private FedPositions fed;
  private long computed;
  private long position;
  private @Nullable String recomputeReason;

  /**
   * A loop that has been fed nothing.
   *
   * @throws RequestException if the model cannot slide its window, but is to
   */
  SequenceLoop(LoopOptions options, List<LoopContract.SequencePorts> ports) {
    var model = options.model();
    var metadata = model.metadata();
    if (options.contextOverflow() == ContextOverflow.SLIDE) {
      checkCanSlide(model);
    }
    this.options = options;
    var slidingWindow = metadata.slidingWindow(options.contextOverflow());
    this.layout = metadata.cacheLayout(options.contextOverflow());
    this.window = metadata.window(options.contextOverflow());
    this.calls =
        new NativeCalls(
            model,
            ports,
            options.batch(),
            options.inputs(),
            layout,
            slidingWindow.map(CacheLayout.Ring::window).orElse(0),
            options
                .reservation()
                .filter(reservation -> ReservedState.isPossible(metadata.state()))
                .map(this::reserved));
    this.fed = newFedPositions();
    this.lock = new LoopLock(model.file().toString());
  }

  private ReservedState reserved(LoopOptions.Reservation reservation) {
    long slots = layout.used(Math.min(reservation.positions(), window));
    return new ReservedState(reservation.memory(), options.batch(), slots);
  }

  private static void checkCanSlide(OnnxModel model) {
    var metadata = model.metadata();
    var problem =
        metadata.state().isEmpty()
            ? Optional.of("it was exported without --incremental, so it has no state")
            : metadata.fixedWindow();
    problem.ifPresent(
        reason -> {
          throw new RequestException(
              "%s: this model cannot slide its context window: %s".formatted(model.file(), reason));
        });
  }

  /**
   * Computes the {@code n} positions that were just appended to {@link #fed}. If it fails, it
   * removes them, so that the loop is unchanged.
   */
  final void computeAppended(int n, Cancellation cancellation) {
    try {
      if (calls.hasState() && computed + n <= window) {
        compute(n, computed, cancellation);
      } else {
        computeWindow(cancellation);
        noteRecompute();
      }
    } catch (RuntimeException | Error e) {
      fed.drop(n);
      throw e;
    }
    position += n;
    fed.forget(n);
  }

  /** Computes the last positions that were fed, as many as the window holds, from empty state. */
  private void computeWindow(Cancellation cancellation) {
    compute(Math.min(fed.length(), window), 0, cancellation);
  }

  private void compute(int n, long before, Cancellation cancellation) {
    calls.feed(fed, n, cancellation, before);
    computed = before + n;
  }

  /** From the second feed on, computing the window means computing positions again. */
  private void noteRecompute() {
    if (position == 0 && fed.length() <= window) {
      return;
    }
    var reason =
        calls.hasState()
            ? "its context window of %s positions is full".formatted(window)
            : "it was exported without --incremental";
    if (recomputeReason == null) {
      LOG.info("{}: each step recomputes the whole window: {}", options.model().file(), reason);
    }
    recomputeReason = reason;
  }

  /**
   * The reason why a feed recomputed the whole context window, once one did: the model has no
   * state, or its window is full.
   */
  public final Optional<String> recomputeReason() {
    return Optional.ofNullable(recomputeReason);
  }

  /** The number of positions that each row has been fed. */
  public final long position() {
    return position;
  }

  /** The number of rows. */
  public final int batch() {
    return options.batch();
  }

  /** Whether each row can be fed {@code more} positions without recomputing the window. */
  public final boolean hasRoom(int more) {
    return calls.hasState() && (window == Integer.MAX_VALUE || computed + more <= window);
  }

  /** Returns to the start: nothing has been fed. */
  public final void reset() {
    lock.run(this::clear);
  }

  private void clear() {
    calls.reset();
    fed.clear();
    computed = 0;
    position = 0;
  }

  /** Calls {@link #rewind(long, Cancellation)} without a way to cancel it. */
  public final void rewind(long earlier) {
    rewind(earlier, new Cancellation());
  }

  /**
   * Returns to an earlier position, by computing the positions before it again. If it fails, the
   * loop is unchanged.
   *
   * @param earlier the number of positions that each row had been fed
   * @throws RequestException if it is not between 0 and {@link #position}, or the positions before
   *     it are no longer stored
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if ONNX Runtime fails
   */
  public final void rewind(long earlier, Cancellation cancellation) {
    lock.run(() -> rewindTo(earlier, cancellation));
  }

  private void rewindTo(long earlier, Cancellation cancellation) {
    checkRewind(earlier);
    if (earlier == position) {
      return;
    }
    if (earlier == 0) {
      clear();
      return;
    }
    int dropped = Math.toIntExact(position - earlier);
    fed.drop(dropped);
    try {
      computeWindow(cancellation);
    } catch (RuntimeException | Error e) {
      fed.drop(-dropped);
      throw e;
    }
    position = earlier;
  }

  private void checkRewind(long earlier) {
    long forgotten = position - fed.length();
    long first = Math.max(0, earlier - window);
    if (earlier < 0 || earlier > position || (earlier > 0 && first < forgotten)) {
      var possible =
          forgotten == 0
              ? "0 to %s".formatted(position)
              : "0, and %s to %s".formatted(Math.min(position, forgotten + window), position);
      throw new RequestException(
          "cannot rewind to position %s; possible are %s".formatted(earlier, possible));
    }
  }

  /**
   * Continues from a snapshot of a loop over the same model and number of rows.
   *
   * @throws RequestException if that loop had another {@link ContextOverflow}
   */
  final void continueFrom(LoopState snapshot) {
    if (snapshot.computed() != Math.min(snapshot.position(), window)
        || !calls.hasWindow(snapshot.state())) {
      throw new RequestException("this state belongs to a loop with another ContextOverflow");
    }
    var restored = newFedPositions();
    restored.append(snapshot.tokens());
    calls.restore(snapshot.state(), snapshot.logits());
    fed = restored;
    computed = snapshot.computed();
    position = snapshot.position();
  }

  /** Continues from rows of another loop: row {@code i} from its row {@code rows[i]}. */
  final void continueFrom(SequenceLoop other, int... rows) {
    calls.select(other.calls, rows);
    fed.select(other.fed, rows);
    computed = other.computed;
    position = other.position;
    recomputeReason = other.recomputeReason;
  }

  private FedPositions newFedPositions() {
    return new FedPositions(options.batch(), window, calls.width());
  }

  /** The lock that every use of the loop must hold. */
  final LoopLock lock() {
    return lock;
  }

  final LoopOptions options() {
    return options;
  }

  /** The number of positions that the state includes. */
  final long computed() {
    return computed;
  }

  /** The number of positions that the state can include; {@link Integer#MAX_VALUE} for any. */
  final int window() {
    return window;
  }

  final CacheLayout layout() {
    return layout;
  }

  final FedPositions fed() {
    return fed;
  }

  final NativeCalls calls() {
    return calls;
  }

  /** Waits for a call in progress, then frees native memory. A second close has no effect. */
  @Override
  public final void close() {
    lock.close(calls::close);
  }
}
