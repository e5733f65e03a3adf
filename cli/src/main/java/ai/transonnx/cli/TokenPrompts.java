package ai.transonnx.cli;

import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.TokenListener;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Continues rows of tokens side by side, and prints the new tokens of each.
 *
 * @param rows one or more
 * @param out receives the lines
 * @param start called before the first token, when the model has accepted the prompts; receives the
 *     length of the longest one
 */
record TokenPrompts(List<NumberedTokens> rows, Consumer<String> out, Consumer<Integer> start) {
  /** The request to continue the rows. */
  GenerationRequest.Builder request(GenerationOptions options) {
    var prompts = rows.stream().map(NumberedTokens::toArray).toArray(long[][]::new);
    var request = GenerationRequest.builder(prompts, options).listener(new Start(start, longest()));
    if (rows.stream().anyMatch(NumberedTokens::hasNumbers)) {
      request.numbers(rows.stream().map(NumberedTokens::values).toArray(double[][]::new));
    }
    return request;
  }

  private int longest() {
    return rows.stream().mapToInt(row -> row.tokens().size()).max().orElseThrow();
  }

  /**
   * Continues the rows.
   *
   * @param hasNumbers whether the model predicts numbers
   */
  void print(
      GenerationRequest request,
      Function<GenerationRequest, Generation> generator,
      boolean hasNumbers) {
    var generation = generator.apply(request);
    for (int row = 0; row < generation.rows(); row++) {
      if (request.options().beams().isPresent()) {
        generation
            .beams(row)
            .forEach(
                beam ->
                    out.accept(
                        "%s\t%s".formatted(beam.score(), NumberedTokens.text(beam.tokens()))));
      } else if (hasNumbers) {
        out.accept(NumberedTokens.text(generation.tokens(row), generation.numbers(row)));
      } else {
        out.accept(NumberedTokens.text(generation.tokens(row)));
      }
    }
  }

  /** Calls something before the first token. */
  private static final class Start implements TokenListener {
    private final Consumer<Integer> start;
    private final int longest;
    private boolean hasStarted;

    private Start(Consumer<Integer> start, int longest) {
      this.start = start;
      this.longest = longest;
    }

    @Override
    public void onToken(int row, long token) {
      if (!hasStarted) {
        hasStarted = true;
        start.accept(longest);
      }
    }
  }
}
