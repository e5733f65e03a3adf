package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.calibration.Calibration;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.StoredTensors;
import ai.transonnx.verification.TokenCalibration;
import ai.transonnx.verification.internal.calibration.TokenMoments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Quantization that is calibrated with the inputs of a model's matrices. */
class CalibrationTest {
  private static final Path TRAINED = Path.of("trained");
  private static final Path CASES = Path.of("cases");
  private static final int VOCABULARY = 128;

  @TempDir private Path folder = Path.of("");

  private static GraphRequest logits(EmitOptions emit) {
    return GraphRequest.builder().outputs(List.of("logits")).emit(emit).build();
  }

  private static EmitOptions int4(int block) {
    return EmitOptions.STANDARD.withQuantization(
        Quantization.of(QuantizedType.INT4).withBlock(block));
  }

  private Path exported(CaseFolder golden, GraphRequest request, Calibration calibration) {
    var output = folder.resolve("calibrated.onnx");
    Exporter.export(
        ExportRequest.builder(golden.architecture(), golden.weights(), output)
            .graph(request)
            .calibration(calibration)
            .build());
    return output;
  }

  private static long[][] random(int rows, int length, int tokens) {
    return IntStream.range(0, rows)
        .mapToObj(row -> new Random(row).longs(length, 0, tokens).toArray())
        .toArray(long[][]::new);
  }

  /** The held-out text is divided: a quarter measures, the rest calibrates. */
  @ParameterizedTest
  @ValueSource(strings = {"x-transformers/bible", "block-recurrent-transformer-pytorch/bible"})
  void theDivergenceOfATrainedModelIsLess(String name) {
    var golden = CaseFolder.read(TRAINED.resolve(name));
    var tokens = heldOut(golden);
    int rows = (int) tokens.shape()[0];
    int length = (int) tokens.shape()[1];
    var text = tokens.longs();
    var measured = Tensor.ofLongs(Arrays.copyOf(text, rows / 4 * length), rows / 4, length);
    var calibrating =
        IntStream.range(rows / 4, rows)
            .mapToObj(row -> Arrays.copyOfRange(text, row * length, (row + 1) * length))
            .toArray(long[][]::new);
    var plain = folder.resolve("plain.onnx");
    golden.export(logits(EmitOptions.STANDARD), plain);
    var nearest = folder.resolve("nearest.onnx");
    golden.export(logits(int4(32)), nearest);
    var calibrated = exported(golden, logits(int4(32)), TokenCalibration.ofTokens(calibrating));
    var expected = run(plain, measured);
    double error = divergence(expected, run(calibrated, measured));
    double before = divergence(expected, run(nearest, measured));
    assertTrue(error < 0.8 * before, error + " " + before);
  }

  private static Tensor heldOut(CaseFolder golden) {
    try (var stored = StoredTensors.open(golden.tensors())) {
      return stored.tensor("0/in/tokens");
    }
  }

  private static float[] run(Path model, Tensor tokens) {
    try (var loaded = OnnxModel.load(model, ModelOptions.builder().threads(1).build())) {
      return loaded.run(Map.of("tokens", tokens)).get("logits").floats();
    }
  }

  /** The mean Kullback-Leibler divergence of the predictions. */
  private static double divergence(float[] expected, float[] actual) {
    double sum = 0;
    for (int at = 0; at < expected.length; at += VOCABULARY) {
      double shift = logSum(expected, at) - logSum(actual, at);
      for (int i = at; i < at + VOCABULARY; i++) {
        double share = Math.exp(expected[i] - logSum(expected, at));
        sum += share * (expected[i] - actual[i] - shift);
      }
    }
    int positions = expected.length / VOCABULARY;
    return sum / positions;
  }

  private static double logSum(float[] logits, int at) {
    double sum = 0;
    for (int i = at; i < at + VOCABULARY; i++) {
      sum += Math.exp(logits[i]);
    }
    return Math.log(sum);
  }

  /** Vectors have length 1 when they are added up: the trace counts them. */
  @ParameterizedTest
  @CsvSource({
    "block-recurrent-transformer-pytorch/base, false",
    "block-recurrent-transformer-pytorch/base, true",
    "x-transformers/palm-like, false",
    "x-transformers/palm-like, true",
    "token-shift-gpt/base, true",
    "FLASH-pytorch/transformer-causal, false"
  })
  void eachVectorCountsOnce(String name, boolean incremental) {
    var golden = CaseFolder.read(CASES.resolve(name));
    var model = folder.resolve("plain.onnx");
    golden.export(GraphRequest.builder().incremental(incremental).build(), model);
    try (var moments = TokenMoments.of(model, List.of(random(3, 8, 16)))) {
      int found = 0;
      for (var initializer : OnnxSummary.read(model).graph().initializers()) {
        var shape = initializer.shape();
        for (int axis = 0; axis < (shape.size() == 2 ? 2 : 0); axis++) {
          int width = shape.get(axis).intValue();
          var known = moments.of(initializer.name(), width);
          if (known.isPresent()) {
            found++;
            double trace = trace(known.get(), width);
            assertEquals(Math.rint(trace), trace, 1e-3, initializer.name());
            assertTrue(trace > 0.5, initializer.name());
            break;
          }
        }
      }
      assertTrue(found > 0);
    }
  }

  private static double trace(double[] moments, int width) {
    double trace = 0;
    for (int i = 0; i < width; i++) {
      trace += moments[i * width + i];
    }
    return trace;
  }

  @Test
  void theSameTextGivesTheSameBytes() throws IOException {
    var golden = CaseFolder.read(CASES.resolve("token-shift-gpt/base"));
    var calibration = TokenCalibration.ofTokens(random(4, 16, 8));
    var request = GraphRequest.builder().incremental(true).emit(int4(16)).build();
    var first = Files.readAllBytes(exported(golden, request, calibration));
    assertArrayEquals(first, Files.readAllBytes(exported(golden, request, calibration)));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void tokensOutsideOfTheVocabularyAreRefused() {
    var golden = CaseFolder.read(CASES.resolve("token-shift-gpt/base"));
    assertRefused(golden, GraphRequest.main(), "token 999999", 999_999);
    assertRefused(golden, GraphRequest.main(), "token -1", -1);
    assertRefused(golden, GraphRequest.main(), "too few tokens");
    assertRefused(golden, GraphRequest.builder().length(5).build(), "a sequence of 5", 1, 2, 3, 4);
  }

  @Test
  void modelsOfVectorsCannotBeCalibratedWithTokens() {
    var golden = CaseFolder.read(CASES.resolve("FLASH-pytorch/flash-causal"));
    assertRefused(golden, GraphRequest.main(), "also has the input x", 1, 2);
  }

  private void assertRefused(
      CaseFolder golden, GraphRequest request, String message, long... tokens) {
    var quantized = request.toBuilder().emit(int4(16)).build();
    var calibration = TokenCalibration.ofTokens(tokens);
    var thrown = assertThrows(InputException.class, () -> exported(golden, quantized, calibration));
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    assertTrue(Files.notExists(folder.resolve("calibrated.onnx")));
  }
}
