package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.NumberLoop;
import ai.transonnx.runtime.OnnxModel;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The loops of a generation with tokens that stand for numbers, as {@code generate} of
 * x-transformers' {@code XValAutoregressiveWrapper} does: the number that the model predicts with a
 * token is fed with it.
 */
final class NumberLoops implements RowLoops {
  private final RowGroups<NumberLoop> groups;
  private final double[][] prompted;
  private boolean isFed;

  /**
   * Loops that have been fed nothing.
   *
   * @param request whose prompts each have 1 or more tokens
   */
  NumberLoops(OnnxModel model, GenerationRequest request) {
    prompted =
        IntStream.range(0, request.rows()).mapToObj(request::numbers).toArray(double[][]::new);
    groups =
        RowGroups.byLength(
            request,
            rows ->
                NumberLoop.builder(model)
                    .batch(rows.size())
                    .inputs(RowGroups.inputs(model, request.inputs(), rows))
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
              var numbers = group.rows().stream().map(this::given).toArray(double[][]::new);
              group.loop().feed(fed, numbers, cancellation);
            });
    isFed = true;
  }

  /** The numbers of a row to feed: those of the prompt, then the predicted one. */
  private double[] given(int row) {
    return isFed ? new double[] {predicted(row)} : prompted[row];
  }

  private double predicted(int row) {
    return groups.loop(row).number(groups.index(row));
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
