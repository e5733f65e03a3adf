package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/** A beam search with state finds the texts of one that computes every text from its start. */
record SearchedBeams(OnnxModel model, CaseLoops loops) {
  private static final int BEAMS = 2;
  private static final int LENGTH = 3;

  /** Rounding of two sums of logarithms; texts whose scores differ by less may change places. */
  private static final double TOLERANCE = 1e-3;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Text(long[] tokens, double score) {}

  void assertAreThoseOfWholeTexts() {
    var prompts = new long[][] {loops.tokens(3), loops.tokens(1)};
    var inputs = new HashMap<String, Tensor>();
    loops
        .others()
        .forEach(
            (name, tensor) ->
                inputs.put(
                    name, model.signature().hasRows(name) ? tensor.rows(List.of(0, 0)) : tensor));
    var options = GenerationOptions.builder(LENGTH).greedy().beams(BEAMS).build();
    var request = GenerationRequest.builder(prompts, options).inputs(inputs).build();
    var generation = Generator.of(model).generate(request);
    for (int row = 0; row < prompts.length; row++) {
      var expected = search(prompts[row]);
      var beams = generation.beams(row);
      assertEquals(expected.size(), beams.size());
      for (int i = 0; i < beams.size(); i++) {
        assertEquals(expected.get(i).score(), beams.get(i).score(), TOLERANCE);
        assertEquals(score(prompts[row], beams.get(i).tokens()), beams.get(i).score(), TOLERANCE);
      }
    }
  }

  private List<Text> search(long[] prompt) {
    var texts = List.of(new Text(prompt, 0));
    for (int step = 0; step < LENGTH; step++) {
      var extended = new ArrayList<Text>();
      for (var text : texts) {
        double[] scores = scores(text.tokens);
        for (int token = 0; token < scores.length; token++) {
          var tokens = Arrays.copyOf(text.tokens, text.tokens.length + 1);
          tokens[text.tokens.length] = token;
          extended.add(new Text(tokens, text.score + scores[token]));
        }
      }
      extended.sort(Comparator.comparingDouble(Text::score).reversed());
      texts = extended.subList(0, Math.min(BEAMS, extended.size()));
    }
    return texts;
  }

  private double score(long[] prompt, long... tokens) {
    var text = Arrays.copyOf(prompt, prompt.length + tokens.length);
    System.arraycopy(tokens, 0, text, prompt.length, tokens.length);
    double score = 0;
    for (int i = prompt.length; i < text.length; i++) {
      score += scores(Arrays.copyOf(text, i))[(int) text[i]];
    }
    return score;
  }

  /** The logarithms of the next token's probabilities, computed from the start of the text. */
  private double[] scores(long... tokens) {
    try (var loop = TokenLoop.builder(model).inputs(loops.others()).build()) {
      loop.feed(tokens);
      var logits = new float[loop.vocabulary()];
      loop.logits(0, logits);
      var scores = new double[logits.length];
      Arrays.setAll(scores, i -> logits[i]);
      double sum = Math.log(Arrays.stream(scores).map(Math::exp).sum());
      return Arrays.stream(scores).map(score -> score - sum).toArray();
    }
  }
}
