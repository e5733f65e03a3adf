package ai.transonnx.runtime;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Rows of several loops side by side, each at a position of its own: one token of each row a call.
 * The model's weights are then read once for all of them. It belongs to one thread at a time, as
 * {@link TokenLoop} does.
 *
 * <pre>{@code
 * try (var loop = TokenLoop.of(model);
 *     var other = TokenLoop.of(model)) {
 *   loop.feed(72, 101, 108);
 *   other.feed(72);
 *   try (var stacked = BatchedLoop.of(List.of(loop, other), 20).orElseThrow()) {
 *     stacked.feed(new long[] {111, 32}, new Cancellation()); // to the row of loop, of other
 *     var logits = new float[stacked.vocabulary()];
 *     stacked.logits(1, logits); // what may follow in the row of other
 *   }
 * }
 * }</pre>
 */
public final class BatchedLoop implements TokenRows {
  private final OnnxModel model;
  private final int batch;
  private final NativeCalls calls;
  private final LoopGuard guard;
  private final long[] computed;
  private int left;

  /**
   * The rows of loops over one model, one loop's behind the other's. The loops stay as they are.
   *
   * @param steps how many tokens each row may be fed
   * @return nothing if the rows cannot go side by side: the model has no state, does not say that
   *     it is {@linkplain ModelMetadata#ragged ragged}, or is made for a number of rows; the window
   *     of a row would be full before that; or what is kept of the rows differs in size
   * @throws RequestException if there is no loop, one has been fed nothing, they are over different
   *     models, or {@code steps} is not positive
   * @throws BusyException if another thread uses one of the loops
   * @throws ClosedException if one of the loops is closed
   */
  public static Optional<BatchedLoop> of(List<TokenLoop> loops, int steps) {
    if (loops.isEmpty()
        || loops.stream().anyMatch(loop -> loop.position() == 0)
        || loops.stream().anyMatch(loop -> loop.model() != loops.get(0).model())) {
      throw new RequestException("only loops over one model that have been fed can be stacked");
    }
    if (steps < 1) {
      throw new RequestException("loops stacked for %s tokens; 1 or more".formatted(steps));
    }
    var guards = loops.stream().map(loop -> loop.loop().guard()).toList();
    int entered = 0;
    try {
      for (; entered < guards.size(); entered++) {
        guards.get(entered).enter();
      }
      return stacked(loops, steps);
    } finally {
      guards.subList(0, entered).forEach(LoopGuard::leave);
    }
  }

  private static Optional<BatchedLoop> stacked(List<TokenLoop> loops, int steps) {
    var model = loops.get(0).model();
    boolean fits =
        model.metadata().ragged()
            && !LoopContract.tokens(model).isOfRows()
            && loops.stream().allMatch(loop -> loop.hasRoom(steps))
            && NativeCalls.stack(calls(loops));
    return fits ? Optional.of(new BatchedLoop(model, loops, steps)) : Optional.empty();
  }

  private BatchedLoop(OnnxModel model, List<TokenLoop> loops, int steps) {
    this.model = model;
    this.guard = new LoopGuard(model.file().toString());
    this.left = steps;
    this.batch = loops.stream().mapToInt(TokenLoop::batch).sum();
    this.computed = loops.stream().flatMapToLong(BatchedLoop::computed).toArray();
    var given = nothing(loops.get(0).given());
    var ends = LoopContract.tokens(model, batch, given);
    this.calls = new NativeCalls(model, ends, batch, given, loops.get(0).loop().slots(), 0);
    try {
      calls.join(calls(loops));
    } catch (RuntimeException | Error e) {
      calls.close();
      throw e;
    }
  }

  /** How many positions the state has seen of each row. */
  private static LongStream computed(TokenLoop loop) {
    return LongStream.generate(loop.loop()::computed).limit(loop.batch());
  }

  private static List<NativeCalls> calls(List<TokenLoop> loops) {
    return loops.stream().map(loop -> loop.loop().calls()).toList();
  }

  /** A call that goes on is given nothing of a context, [b, 0, ...]. */
  private Map<String, Tensor> nothing(Map<String, Tensor> given) {
    var empty = new HashMap<>(given);
    empty.replaceAll(
        (name, tensor) -> {
          if (!model.signature().hasRows(name)) {
            return tensor;
          }
          var shape = tensor.shape();
          shape[0] = batch;
          shape[1] = 0;
          return Tensor.zeros(tensor.type(), shape);
        });
    return empty;
  }

  /** How many rows there are. */
  public int batch() {
    return batch;
  }

  /**
   * {@inheritDoc}
   *
   * @param tokens one of each row
   * @throws RequestException if these are not as many tokens as rows, or one is not in the
   *     vocabulary, or the rows have been fed as many tokens as they were stacked for
   */
  @Override
  public void feed(long[] tokens, Cancellation cancellation) {
    guard.run(() -> feedRows(tokens, cancellation));
  }

  private void feedRows(long[] tokens, Cancellation cancellation) {
    if (tokens.length != batch) {
      throw new RequestException("%s tokens for %s rows".formatted(tokens.length, batch));
    }
    if (left == 0) {
      throw new RequestException(
          "these rows have been fed as many tokens as they were stacked for; stack them for more");
    }
    model.tokenRange().check(row -> "row " + row, tokens);
    calls.feed(1, (n, behind, into) -> into.asLongBuffer().put(tokens), cancellation, computed);
    Arrays.setAll(computed, row -> computed[row] + 1);
    left--;
  }

  @Override
  public void logits(int row, float[] into) {
    guard.run(() -> calls.readLast(row, into));
  }

  @Override
  public int vocabulary() {
    return calls.features();
  }

  /** Never: only rows that have room are stacked. */
  @Override
  public Optional<String> recomputing() {
    return Optional.empty();
  }

  @Override
  public void close() {
    guard.close(calls::close);
  }
}
