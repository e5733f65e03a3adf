package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;

/** The loops that compute the logits of one generation's rows. For one thread. */
sealed interface RowLoops extends AutoCloseable permits LoopBatch, ContrastedLoops, NumberLoops {
  /**
   * Loops of a model, contrasted with the request's amateurs, that have been fed nothing.
   *
   * @param request whose prompts each have 1 or more tokens, and whose inputs have as many rows, or
   *     are shared by all rows
   */
  static RowLoops of(OnnxModel model, GenerationRequest request) {
    RowLoops loops =
        model.metadata().numberToken().isPresent()
            ? new NumberLoops(model, request)
            : new LoopBatch(model, request, request.inputs());
    try {
      for (var amateur : request.amateurs()) {
        var others = new LoopBatch(amateur.model(), request, amateur.inputs(request.inputs()));
        loops = new ContrastedLoops(loops, others, amateur.contrast());
      }
      return loops;
    } catch (RuntimeException | Error e) {
      loops.close();
      throw e;
    }
  }

  /** Feeds each row its tokens, except in loops whose rows have all stopped. */
  void feed(long[][] tokens, IntPredicate isStopped, Cancellation cancellation);

  /** Replaces the rows: row {@code i} continues from row {@code parents[i]}. */
  void select(int... parents);

  /** The reason why a loop recomputes its whole window in each call, if one does. */
  Optional<String> recomputing();

  /** The number of logits of a row. */
  int vocabulary();

  /** Reads the logits for the next token of a row. */
  void logits(int row, float[] into);

  /** The number that the next token of a row stands for if it is the number token, if any is. */
  default OptionalDouble number(int row) {
    return OptionalDouble.empty();
  }

  @Override
  void close();
}
