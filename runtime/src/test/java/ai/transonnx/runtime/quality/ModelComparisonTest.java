package ai.transonnx.runtime.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DeadlineException;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import ai.transonnx.runtime.quality.QualityReport.PositionRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ModelComparisonTest {
  private static final float LN3 = (float) Math.log(3);

  /** Logits after an even and after an odd sum of tokens: probabilities (1/2, 1/2), (1/4, 3/4). */
  private static final float[][] REFERENCE = {{0, 0}, {0, LN3}};

  /** Probabilities (3/4, 1/4), (1/4, 3/4). */
  private static final float[][] CANDIDATE = {{LN3, 0}, {0, LN3}};

  /** The divergence of the candidate after an even sum; it is 0 after an odd one. */
  private static final double EVEN = 0.5 * Math.log(4.0 / 3);

  @TempDir private Path folder;

  /** A model can be written only once. */
  private final IdentityHashMap<TinyModel, Path> files = new IdentityHashMap<>();

  private Path file(TinyModel model) {
    return files.computeIfAbsent(model, unwritten -> unwritten.write(folder));
  }

  private QualityReport compare(
      TinyModel candidate,
      TinyModel reference,
      Consumer<ModelComparison.Builder> options,
      long[]... sequences) {
    try (var first = OnnxModel.load(file(candidate));
        var second = OnnxModel.load(file(reference))) {
      var builder = ModelComparison.builder(first, second);
      options.accept(builder);
      return builder.build().compare(sequences);
    }
  }

  private QualityReport compare(TinyModel candidate, TinyModel reference, long[]... sequences) {
    return compare(candidate, reference, builder -> {}, sequences);
  }

  private void assertRefused(
      String phrase, TinyModel candidate, TinyModel reference, long[]... sequences) {
    var e = assertThrows(InferenceException.class, () -> compare(candidate, reference, sequences));
    assertTrue(e.getMessage().contains(phrase), e.getMessage());
  }

  static Stream<List<TinyModel>> pairs() {
    return Stream.of(
        List.of(TinyModels.statelessTable(CANDIDATE), TinyModels.statelessTable(REFERENCE)),
        List.of(TinyModels.statefulTable(CANDIDATE), TinyModels.statelessTable(REFERENCE)),
        List.of(TinyModels.statelessTable(CANDIDATE), TinyModels.statefulTable(REFERENCE)),
        List.of(TinyModels.statefulTable(CANDIDATE), TinyModels.statefulTable(REFERENCE)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void theFiguresOfTwoTokensAreThoseComputedByHand(List<TinyModel> pair) {
    // Sums 0, 0, 1, 1, 0 at the positions; predicted are 0, 1, 0, 1, 1.
    var report = compare(pair.get(0), pair.get(1), new long[] {0, 0, 1, 0, 1, 1});
    assertEquals(5, report.positions());
    assertEquals(3 * EVEN / 5, report.divergence().mean(), 1e-7);
    assertEquals(EVEN, report.divergence().median(), 1e-7);
    assertEquals(EVEN, report.divergence().largest(), 1e-7);
    assertEquals(1, report.top1());
    var perplexity = report.perplexity();
    assertNotNull(perplexity);
    // Probabilities of the reference: 1/2, 1/2, 1/4, 3/4, 1/2; of the candidate: 3/4, 1/4, 1/4, ...
    assertEquals(Math.pow(2 * 2 * 4 * 4 / 3.0 * 2, 0.2), perplexity.reference(), 1e-6);
    assertEquals(Math.pow(4 / 3.0 * 4 * 4 * 4 / 3.0 * 4, 0.2), perplexity.candidate(), 1e-6);
    double[] differences = {Math.log(2 / 3.0), Math.log(2), 0, 0, Math.log(2)};
    double mean = Stream.of(0, 1, 2, 3, 4).mapToDouble(i -> differences[i]).sum() / 5;
    double squares = 0;
    for (double difference : differences) {
      squares += (difference - mean) * (difference - mean);
    }
    assertEquals(Math.exp(mean), perplexity.ratio(), 1e-6);
    assertEquals(Math.exp(mean) * Math.sqrt(squares / 4 / 5), perplexity.error(), 1e-6);
  }

  @Test
  void aModelComparedWithItselfDiffersInNothing() {
    var model = TinyModels.stateless();
    var report = compare(model, model, new long[] {1, 5, 3, 9}, new long[] {2, 2});
    assertEquals(0, report.divergence().largest());
    assertEquals(1, report.top1());
    assertEquals(1, report.perplexity().ratio());
    assertEquals(0, report.perplexity().error());
    assertEquals(4, report.positions());
    assertEquals(2, report.sequences());
  }

  @Test
  void aLongSequenceIsCutIntoWindowsWithoutAPast() {
    long[] tokens = {1, 0, 1, 0, 1};
    // Windows {1, 0} and {1, 0}: all sums are odd.
    var report =
        compare(
            TinyModels.statefulTable(CANDIDATE),
            TinyModels.statelessTable(REFERENCE),
            builder -> builder.context(2),
            tokens);
    assertEquals(0, report.divergence().largest(), 1e-7);
    assertEquals(
        List.of(new PositionRange(0, 0, 0, 0), new PositionRange(1, 1, 0, 0)), report.profile());
    report =
        compare(
            TinyModels.statelessTable(CANDIDATE),
            TinyModels.statelessTable(REFERENCE),
            builder -> builder.context(3),
            tokens);
    assertEquals(EVEN / 2, report.divergence().mean(), 1e-7); // sums 1, 1, 2 and 0
  }

  @Test
  void theContextIsLimitedByTheModels() {
    var limited = TinyModels.stateless().metadata(MetadataKey.MAX_LENGTH, "2");
    var report = compare(TinyModels.stateless(), limited, new long[] {1, 2, 3, 4, 5, 6});
    assertEquals(2, report.context());
    var e =
        assertThrows(
            InferenceException.class,
            () ->
                compare(
                    TinyModels.stateless(), limited, b -> b.context(3), new long[] {1, 2, 3, 4}));
    assertTrue(e.getMessage().endsWith("allows 1 to 2"), e.getMessage());
  }

  static Stream<TinyModel> forms() {
    return Stream.of(
        TinyModels.stateless(),
        TinyModels.stateful(),
        TinyModels.growing(),
        TinyModels.withStart(),
        TinyModels.unknownVocabulary(),
        TinyModels.ofTwoRows(),
        TinyModels.stateful().metadata(MetadataKey.SEGMENT_LENGTH, "3"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormOfAModelHasTheSameFigures(TinyModel form) {
    var tokens = new Random(3).longs(41, 0, TinyModels.V).toArray();
    var report = compare(form, TinyModels.stateless(), b -> b.context(20), tokens);
    assertEquals(0, report.divergence().largest(), 1e-12);
    assertEquals(40, report.positions());
    report = compare(TinyModels.stateless(), form, b -> b.context(20), tokens);
    assertEquals(0, report.divergence().largest(), 1e-12);
  }

  /** The logits of a position are the sum of the tokens of its whole row. */
  private static TinyModel encoder(float first) {
    return new TinyModel()
        .input("tokens", ElementType.INT64, "batch", "n")
        .longs("axes", 1)
        .longs("two", 2)
        .floats("slope", first, 0)
        .node("ReduceSum", List.of("tokens", "axes"), "sum")
        .node("Sub", List.of("tokens", "tokens"), "zeros")
        .node("Add", List.of("zeros", "sum"), "sums")
        .cast("sums", "values", ElementType.FLOAT32)
        .node("Unsqueeze", List.of("values", "two"), "column")
        .node("Mul", List.of("column", "slope"), "logits")
        .output("logits", ElementType.FLOAT32, "batch", "n", 2);
  }

  @Test
  void aModelThatIsNotCausalHasNoPerplexity() {
    var report = compare(encoder(0.25f), encoder(0.5f), new long[] {1, 0, 1, 1, 0, 1});
    assertNull(report.perplexity());
    assertEquals(6, report.positions());
    assertEquals(1, report.top1());
    assertTrue(report.divergence().mean() > 0);
  }

  @Test
  void aCandidateWithoutNumbersIsInfinitelyFar() {
    float[][] broken = {{Float.NaN, 0}, {0, LN3}};
    var report =
        compare(
            TinyModels.statefulTable(broken),
            TinyModels.statelessTable(REFERENCE),
            new long[] {0, 1, 0});
    assertEquals(Double.POSITIVE_INFINITY, report.divergence().mean());
    assertEquals(0.5, report.top1());
    assertTrue(Double.isNaN(report.perplexity().ratio()));
    assertEquals(1, report.distribution().get(report.distribution().size() - 1).count());
  }

  @Test
  void aReferenceWithoutNumbersIsRefused() {
    float[][] broken = {{0, 0}, {Float.NaN, 0}};
    var e =
        assertThrows(
            RunException.class,
            () ->
                compare(
                    TinyModels.statefulTable(CANDIDATE),
                    TinyModels.statelessTable(broken),
                    new long[] {0, 0},
                    new long[] {0, 1, 0}));
    assertTrue(e.getMessage().contains("logits at position 1 of sequence 1"), e.getMessage());
  }

  @Test
  void modelsOfDifferentVocabulariesAreRefused() {
    assertRefused(
        "models of one vocabulary",
        TinyModels.stateless(),
        TinyModels.statelessTable(REFERENCE),
        new long[] {0, 1});
    assertRefused(
        "models of one vocabulary",
        TinyModels.unknownVocabulary(),
        TinyModels.statelessTable(REFERENCE),
        new long[] {0, 1});
  }

  @Test
  void modelsThatCannotBeComparedAreRefused() {
    var tokens = new long[] {0, 1};
    var usual = TinyModels.stateless();
    var vectors =
        new TinyModel()
            .input("x", ElementType.FLOAT32, "b", "n", 2)
            .node("Neg", List.of("x"), "out")
            .output("out", ElementType.FLOAT32, "b", "n", 2);
    assertRefused("it has no logits", vectors, usual, tokens);
    assertRefused("the logits of the last position only", TinyModels.last(), usual, tokens);
    var conditioned =
        TinyModels.stateless().input("condition", ElementType.FLOAT32, "batch", "m", 2);
    assertRefused("inputs besides tokens", conditioned, usual, tokens);
    assertRefused("condition float32[batch, m, 2]", usual, conditioned, tokens);
  }

  @Test
  void sequencesThatCannotBeComparedAreRefused() {
    var model = TinyModels.stateless();
    assertRefused("there are no tokens", model, model);
    assertRefused("sequence 1 has no token", model, model, new long[] {1, 2}, new long[0]);
    assertRefused("sequence 0 has 1 token;", model, model, new long[] {1});
    var e = assertThrows(TokenException.class, () -> compare(model, model, new long[] {1, 11, 2}));
    assertEquals(
        "token 11 at position 1 of sequence 0 is not in the vocabulary: 0 to 10", e.getMessage());
    assertThrows(TokenException.class, () -> compare(model, model, new long[] {1, -1}));
  }

  @Test
  void aTokenWithoutLogitsCannotBePredicted() {
    var wide = TinyModels.stateless().metadata("transonnx.num_tokens.tokens", "20");
    assertEquals(1, compare(wide, wide, new long[] {15, 3}).positions());
    assertThrows(TokenException.class, () -> compare(wide, wide, new long[] {3, 15}));
  }

  @Test
  void aComparisonEndsAtItsDeadline() {
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder))) {
      var comparison = ModelComparison.builder(model, model).build();
      long[][] tokens = {{1, 2}};
      var late = Cancellation.after(Duration.ZERO);
      assertThrows(DeadlineException.class, () -> comparison.compare(tokens, late));
    }
  }

  @Test
  void progressIsTheNumberOfComparedPositions() {
    var seen = new ArrayList<Long>();
    compare(
        TinyModels.stateless(),
        TinyModels.stateless(),
        builder -> builder.context(3).progress(seen::add),
        new long[] {1, 2, 3, 4, 5});
    assertEquals(List.of(3L, 4L), seen);
  }
}
