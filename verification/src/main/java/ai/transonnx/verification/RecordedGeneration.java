package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;

/**
 * A recorded generation: the prompt {@code tokens [b, n]} and its continuation {@code generated [b,
 * length]}, both without b if there is one sequence. For vectors, the prompt is {@code x [b, n, d]}
 * and its continuation {@code generated [b, length, d]}.
 */
record RecordedGeneration(Step step, Recording recording) {
  /** The most recorded positions of all rows: the model is called once or more for each. */
  private static final long MAX_POSITIONS = 10_000;

  private static final String TOKENS = "tokens";
  private static final String X = "x";
  private static final String GENERATED = "generated";

  /**
   * Continues the prompt with a model and compares the continuation with the recorded one.
   *
   * @throws InputException if the recorded tensors are not those of a generation
   */
  Comparison comparedWith(CaseModel model, Tolerance tolerance) {
    if (step.inputs().contains(TOKENS)) {
      return tokens(model);
    }
    if (step.inputs().contains(X)) {
      return vectors(model, tolerance);
    }
    throw new InputException(
        "its inputs are %s; a generation needs 'tokens' or 'x'".formatted(step.inputs()));
  }

  private Comparison tokens(CaseModel model) {
    var prompt = rows(TOKENS, recording.input(step, TOKENS));
    var expected = rows(GENERATED, recording.output(step, GENERATED));
    checkPositions(expected);
    int rows = (int) expected.shape()[0];
    int length = (int) expected.shape()[1];
    if (prompt.shape()[0] != rows) {
      throw new InputException(
          "%s prompts, but %s rows of 'generated'".formatted(prompt.shape()[0], rows));
    }
    var others = recording.inputs(step);
    others.remove(TOKENS);
    var continued = model.continueGreedily(asRows(prompt), others, length);
    var generated = new long[rows * length];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(continued[row], 0, generated, row * length, length);
    }
    return Comparison.of(GENERATED, expected, Tensor.ofLongs(generated, rows, length));
  }

  /** Refuses a generation {@code [b, n, ...]} that would take hours to repeat. */
  private static void checkPositions(Tensor generated) {
    long rows = generated.shape()[0];
    long length = generated.shape()[1];
    if (rows > 0 && length > MAX_POSITIONS / rows) {
      throw new InputException(
          "'%s' has %s rows of %s positions; record at most %s in all"
              .formatted(GENERATED, rows, length, MAX_POSITIONS));
    }
  }

  /** One sequence may be recorded without a batch dimension, as token-shift-gpt accepts it. */
  private Tensor rows(String name, Tensor tokens) {
    long[] shape = tokens.shape();
    if (tokens.type() != ElementType.INT64 || shape.length < 1 || shape.length > 2) {
      throw new InputException("'%s' is %s, not int64[b, n]".formatted(name, tokens));
    }
    return shape.length == 2 ? tokens : Tensor.ofLongs(tokens.longs(), 1, shape[0]);
  }

  private static long[][] asRows(Tensor prompt) {
    int n = (int) prompt.shape()[1];
    var rows = new long[(int) prompt.shape()[0]][n];
    var tokens = prompt.longs();
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(tokens, row * n, rows[row], 0, n);
    }
    return rows;
  }

  private Comparison vectors(CaseModel model, Tolerance tolerance) {
    var expected = recording.output(step, GENERATED);
    var prompt = recording.input(step, X);
    if (expected.shape().length != 3 || prompt.shape().length != 3) {
      throw new InputException(
          "'x' is %s and 'generated' %s, not [b, n, d]".formatted(prompt, expected));
    }
    checkPositions(expected);
    var others = recording.inputs(step);
    others.remove(X);
    var generated = model.continueVectors(prompt, others, (int) expected.shape()[1]);
    return Comparison.of(GENERATED, expected, generated, tolerance);
  }
}
