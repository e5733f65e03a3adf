package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.DecodeBatch;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The sequences that have their first token: those that share steps, and those that cannot, because
 * of their model, or because their context window is full. For one thread.
 */
final class DecodeRows implements AutoCloseable {
  private final long window;
  private final boolean exact;
  private final Cancellation shutdown;
  private final List<SharedRows> shared = new ArrayList<>();
  private final List<OwnRow> own = new ArrayList<>();

  /** A sequence that is computed in calls of its own. */
  private record OwnRow(Sequence sequence, TokenLoop loop) {}

  /**
   * No sequences.
   *
   * @param exact whether sequences never share steps
   * @param shutdown stops a step in progress
   */
  DecodeRows(OnnxModel model, boolean exact, Cancellation shutdown) {
    this.window = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    this.exact = exact;
    this.shutdown = shutdown;
  }

  int count() {
    return shared.stream().mapToInt(SharedRows::count).sum() + own.size();
  }

  /**
   * Adds a sequence.
   *
   * @param loop has been fed all of its tokens but the last; it is closed sooner or later
   * @param expected the number of sequences that will be there, as far as known
   */
  void add(Sequence sequence, TokenLoop loop, int expected) {
    boolean keeps = false;
    try {
      keeps = !share(sequence, loop, expected);
      if (keeps) {
        own.add(new OwnRow(sequence, loop));
      }
    } finally {
      if (!keeps) {
        loop.close();
      }
    }
  }

  private boolean share(Sequence sequence, TokenLoop loop, int expected) {
    if (exact) {
      return false;
    }
    for (var rows : shared) {
      if (rows.add(sequence, loop, expected)) {
        return true;
      }
    }
    release();
    var batch = DecodeBatch.of(loop);
    batch.ifPresent(made -> shared.add(new SharedRows(made, sequence)));
    return batch.isPresent();
  }

  /**
   * Computes the next token of each sequence.
   *
   * @return the number of sequences
   */
  int step() {
    int count = own.size();
    for (Iterator<OwnRow> rows = own.iterator(); rows.hasNext(); ) {
      var row = rows.next();
      if (!step(row)) {
        rows.remove();
        row.loop.close();
      }
    }
    for (var rows : shared) {
      count += rows.step(this::continueAlone, shutdown);
    }
    return count;
  }

  /** Frees the memory of batches without rows, which is kept for later rows otherwise. */
  void release() {
    for (Iterator<SharedRows> all = shared.iterator(); all.hasNext(); ) {
      var rows = all.next();
      if (rows.count() == 0) {
        all.remove();
        rows.close();
      }
    }
  }

  /** Computes a sequence in calls of its own from now on, after its context window was full. */
  private void continueAlone(Sequence sequence) {
    TokenLoop loop;
    try {
      loop = sequence.loop();
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
      return;
    }
    var row = new OwnRow(sequence, loop);
    // With one token more than the window, the loop computes the whole window now and later.
    if (step(row, sequence.last(window + 1))) {
      own.add(row);
    } else {
      loop.close();
    }
  }

  private boolean step(OwnRow row) {
    return step(row, row.sequence.last());
  }

  /** Computes the next token; returns whether another one follows. */
  private static boolean step(OwnRow row, long... tokens) {
    var sequence = row.sequence;
    var loop = row.loop;
    try {
      if (sequence.continues()) {
        loop.feed(tokens, sequence.cancellation());
        sequence.noteRecomputing(loop);
        sequence.select(loop.vocabulary(), (one, into) -> loop.logits(0, into));
      }
    } catch (CancelledException e) {
      // The sequence ends with its tokens so far.
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
      return false;
    }
    if (!sequence.continues()) {
      sequence.finish();
      return false;
    }
    return true;
  }

  @Override
  public void close() {
    shared.forEach(SharedRows::close);
    own.forEach(row -> row.loop.close());
    shared.clear();
    own.clear();
  }
}
