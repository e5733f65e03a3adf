package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.BatchedLoop;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.TokenRows;
import ai.transonnx.runtime.generation.RowGroups.RowGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The loops of one generation. After the prefill, if the model supports it, all rows whose windows
 * have room for the new tokens are put into one batch.
 */
final class LoopBatch implements RowLoops {
  private final RowGroups<TokenRows> groups;
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
    groups =
        RowGroups.byLength(
            request,
            rows ->
                TokenLoop.builder(model)
                    .batch(rows.size())
                    .inputs(RowGroups.inputs(model, inputs, rows))
                    .contextOverflow(request.options().contextOverflow())
                    .build());
  }

  @Override
  public void feed(long[][] tokens, IntPredicate isStopped, Cancellation cancellation) {
    groups
        .running(isStopped)
        .forEach(
            group -> {
              var fed = group.rows().stream().map(row -> tokens[row]).toArray(long[][]::new);
              group.loop().feed(fed, cancellation);
            });
    if (!isFed) {
      isFed = true;
      stack();
    }
  }

  /** Puts the rows of all loops that have room into one batch. */
  private void stack() {
    var loops = new ArrayList<TokenLoop>();
    var stacked = new ArrayList<RowGroup<TokenRows>>();
    for (var group : groups.all()) {
      if (group.loop() instanceof TokenLoop loop && loop.hasRoom(steps)) {
        loops.add(loop);
        stacked.add(group);
      }
    }
    if (loops.size() > 1) {
      var rows = stacked.stream().flatMap(group -> group.rows().stream()).toList();
      BatchedLoop.of(loops, steps)
          .ifPresent(
              loop -> {
                stacked.forEach(groups::remove);
                groups.add(loop, rows);
                loops.forEach(TokenLoop::close);
              });
    }
  }

  @Override
  public void select(int... parents) {
    for (var group : groups.all()) {
      int[] rows =
          IntStream.range(0, parents.length)
              .filter(row -> group.rows().contains(parents[row]))
              .toArray();
      int[] selected = IntStream.of(rows).map(row -> group.rows().indexOf(parents[row])).toArray();
      boolean isSame = Arrays.equals(selected, IntStream.range(0, group.rows().size()).toArray());
      var loop = rows.length == 0 || isSame ? group.loop() : group.loop().forkRows(selected);
      groups.remove(group);
      if (rows.length > 0) {
        groups.add(loop, IntStream.of(rows).boxed().toList());
      }
      if (!isSame) {
        group.loop().close();
      }
    }
  }

  /** The number of loops. */
  int count() {
    return groups.count();
  }

  @Override
  public Optional<String> recomputing() {
    return groups.recomputing();
  }

  @Override
  public int vocabulary() {
    return groups.vocabulary();
  }

  @Override
  public void logits(int row, float[] into) {
    groups.logits(row, into);
  }

  @Override
  public void close() {
    groups.close();
  }
}
