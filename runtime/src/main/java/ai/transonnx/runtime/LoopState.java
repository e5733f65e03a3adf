package ai.transonnx.runtime;

import ai.transonnx.format.StateRole;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A snapshot of a {@link TokenLoop}. It is independent of the loop, and can be saved to a file.
 *
 * <pre>{@code
 * try (var model = OnnxModel.load(Path.of("model.onnx"));
 *     var loop = TokenLoop.of(model);
 *     var other = TokenLoop.of(model)) {
 *   loop.feed(72, 105);
 *   loop.state().write(Path.of("chat.state"));
 *   other.restore(LoopState.read(Path.of("chat.state"), model));
 * }
 * }</pre>
 */
public final class LoopState {
  private final long position;
  private final long computed;
  private final long[][] tokens;
  private final List<Tensor> state;
  private final Tensor logits;
  private final Optional<String> weights;

  /**
   * @param position the number of tokens that each row has been fed, 1 or more
   * @param computed the number of positions that the state includes, 1 or more
   * @param tokens the last tokens of each row, {@code [b, n]}; n is {@code computed} or more
   * @param state the state tensors, in the order of the model's pairs
   * @param logits the scores of the next token, {@code [b, 1, V]}
   * @param weights the SHA-256 of the weights, from the model's metadata
   */
  LoopState(
      long position,
      long computed,
      long[][] tokens,
      List<Tensor> state,
      Tensor logits,
      Optional<String> weights) {
    this.position = position;
    this.computed = computed;
    this.tokens = tokens;
    this.state = List.copyOf(state);
    this.logits = logits;
    this.weights = weights;
  }

  /** The number of tokens that each row has been fed. */
  public long position() {
    return position;
  }

  /** The number of rows. */
  public int batch() {
    return tokens.length;
  }

  /** The size of the model's state in bytes. */
  public long bytes() {
    return state.stream().mapToLong(tensor -> tensor.data().remaining()).sum();
  }

  /**
   * Writes a file, or replaces it in one step: if the call fails or the process ends, the old file
   * is unchanged. A symbolic link stays, and the file that it points to is replaced. An interrupt
   * does not end the call.
   *
   * @throws RequestException if it cannot be written, or {@code file} is not the name of a plain
   *     file on disk
   */
  public void write(Path file) {
    LoopStateFile.write(this, file);
  }

  /**
   * Reads a file that {@link #write} wrote.
   *
   * @throws RequestException if it is missing or damaged, no plain file on disk, or belongs to
   *     another model
   */
  public static LoopState read(Path file, OnnxModel model) {
    var state = LoopStateFile.read(file);
    state.check(model, state.batch());
    return state;
  }

  /**
   * Checks that a loop over {@code model} can continue from this snapshot.
   *
   * @throws RequestException if it cannot
   */
  void check(OnnxModel model, int batch) {
    var pairs = model.metadata().state();
    boolean fits = batch == batch() && state.size() == pairs.size() && areLogits(model);
    for (int i = 0; fits && i < state.size(); i++) {
      fits = pairs.get(i).accepts(state.get(i).type(), state.get(i).shape(), batch);
    }
    if (!fits) {
      throw new RequestException(
          "this state of %s rows does not fit a loop over %s rows of %s"
              .formatted(batch(), batch, model.file()));
    }
    if (!weights.equals(model.metadata().weights())) {
      throw new RequestException("this state belongs to other weights than " + model.file());
    }
    checkCounts(model);
    checkTokens(model);
  }

  /** Checks the positions that the state counts, because a graph allocates memory for them. */
  private void checkCounts(OnnxModel model) {
    var pairs = model.metadata().state();
    long most = computed + model.metadata().cacheLayout().reserved();
    for (int i = 0; i < state.size(); i++) {
      if (pairs.get(i).role() == StateRole.COUNTER
          && LongStream.of(state.get(i).longs()).anyMatch(count -> count < 0 || count > most)) {
        throw new RequestException(
            "this state includes %s positions; its '%s' has another count"
                .formatted(computed, pairs.get(i).input()));
      }
    }
  }

  private boolean areLogits(OnnxModel model) {
    long features = logits.shape()[2];
    return features > 0
        && model.vocabulary().orElse((int) features) == features
        && model
            .signature()
            .output(OnnxModel.LOGITS)
            .filter(spec -> spec.type() == logits.type())
            .isPresent();
  }

  /** Checks the tokens, from which the context window may have to be recomputed. */
  private void checkTokens(OnnxModel model) {
    int length = tokens[0].length;
    if (length < Math.min(position, model.metadata().maxLength().orElse(Integer.MAX_VALUE))) {
      throw new RequestException(
          "this state has the last %s of %s tokens; the context window of %s is longer"
              .formatted(length, position, model.file()));
    }
    for (int row = 0; row < tokens.length; row++) {
      String ofRow = " of row " + row;
      model
          .inputVocabulary()
          .check(i -> "position " + (position - length + i) + ofRow, tokens[row]);
    }
  }

  long computed() {
    return computed;
  }

  long[][] tokens() {
    return tokens;
  }

  List<Tensor> state() {
    return state;
  }

  Tensor logits() {
    return logits;
  }

  Optional<String> weights() {
    return weights;
  }
}
