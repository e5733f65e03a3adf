package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.BatchedLoop;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.TokenRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The loops of one generation. Prompts of the same length share a loop, so that no row is padded.
 * After the prefill, if the model supports it, all rows whose windows have room for the new tokens
 * are put into one batch.
 */
final class LoopBatch implements RowLoops {
  private record RowGroup(TokenRows loop, List<Integer> rows) {}

  private final List<RowGroup> groups = new ArrayList<>();
  private RowGroup[] groupOfRow;
  private final int steps;
  private boolean isFed;

  /**
   * Loops that have been fed nothing.
   *
   * @param request whose prompts each have 1 or more tokens
   * @param inputs the inputs besides tokens and state, which have as many rows, or are shared by
   *     all rows
   */
  LoopBatch(OnnxModel model, GenerationRequest request, Map<String, Tensor> inputs) {
    steps = request.options().length();
    var byLength = new TreeMap<Integer, List<Integer>>();
    for (int row = 0; row < request.rows(); row++) {
      byLength.computeIfAbsent(request.prompt(row).length, n -> new ArrayList<>()).add(row);
    }
    groupOfRow = new RowGroup[request.rows()];
    try {
      for (var rows : byLength.values()) {
        var loop =
            TokenLoop.builder(model)
                .batch(rows.size())
                .inputs(rows(model, inputs, rows))
                .contextOverflow(request.options().contextOverflow())
                .build();
        add(new RowGroup(loop, rows));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void add(RowGroup group) {
    groups.add(group);
    group.rows.forEach(row -> groupOfRow[row] = group);
  }

  /** The inputs of selected rows. */
  static Map<String, Tensor> rows(OnnxModel model, Map<String, Tensor> inputs, List<Integer> rows) {
    var signature = model.signature();
    var selected = new TreeMap<String, Tensor>();
    inputs.forEach(
        (name, tensor) -> selected.put(name, signature.hasRows(name) ? tensor.rows(rows) : tensor));
    return selected;
  }

  @Override
  public void feed(long[][] tokens, IntPredicate isStopped, Cancellation cancellation) {
    for (var group : groups) {
      if (!group.rows.stream().allMatch(isStopped::test)) {
        var fed = group.rows.stream().map(row -> tokens[row]).toArray(long[][]::new);
        group.loop.feed(fed, cancellation);
      }
    }
    if (!isFed) {
      isFed = true;
      stack();
    }
  }

  /** Puts the rows of all loops that have room into one batch. */
  private void stack() {
    var loops = new ArrayList<TokenLoop>();
    var stacked = new ArrayList<RowGroup>();
    for (var group : groups) {
      if (group.loop instanceof TokenLoop loop && loop.hasRoom(steps)) {
        loops.add(loop);
        stacked.add(group);
      }
    }
    if (loops.size() > 1) {
      var rows = stacked.stream().flatMap(group -> group.rows.stream()).toList();
      BatchedLoop.of(loops, steps)
          .ifPresent(
              loop -> {
                groups.removeAll(stacked);
                add(new RowGroup(loop, rows));
                loops.forEach(TokenLoop::close);
              });
    }
  }

  @Override
  public void select(int... parents) {
    var before = groupOfRow;
    groupOfRow = new RowGroup[parents.length];
    for (var group : List.copyOf(groups)) {
      var rows =
          IntStream.range(0, parents.length)
              .filter(row -> before[parents[row]].loop == group.loop)
              .toArray();
      int[] selected = IntStream.of(rows).map(row -> group.rows.indexOf(parents[row])).toArray();
      boolean isSame = Arrays.equals(selected, IntStream.range(0, group.rows.size()).toArray());
      if (rows.length > 0) {
        var loop = isSame ? group.loop : group.loop.forkRows(selected);
        add(new RowGroup(loop, IntStream.of(rows).boxed().toList()));
      }
      groups.remove(group);
      if (!isSame) {
        group.loop.close();
      }
    }
  }

  /** The number of loops. */
  int count() {
    return groups.size();
  }

  @Override
  public Optional<String> recomputing() {
    return groups.stream().flatMap(group -> group.loop.recomputeReason().stream()).findFirst();
  }

  @Override
  public int vocabulary() {
    return groups.get(0).loop.vocabulary();
  }

  @Override
  public void logits(int row, float[] into) {
    var group = groupOfRow[row];
    group.loop.logits(group.rows.indexOf(row), into);
  }

  @Override
  public void close() {
    groups.forEach(group -> group.loop.close());
  }
}
