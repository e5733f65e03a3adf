package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.NumberLoop;
import ai.transonnx.runtime.OnnxModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The loops of a generation with tokens that stand for numbers, as {@code generate} of
 * x-transformers' {@code XValAutoregressiveWrapper} does: the number that the model predicts with a
 * token is fed with it. Prompts of the same length share a loop, so that no row is padded.
 */
final class NumberLoops implements RowLoops {
  private record RowGroup(NumberLoop loop, List<Integer> rows) {}

  private final List<RowGroup> groups = new ArrayList<>();
  private final RowGroup[] groupOfRow;
  private final double[][] prompted;
  private boolean isFed;

  /**
   * Loops that have been fed nothing.
   *
   * @param request whose prompts each have 1 or more tokens
   */
  NumberLoops(OnnxModel model, GenerationRequest request) {
    var byLength = new TreeMap<Integer, List<Integer>>();
    prompted = new double[request.rows()][];
    for (int row = 0; row < request.rows(); row++) {
      byLength.computeIfAbsent(request.prompt(row).length, n -> new ArrayList<>()).add(row);
      prompted[row] = request.numbers(row);
    }
    groupOfRow = new RowGroup[request.rows()];
    try {
      for (var rows : byLength.values()) {
        var loop =
            NumberLoop.builder(model)
                .batch(rows.size())
                .inputs(LoopBatch.rows(model, request.inputs(), rows))
                .contextOverflow(request.options().contextOverflow())
                .build();
        var group = new RowGroup(loop, rows);
        groups.add(group);
        rows.forEach(row -> groupOfRow[row] = group);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  @Override
  public void feed(long[][] tokens, IntPredicate isStopped, Cancellation cancellation) {
    for (var group : groups) {
      if (!group.rows.stream().allMatch(isStopped::test)) {
        var fed = group.rows.stream().map(row -> tokens[row]).toArray(long[][]::new);
        var numbers = group.rows.stream().map(this::given).toArray(double[][]::new);
        group.loop.feed(fed, numbers, cancellation);
      }
    }
    isFed = true;
  }

  /** The numbers of a row to feed: those of the prompt, then the predicted one. */
  private double[] given(int row) {
    return isFed ? new double[] {predicted(row)} : prompted[row];
  }

  private double predicted(int row) {
    var group = groupOfRow[row];
    return group.loop.number(group.rows.indexOf(row));
  }

  @Override
  public OptionalDouble number(int row) {
    return OptionalDouble.of(predicted(row));
  }

  /** No search selects rows, see {@link Generator}. */
  @Override
  public void select(int... parents) {
    throw new IllegalStateException("rows with numbers continue as they are");
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
