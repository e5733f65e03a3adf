package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.BatchedLoop;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.TokenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The loops of one generation. Prompts of one length are fed side by side, those of each length in
 * a loop of their own, so that no row is padded. Then all rows whose windows have room for what is
 * to come go side by side, where the model lets them.
 */
final class LoopBatch implements AutoCloseable {
  private record Lane(TokenRows loop, List<Integer> rows) {}

  private final List<Lane> lanes = new ArrayList<>();
  private final Lane[] laneOfRow;
  private final int steps;
  private boolean isFed;

  /**
   * Loops that have been fed nothing yet.
   *
   * @param prompts each 1 or more tokens
   * @param given what the model takes besides tokens, of as many rows or of none
   * @param options say how many tokens follow, and what happens when a loop's window is full
   */
  LoopBatch(
      OnnxModel model, long[][] prompts, Map<String, Tensor> given, GenerationOptions options) {
    steps = options.length();
    var byLength = new TreeMap<Integer, List<Integer>>();
    for (int row = 0; row < prompts.length; row++) {
      byLength.computeIfAbsent(prompts[row].length, n -> new ArrayList<>()).add(row);
    }
    laneOfRow = new Lane[prompts.length];
    try {
      for (var rows : byLength.values()) {
        var picked = rows(model, given, rows);
        add(
            new Lane(
                TokenLoop.builder(model)
                    .batch(rows.size())
                    .inputs(picked)
                    .contextOverflow(options.fullWindow())
                    .build(),
                rows));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void add(Lane lane) {
    lanes.add(lane);
    lane.rows.forEach(row -> laneOfRow[row] = lane);
  }

  private static Map<String, Tensor> rows(
      OnnxModel model, Map<String, Tensor> given, List<Integer> rows) {
    var signature = model.signature();
    var picked = new TreeMap<String, Tensor>();
    given.forEach(
        (name, tensor) -> picked.put(name, signature.hasRows(name) ? tensor.rows(rows) : tensor));
    return picked;
  }

  /** Feeds each row its tokens, unless all rows beside it have stopped, too. */
  void feed(long[][] tokens, IntPredicate isStopped, Cancellation cancellation) {
    for (var lane : lanes) {
      if (!lane.rows.stream().allMatch(isStopped::test)) {
        var fed = lane.rows.stream().map(row -> tokens[row]).toArray(long[][]::new);
        lane.loop.feed(fed, cancellation);
      }
    }
    if (!isFed) {
      isFed = true;
      stack();
    }
  }

  /** Puts the rows of all loops that have room side by side, from their prompts on. */
  private void stack() {
    var loops = new ArrayList<TokenLoop>();
    var stacked = new ArrayList<Lane>();
    for (var lane : lanes) {
      if (lane.loop instanceof TokenLoop loop && loop.hasRoom(steps)) {
        loops.add(loop);
        stacked.add(lane);
      }
    }
    if (loops.size() > 1) {
      var rows = stacked.stream().flatMap(lane -> lane.rows.stream()).toList();
      BatchedLoop.of(loops, steps)
          .ifPresent(
              loop -> {
                lanes.removeAll(stacked);
                add(new Lane(loop, rows));
                loops.forEach(TokenLoop::close);
              });
    }
  }

  /** How many loops there are. */
  int count() {
    return lanes.size();
  }

  /** Why a loop has begun to compute all that the model sees anew, if one has. */
  Optional<String> recomputing() {
    return lanes.stream().flatMap(lane -> lane.loop.recomputeReason().stream()).findFirst();
  }

  int vocabulary() {
    return lanes.get(0).loop.vocabulary();
  }

  /** Reads the logits that follow a row's last token. */
  void logits(int row, float[] into) {
    var lane = laneOfRow[row];
    lane.loop.logits(lane.rows.indexOf(row), into);
  }

  @Override
  public void close() {
    lanes.forEach(lane -> lane.loop.close());
  }
}
