package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.DecodeBatch;
import ai.transonnx.runtime.TokenLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The sequences that share the steps of a {@link DecodeBatch}. For one thread. */
final class SharedRows implements AutoCloseable {
  private final DecodeBatch batch;
  private final List<@Nullable Sequence> sequences = new ArrayList<>(); // null for one that ended

  /** The rows of a batch of one sequence. */
  SharedRows(DecodeBatch batch, Sequence first) {
    this.batch = batch;
    sequences.add(first);
  }

  int count() {
    return sequences.size();
  }

  /**
   * Adds the row of a loop, if it fits; the loop does not change.
   *
   * @param expected the number of rows that will share steps, as far as known
   */
  boolean add(Sequence sequence, TokenLoop loop, int expected) {
    if (!batch.accepts(loop)) {
      return false;
    }
    long longest = sequence.longest();
    for (var other : sequences) {
      longest = other == null ? longest : Math.max(longest, other.longest());
    }
    batch.expect(expected, longest);
    batch.join(loop);
    sequences.add(sequence);
    return true;
  }

  /**
   * Removes the sequences that have ended, and computes the next token of the others.
   *
   * @param full receives sequences whose context window is full; they are removed
   * @return the number of new tokens
   */
  int step(Consumer<Sequence> full, Cancellation shutdown) {
    for (int row = 0; row < sequences.size(); row++) {
      var sequence = sequences.get(row);
      if (sequence != null && !sequence.continues()) {
        sequence.finish();
        sequences.set(row, null);
      } else if (sequence != null && !batch.hasRoom(row)) {
        full.accept(sequence);
        sequences.set(row, null);
      }
    }
    removeEnded();
    int count = sequences.size();
    if (count > 0) {
      step(0, count, shutdown);
      removeEnded();
    }
    return count;
  }

  /** Computes some rows; if that fails, half of them at a time, to find those that fail. */
  private void step(int first, int count, Cancellation shutdown) {
    try {
      var next = new long[count];
      for (int i = 0; i < count; i++) {
        next[i] = sequence(first + i).last();
      }
      batch.feed(first, next, shutdown);
    } catch (CancelledException e) {
      return; // All are being cancelled.
    } catch (RuntimeException | Error e) {
      if (count == 1) {
        sequence(first).fail(e);
        sequences.set(first, null);
      } else {
        step(first, count / 2, shutdown);
        step(first + count / 2, count - count / 2, shutdown);
      }
      return;
    }
    for (int row = first; row < first + count; row++) {
      select(row);
    }
  }

  private Sequence sequence(int row) {
    return Objects.requireNonNull(sequences.get(row));
  }

  private void select(int row) {
    var sequence = sequence(row);
    try {
      sequence.select(batch.vocabulary(), (one, into) -> batch.logits(row, into));
      if (!sequence.continues()) {
        sequence.finish();
        sequences.set(row, null);
      }
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
      sequences.set(row, null);
    }
  }

  private void removeEnded() {
    for (int row = sequences.size() - 1; row >= 0; row--) {
      if (sequences.get(row) == null) {
        batch.leave(row);
        int last = sequences.size() - 1;
        sequences.set(row, sequences.get(last));
        sequences.remove(last);
      }
    }
  }

  @Override
  public void close() {
    batch.close();
  }
}
