package ai.transonnx.runtime;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The rows of several loops in one batch, each at its own position: a call feeds one token to each
 * row, so that the weights are read once for all of them. It serves one thread at a time, as {@link
 * TokenLoop} does.
 *
 * <pre>{@code
 * try (var loop = TokenLoop.of(model);
 *     var other = TokenLoop.of(model)) {
 *   loop.feed(72, 101, 108);
 *   other.feed(72);
 *   try (var batched = BatchedLoop.of(List.of(loop, other), 20).orElseThrow()) {
 *     batched.feed(new long[] {111, 32}, new Cancellation()); // to loop's row, to other's row
 *     var logits = new float[batched.vocabulary()];
 *     batched.logits(1, logits); // scores of the next token in other's row
 *   }
 * }
 * }</pre>
 */
public final class BatchedLoop implements TokenRows {
  private final OnnxModel model;
  private final int batch;
  private final Map<String, Tensor> inputs;
  private final CacheLayout layout;
  private final NativeCalls calls;
  private final FedPositions fed;
  private final LoopLock lock;
  private final long[] computed;
  private int left;

  /**
   * Copies the rows of loops over one model into one batch, in their order. The loops do not
   * change.
   *
   * @param steps the number of tokens that each row may be fed
   * @return empty if these rows cannot be one batch: the model has no state, is not {@linkplain
   *     ModelMetadata#ragged ragged}, or has a fixed batch size; the context window of a row has no
   *     room for {@code steps} tokens; or the states differ in size
   * @throws RequestException if there is no loop, one has been fed nothing, they are over different
   *     models, or {@code steps} is not positive
   * @throws BusyException if another thread uses one of the loops
   * @throws ClosedException if one of the loops is closed
   */
  public static Optional<BatchedLoop> of(List<TokenLoop> loops, int steps) {
    if (loops.isEmpty()
        || loops.stream().anyMatch(loop -> loop.position() == 0)
        || loops.stream().anyMatch(loop -> model(loop) != model(loops.get(0)))) {
      throw new RequestException(
          "only loops over one model that have been fed can become one batch");
    }
    if (steps < 1) {
      throw new RequestException("steps is %s; 1 or more are possible".formatted(steps));
    }
    var locks = loops.stream().map(TokenLoop::lock).toList();
    int entered = 0;
    try {
      for (; entered < locks.size(); entered++) {
        locks.get(entered).enter();
      }
      return batched(loops, steps);
    } finally {
      locks.subList(0, entered).forEach(LoopLock::leave);
    }
  }

  private static OnnxModel model(TokenLoop loop) {
    return loop.options().model();
  }

  private static Optional<BatchedLoop> batched(List<TokenLoop> loops, int steps) {
    var model = model(loops.get(0));
    boolean fits =
        model.metadata().ragged()
            && !LoopContract.tokens(model).hasFixedBatch()
            && loops.stream().allMatch(loop -> loop.hasRoom(steps))
            && NativeCalls.canConcatenate(loops.stream().map(TokenLoop::calls).toList());
    return fits ? Optional.of(new BatchedLoop(model, loops, steps)) : Optional.empty();
  }

  private BatchedLoop(OnnxModel model, List<TokenLoop> loops, int steps) {
    this.model = model;
    this.lock = new LoopLock(model.file().toString());
    this.left = steps;
    this.batch = loops.stream().mapToInt(TokenLoop::batch).sum();
    this.computed =
        loops.stream()
            .flatMapToLong(loop -> LongStream.generate(loop::computed).limit(loop.batch()))
            .toArray();
    this.layout = loops.get(0).layout();
    this.inputs = withoutPositions(loops.get(0).options().inputs());
    this.calls = newCalls();
    this.fed = new FedPositions(batch, 0, calls.width());
    try {
      calls.concatenate(loops.stream().map(TokenLoop::calls).toList());
    } catch (RuntimeException | Error e) {
      calls.close();
      throw e;
    }
  }

  /** Rows of another batch: row {@code i} is a copy of its row {@code rows[i]}. */
  private BatchedLoop(BatchedLoop other, int... rows) {
    this.model = other.model;
    this.lock = new LoopLock(model.file().toString());
    this.left = other.left;
    this.batch = rows.length;
    this.computed = IntStream.of(rows).mapToLong(row -> other.computed[row]).toArray();
    this.layout = other.layout;
    this.inputs = withoutPositions(other.inputs);
    this.calls = newCalls();
    this.fed = new FedPositions(batch, 0, calls.width());
    try {
      calls.select(other.calls, rows);
    } catch (RuntimeException | Error e) {
      calls.close();
      throw e;
    }
  }

  private NativeCalls newCalls() {
    return new NativeCalls(
        model,
        List.of(LoopContract.tokens(model, batch, inputs)),
        batch,
        inputs,
        layout,
        0,
        Optional.empty());
  }

  /** Calls after the first take no positions of a context, [b, 0, ...]. */
  private Map<String, Tensor> withoutPositions(Map<String, Tensor> inputs) {
    var empty = new HashMap<>(inputs);
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

  /** The number of rows. */
  public int batch() {
    return batch;
  }

  /**
   * {@inheritDoc}
   *
   * @param tokens one token of each row
   */
  @Override
  public void feed(long[] tokens, Cancellation cancellation) {
    lock.run(
        () -> {
          checkRows(tokens.length);
          model.inputVocabulary().check(row -> "row " + row, tokens);
          fed.append(tokens);
          step(cancellation);
        });
  }

  /**
   * {@inheritDoc}
   *
   * @param tokens rows of one token
   */
  @Override
  public void feed(long[][] tokens, Cancellation cancellation) {
    lock.run(
        () -> {
          checkRows(tokens.length);
          for (int row = 0; row < batch; row++) {
            if (tokens[row].length != 1) {
              throw new RequestException(
                  "row %s has %s tokens; each row takes one".formatted(row, tokens[row].length));
            }
            String location = "row " + row;
            model.inputVocabulary().check(i -> location, tokens[row]);
          }
          fed.append(tokens);
          step(cancellation);
        });
  }

  private void checkRows(int rows) {
    if (rows != batch) {
      throw new RequestException("tokens for %s rows; the loop has %s".formatted(rows, batch));
    }
    if (left == 0) {
      throw new RequestException(
          "these rows have been fed all the tokens that they were batched for; batch them for"
              + " more");
    }
  }

  private void step(Cancellation cancellation) {
    try {
      calls.feed(fed, 1, cancellation, computed);
    } finally {
      fed.clear();
    }
    Arrays.setAll(computed, row -> computed[row] + 1);
    left--;
  }

  @Override
  public BatchedLoop forkRows(int... rows) {
    return lock.get(
        () -> {
          calls.checkRows(rows);
          return new BatchedLoop(this, rows);
        });
  }

  @Override
  public void logits(int row, float[] target) {
    lock.run(() -> calls.readLast(row, target));
  }

  @Override
  public int vocabulary() {
    return calls.features();
  }

  /** Always empty, since every row has room for its tokens. */
  @Override
  public Optional<String> recomputeReason() {
    return Optional.empty();
  }

  @Override
  public void close() {
    lock.close(calls::close);
  }
}
