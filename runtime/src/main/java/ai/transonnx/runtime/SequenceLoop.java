package ai.transonnx.runtime;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sequence that is fed to a model part by part, whatever its positions are: which calls that
 * takes, and what is computed anew.
 */
final class SequenceLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SequenceLoop.class);

  private final OnnxModel model;
  private final int batch;
  private final int window;
  private final CacheLayout slots;
  private final NativeCalls calls;
  private final LoopGuard guard;
  private SequenceHistory history;
  private long computed;
  private long position;
  private @Nullable String recomputing;

  /**
   * A loop that has been fed nothing yet.
   *
   * @param ends the input that grows, and the output
   * @throws RequestException if the model cannot go on when its window is full, but is to
   */
  SequenceLoop(
      OnnxModel model,
      LoopContract.SequencePorts ends,
      int batch,
      Map<String, Tensor> given,
      ContextOverflow fullWindow) {
    boolean keeps = fullWindow == ContextOverflow.SLIDE;
    if (keeps) {
      checkKept(model);
    }
    this.model = model;
    this.batch = batch;
    var layout = model.metadata().slots();
    var keptWindow = keeps ? model.metadata().keptWindow() : Optional.<CacheLayout.Ring>empty();
    this.slots = keptWindow.map(layout::withRing).orElse(layout);
    this.window =
        keeps ? Integer.MAX_VALUE : model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    this.calls =
        new NativeCalls(
            model, ends, batch, given, slots, keptWindow.map(CacheLayout.Ring::window).orElse(0));
    this.history = emptyHistory();
    this.guard = new LoopGuard(model.file().toString());
  }

  private static void checkKept(OnnxModel model) {
    var metadata = model.metadata();
    var problem =
        metadata.state().isEmpty()
            ? Optional.of("it was exported without --incremental, so that nothing is kept")
            : metadata.fixedWindow();
    problem.ifPresent(
        reason -> {
          throw new RequestException(
              "%s: it cannot go on when its window is full: %s".formatted(model.file(), reason));
        });
  }

  /**
   * Feeds positions to each row. If it fails, the loop is as before.
   *
   * @param positions [b, n, ...]
   */
  void feed(ByteBuffer positions, int n, Cancellation cancellation) {
    boolean goesOn = calls.hasState() && computed + n <= window;
    history.append(positions, n);
    try {
      if (goesOn) {
        compute(n, computed, cancellation);
      } else {
        computeWindow(cancellation);
        tellRecomputing();
      }
    } catch (RuntimeException | Error e) {
      history.drop(n);
      throw e;
    }
    position += n;
    history.forget(n);
  }

  /** Whether as many positions more can be fed without computing anything anew. */
  boolean hasRoom(int more) {
    return calls.hasState() && (window == Integer.MAX_VALUE || computed + more <= window);
  }

  /** Computes all that the model can see of what has been fed, from zeros. */
  private void computeWindow(Cancellation cancellation) {
    compute(Math.min(history.length(), window), 0, cancellation);
  }

  /** Computes the last positions of the history, of which the state has seen {@code before}. */
  private void compute(int n, long before, Cancellation cancellation) {
    calls.feed(n, history::copy, cancellation, before);
    computed = before + n;
  }

  /** From the second feed on, whatever is computed anew was computed before. */
  private void tellRecomputing() {
    if (position == 0 && history.length() <= window) {
      return;
    }
    var reason =
        calls.hasState()
            ? "its window of %s positions is full".formatted(window)
            : "it was exported without --incremental";
    if (recomputing == null) {
      log.info("{}: each step computes all positions anew: {}", model.file(), reason);
    }
    recomputing = reason;
  }

  /** Why all positions that the model sees were computed anew, once they were. */
  Optional<String> recomputing() {
    return Optional.ofNullable(recomputing);
  }

  /** Reads the output of the last position of row {@code row}. */
  void readLast(int row, float[] into) {
    calls.readLast(row, into);
  }

  /** The features of a position's output, once something has been fed. */
  int features() {
    return calls.features();
  }

  long position() {
    return position;
  }

  /** How many positions the state has seen. */
  long computed() {
    return computed;
  }

  CacheLayout slots() {
    return slots;
  }

  NativeCalls calls() {
    return calls;
  }

  SequenceHistory history() {
    return history;
  }

  List<Tensor> copyState() {
    return calls.copyState();
  }

  Tensor copyOutput() {
    return calls.copyOutput();
  }

  /**
   * Goes on from what a loop of the same model and rows had come to.
   *
   * @throws RequestException if that one did something else when its window was full
   */
  void restore(long fed, long seen, SequenceHistory positions, List<Tensor> state, Tensor output) {
    if (seen != Math.min(fed, window) || !calls.hasWindow(state)) {
      throw new RequestException(
          "this state is of a loop that does something else when its window is full");
    }
    calls.restore(state, output);
    history = positions;
    computed = seen;
    position = fed;
  }

  /** A history that reaches as far back as this loop's. */
  SequenceHistory emptyHistory() {
    return new SequenceHistory(batch, window, calls.width());
  }

  /** Goes back to having been fed nothing. */
  void reset() {
    calls.reset();
    history.clear();
    computed = 0;
    position = 0;
  }

  /**
   * Goes back to an earlier position, by computing again what led there. If it fails, the loop is
   * as before.
   *
   * @throws RequestException if it is not between 0 and {@link #position}, or so far back that what
   *     led there is forgotten
   */
  void rewind(long earlier, Cancellation cancellation) {
    long forgotten = position - history.length();
    long first = Math.max(0, earlier - window);
    if (earlier < 0 || earlier > position || (earlier > 0 && first < forgotten)) {
      var possible =
          forgotten == 0
              ? "0 to %s".formatted(position)
              : "0, and those from %s to %s"
                  .formatted(Math.min(position, forgotten + window), position);
      throw new RequestException(
          "position %s cannot be gone back to; %s can".formatted(earlier, possible));
    }
    if (earlier == position) {
      return;
    }
    if (earlier == 0) {
      reset();
      return;
    }
    int dropped = Math.toIntExact(position - earlier);
    history.drop(dropped);
    try {
      computeWindow(cancellation);
    } catch (RuntimeException | Error e) {
      history.drop(-dropped);
      throw e;
    }
    position = earlier;
  }

  /** Lets one thread at a time use the loop: whoever uses it comes through here. */
  LoopGuard guard() {
    return guard;
  }

  /** Waits for a call that runs, then frees what it holds; a second time has no effect. */
  @Override
  public void close() {
    guard.close(calls::close);
  }
}
