package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions of one call. Prompts of the same length share a session, so that no row is padded.
 * For one thread.
 */
final class SessionBatch implements AutoCloseable {
  /** A session, and for each of its rows the row of the call. */
  private record Group(DecodingSession session, List<Integer> rows) {
    long[][] select(long[][] all) {
      return rows.stream().map(row -> all[row]).toArray(long[][]::new);
    }
  }

  private final List<Group> groups = new ArrayList<>();

  /** Adds a session that has been fed nothing. */
  void add(DecodingSession session, List<Integer> rows) {
    groups.add(new Group(session, List.copyOf(rows)));
  }

  /** Moves the arrays of all sessions to another parent. */
  void moveTo(NDManager parent) {
    groups.forEach(group -> group.session.moveTo(parent));
  }

  /** The inputs of the first session's call, which the caller makes. */
  NDList firstInputs(long[][] tokens) {
    var first = groups.get(0);
    return first.session.inputs(first.select(tokens));
  }

  /** Accepts the outputs of the first session's call, and feeds the others their tokens. */
  void acceptFirst(NDList outputs, long[][] tokens) {
    groups.get(0).session.accept(outputs);
    groups.stream().skip(1).forEach(group -> group.session.feed(group.select(tokens)));
  }

  /** Feeds each row its token, [b, 1]. */
  void feed(long[][] tokens) {
    groups.forEach(group -> group.session.feed(group.select(tokens)));
  }

  /** The number of logits of a row. */
  int vocabulary() {
    return groups.get(0).session.vocabulary();
  }

  /** Copies the logits of the token that follows a row. */
  void logits(int row, float[] target) {
    for (var group : groups) {
      int index = group.rows.indexOf(row);
      if (index >= 0) {
        group.session.logits(index, target);
      }
    }
  }

  @Override
  public void close() {
    groups.forEach(group -> group.session.close());
  }
}
