package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows at different positions that share decode steps, and that join and leave between two steps:
 * the batch of continuous batching (Yu et al., Orca, 2022). A step reads the weights once for all
 * rows. A row that joins or leaves costs one copy of its own state; other rows stay in place.
 *
 * <pre>{@code
 * try (var loop = TokenLoop.of(model);
 *     var other = TokenLoop.of(model)) {
 *   loop.feed(72, 101); // prefill
 *   other.feed(72);
 *   try (var batch = DecodeBatch.of(loop).orElseThrow()) { // loop's row is row 0
 *     batch.join(other); // row 1
 *     batch.feed(0, new long[] {108, 32}, new Cancellation());
 *     var logits = new float[batch.vocabulary()];
 *     batch.logits(1, logits);
 *     batch.leave(0); // row 1 becomes row 0
 *   }
 * }
 * }</pre>
 *
 * <p>It serves one thread at a time, as {@link TokenLoop} does. A row's logits are those that it
 * would have alone, except for rounding: products of several rows add in another order.
 */
public final class DecodeBatch implements AutoCloseable {
  private final OnnxModel model;
  private final LoopOptions options;
  private final LoopContract.SequencePorts ports;
  private final LoopLock lock;
  private final RowBuffers state;
  private final OutputBuffer output;
  private int first; // of the rows that the last call fed
  private int fed;
  private @Nullable Further further;

  /** The native inputs besides tokens and state, for a number of rows. */
  private record Further(int rows, StaticInputs inputs) {}

  /**
   * A batch of the row of a loop, which does not change.
   *
   * @return empty if rows of this model cannot share a step (see {@link #obstacle}), or the row's
   *     context window is full
   * @throws RequestException if the loop has several rows, or has been fed nothing
   * @throws BusyException if another thread uses the loop
   * @throws ClosedException if the loop is closed
   */
  public static Optional<DecodeBatch> of(TokenLoop loop) {
    return loop.lock()
        .get(
            () -> {
              check(loop);
              if (obstacle(loop.options().model()).isPresent() || !loop.hasRoom(1)) {
                return Optional.empty();
              }
              var batch = new DecodeBatch(loop);
              try {
                batch.add(loop);
              } catch (RuntimeException | Error e) {
                batch.close();
                throw e;
              }
              return Optional.of(batch);
            });
  }

  /**
   * The reason why rows of a model cannot share decode steps; empty if they can.
   *
   * @throws ModelException if the model does not continue tokens
   */
  public static Optional<String> obstacle(OnnxModel model) {
    var ports = LoopContract.tokens(model);
    var metadata = model.metadata();
    if (metadata.state().isEmpty()) {
      return Optional.of("it was exported without --incremental, so it has no state");
    }
    if (!metadata.ragged()) {
      return Optional.of("the rows of a call are at the same position");
    }
    if (ports.hasFixedBatch()) {
      return Optional.of("its batch size is fixed");
    }
    return metadata.state().stream()
        .filter(pair -> !RowBuffer.supports(pair))
        .findFirst()
        .map(pair -> "the size of its state '%s' is not known".formatted(pair.input()));
  }

  private DecodeBatch(TokenLoop loop) {
    this.model = loop.options().model();
    this.options = loop.options();
    this.ports = LoopContract.tokens(model);
    this.lock = new LoopLock(model.file().toString());
    var environment = model.session().environment();
    this.output = new OutputBuffer(environment, ports.input(), ports.output());
    var shapes = loop.calls().stateShapes();
    var pairs = model.metadata().state();
    var buffers = new ArrayList<RowBuffer>();
    for (int i = 0; i < pairs.size(); i++) {
      buffers.add(new RowBuffer(environment, pairs.get(i), shapes.get(i)));
    }
    this.state = new RowBuffers(buffers, loop.layout(), loop.window());
  }

  private static void check(TokenLoop loop) {
    if (loop.batch() != 1 || loop.position() == 0) {
      throw new RequestException(
          "a loop of %s rows at position %s: a loop of one row that has been fed can join a batch"
              .formatted(loop.batch(), loop.position()));
    }
  }

  /**
   * Whether the row of a loop can join: it is over the same model with the same {@link
   * ContextOverflow}, its contexts have the sizes of those in the batch, and its context window has
   * room.
   *
   * @throws RequestException if the loop has several rows, or has been fed nothing
   * @throws BusyException if another thread uses the loop or this batch
   * @throws ClosedException if the loop or this batch is closed
   */
  public boolean accepts(TokenLoop loop) {
    return lock.get(() -> loop.lock().get(() -> isPossible(loop)));
  }

  private boolean isPossible(TokenLoop loop) {
    check(loop);
    var other = loop.options();
    return other.model() == model
        && other.contextOverflow() == options.contextOverflow()
        && other.inputs().keySet().equals(options.inputs().keySet())
        && loop.hasRoom(1)
        && state.accepts(loop.calls().stateShapes());
  }

  /**
   * Copies the row of a loop, which does not change. It becomes the last row.
   *
   * @throws RequestException if it cannot join, see {@link #accepts}
   * @throws MemoryLimitException if there is not enough memory; the batch is then unchanged
   * @throws BusyException if another thread uses the loop or this batch
   * @throws ClosedException if the loop or this batch is closed
   */
  public void join(TokenLoop loop) {
    lock.run(
        () ->
            loop.lock()
                .run(
                    () -> {
                      if (!isPossible(loop)) {
                        throw new RequestException(
                            "this loop cannot join the batch: its model, inputs, ContextOverflow or"
                                + " context sizes differ, or its context window is full");
                      }
                      add(loop);
                    }));
  }

  private void add(TokenLoop loop) {
    state.add(loop.calls().readState(), loop.computed());
  }

  /**
   * Announces rows, for which the next growth reserves memory at once instead of row by row.
   *
   * @param rows the number of rows that are expected
   * @param positions the number of positions that the longest of them will have; more are possible
   * @throws BusyException if another thread uses this batch
   * @throws ClosedException if it is closed
   */
  public void expect(int rows, long positions) {
    lock.run(() -> state.expect(rows, positions));
  }

  /** The number of rows. */
  public int rows() {
    return state.rows();
  }

  /** Whether the context window of a row has room for a token. */
  public boolean hasRoom(int row) {
    checkRows(row, 1);
    return state.hasRoom(row);
  }

  /**
   * Removes a row. The last row takes its number.
   *
   * @throws RequestException if there is no such row
   * @throws BusyException if another thread uses this batch
   * @throws ClosedException if it is closed
   */
  public void leave(int row) {
    lock.run(
        () -> {
          checkRows(row, 1);
          state.remove(row);
          fed = 0;
        });
  }

  /**
   * Feeds one token to each of some rows, and computes the logits of the next ones. If it fails,
   * nothing has changed.
   *
   * @param first the first of the rows
   * @param next the tokens of this row and those after it
   * @throws RequestException if there are no such rows, or the context window of one is full; a
   *     {@link TokenException} if a token is not in the vocabulary
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws MemoryLimitException if there is not enough memory
   * @throws BusyException if another thread uses this batch
   * @throws ClosedException if this or the model is closed
   * @throws RunException if ONNX Runtime fails
   */
  public void feed(int first, long[] next, Cancellation cancellation) {
    lock.run(
        () -> {
          checkRows(first, next.length);
          model.inputVocabulary().check(i -> "row " + (first + i), next);
          for (int i = 0; i < next.length; i++) {
            if (!hasRoom(first + i)) {
              throw new RequestException(
                  "the context window of row %s is full".formatted(first + i));
            }
          }
          step(first, next, cancellation);
        });
  }

  private void checkRows(int from, int count) {
    if (from < 0 || count < 1 || from > rows() - count) {
      throw new RequestException(
          "rows %s to %s: the batch has %s rows".formatted(from, from + count - 1, rows()));
    }
  }

  private void step(int from, long[] next, Cancellation cancellation) {
    int count = next.length;
    fed = 0;
    state.reserve();
    var inputs = new HashMap<String, OnnxTensor>();
    var pinned = new HashMap<String, OnnxTensor>();
    state.bind(inputs, pinned, from, count);
    further(count).addTo(inputs, false);
    var logits = output.pin(count, 1);
    var allocated = logits == null ? Set.of(output.name()) : Set.<String>of();
    if (logits != null) {
      pinned.put(output.name(), logits);
    }
    var environment = model.session().environment();
    try (var tokens = NativeTensors.wrap(environment, Tensor.ofLongs(next, count, 1))) {
      inputs.put(ports.input().name(), tokens);
      try (var result = model.session().run(inputs, allocated, pinned, true, cancellation)) {
        if (logits == null) {
          output.accept((OnnxTensor) result.get(output.name()).orElseThrow(), count);
        }
      }
    }
    output.publish();
    state.accept(from, count);
    first = from;
    fed = count;
  }

  /** The inputs besides tokens and state, which have no positions after the first call. */
  private StaticInputs further(int count) {
    var current = further;
    if (current == null || current.rows != count) {
      if (current != null) {
        current.inputs.close();
      }
      var empty = new HashMap<String, Tensor>();
      options
          .inputs()
          .forEach((name, tensor) -> empty.put(name, withoutPositions(name, tensor, count)));
      var all = LoopContract.withStart(model, count, empty);
      current = new Further(count, new StaticInputs(model.session().environment(), all));
      further = current;
    }
    return current.inputs;
  }

  private Tensor withoutPositions(String name, Tensor tensor, int count) {
    var shape = tensor.shape();
    if (model.signature().hasRows(name)) {
      shape[0] = count;
    }
    shape[1] = 0;
    return Tensor.zeros(tensor.type(), shape);
  }

  /**
   * Copies the logits of the token that follows row {@code row}.
   *
   * @param target receives {@link #vocabulary} floats; may be longer
   * @throws RequestException if the row was not fed by the last {@link #feed}, or {@code target} is
   *     too short
   */
  public void logits(int row, float[] target) {
    lock.run(
        () -> {
          if (row < first || row >= first + fed) {
            throw new RequestException("the last call did not feed row " + row);
          }
          if (target.length < output.features()) {
            throw new RequestException(
                "the output buffer for row %s has %s floats; %s are needed"
                    .formatted(row, target.length, output.features()));
          }
          output.readLast(row - first, target);
        });
  }

  /** The size of the vocabulary, once a row has been fed. */
  public int vocabulary() {
    return output.features();
  }

  /** Waits for a call in progress, then frees native memory. A second close has no effect. */
  @Override
  public void close() {
    lock.close(
        () -> {
          state.close();
          output.close();
          if (further != null) {
            further.inputs.close();
          }
        });
  }
}
