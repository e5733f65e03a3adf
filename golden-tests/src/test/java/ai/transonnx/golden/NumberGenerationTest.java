package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.verification.CaseFolder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tokens that stand for numbers, compared with {@code generate} of {@code
 * XValAutoregressiveWrapper} of x-transformers 2.26.4, which was recorded in float64 with a filter
 * that keeps the best token. The generation is longer than the context window.
 */
class NumberGenerationTest {
  private static final int NUMBER = 3;

  @TempDir private Path scratch;

  private static JsonNode recorded() throws IOException {
    return new ObjectMapper().readTree(Path.of("generation", "numbers.json").toFile()).get(0);
  }

  private OnnxModel model(GraphRequest.Builder request) throws IOException {
    var file = scratch.resolve("model.onnx");
    CaseFolder.read(Path.of("releases", "2.26.4", recorded().get("case").textValue()))
        .export(request.build(), file);
    return OnnxModel.load(file);
  }

  private static List<JsonNode> rows(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).toList();
  }

  private static long[] longs(JsonNode row) {
    return rows(row).stream().mapToLong(JsonNode::longValue).toArray();
  }

  /** The numbers of a row; NaN for null. */
  private static double[] doubles(JsonNode row) {
    return rows(row).stream()
        .mapToDouble(value -> value.isNull() ? Double.NaN : value.doubleValue())
        .toArray();
  }

  private static GenerationRequest.Builder request(GenerationOptions options) throws IOException {
    var prompts = rows(recorded().get("tokens")).stream();
    var numbers = rows(recorded().get("numbers")).stream();
    return GenerationRequest.builder(
            prompts.map(NumberGenerationTest::longs).toArray(long[][]::new), options)
        .numbers(numbers.map(NumberGenerationTest::doubles).toArray(double[][]::new));
  }

  private static void assertRecorded(Generation generation, double tolerance) throws IOException {
    for (int row = 0; row < generation.rows(); row++) {
      assertArrayEquals(longs(recorded().get("generated").get(row)), generation.tokens(row));
      assertArrayEquals(
          doubles(recorded().get("generated_numbers").get(row)),
          generation.numbers(row),
          tolerance);
    }
  }

  private void assertGenerates(GraphRequest.Builder graph, double tolerance) throws IOException {
    int length = recorded().at("/generated/0").size();
    var options = GenerationOptions.builder(length).greedy().build();
    try (var model = model(graph)) {
      assertRecorded(Generator.of(model).generate(request(options).build()), tolerance);
    }
  }

  @Test
  void tokensAndNumbersAreThoseOfTheLibrary() throws IOException {
    assertGenerates(GraphRequest.builder(), 1e-5);
  }

  @Test
  void stateDoesNotChangeThem() throws IOException {
    assertGenerates(GraphRequest.builder().incremental(true).lastLogits(true), 1e-5);
  }

  @Test
  void numbersOfAModelInFloat64AreNotRounded() throws IOException {
    var wide = EmitOptions.STANDARD.withPrecision(Precision.FLOAT64);
    assertGenerates(GraphRequest.builder().incremental(true).emit(wide), 2e-7);
  }

  @Test
  void rowsOfOtherLengthsAndStopTokensContinueAsAlone() throws IOException {
    var options = GenerationOptions.builder(6).greedy().stopTokens(Set.of(13L)).build();
    long[][] prompts = {{12, NUMBER}, {12, 0, NUMBER, 20}};
    double[][] numbers = {{0, -2.5}, {0, 0, 1.5, 0}};
    var received = new ArrayList<Double>();
    TokenListener listener =
        new TokenListener() {
          @Override
          public void onToken(int row, long token) {}

          @Override
          public void onNumber(int row, double number) {
            received.add(number);
          }
        };
    try (var model = model(GraphRequest.builder().incremental(true))) {
      var generator = Generator.of(model);
      var all =
          generator.generate(
              GenerationRequest.builder(prompts, options)
                  .numbers(numbers)
                  .listener(listener)
                  .build());
      var expected = new ArrayList<Double>();
      for (int row = 0; row < prompts.length; row++) {
        var alone =
            generator.generate(
                GenerationRequest.builder(new long[][] {prompts[row]}, options)
                    .numbers(new double[][] {numbers[row]})
                    .build());
        assertArrayEquals(alone.tokens(0), all.tokens(row));
        assertArrayEquals(alone.numbers(0), all.numbers(row), 1e-5);
        Arrays.stream(all.numbers(row)).filter(Double::isFinite).forEach(expected::add);
      }
      expected.sort(null);
      received.sort(null);
      assertEquals(expected, received);
    }
  }

  @Test
  void aNumberTokenWithoutItsNumberIsRefused() throws IOException {
    var options = GenerationOptions.builder(2).greedy().build();
    try (var model = model(GraphRequest.builder())) {
      var generator = Generator.of(model);
      assertEquals(2, generator.generate(new long[] {5, 6}, options).tokens(0).length);
      var refusal =
          assertThrows(
              RequestException.class, () -> generator.generate(new long[] {5, NUMBER}, options));
      assertTrue(refusal.getMessage().contains("position 1 of row 0"), refusal::getMessage);
      var beams = GenerationOptions.builder(2).greedy().beams(2).build();
      assertThrows(RequestException.class, () -> generator.generate(request(beams).build()));
    }
  }

  @Test
  void numbersOfAnotherModelOrCountAreRefused() throws IOException {
    var options = GenerationOptions.builder(2).greedy().build();
    var request = GenerationRequest.builder(new long[][] {{5, 6}}, options);
    assertThrows(RequestException.class, () -> request.numbers(new double[][] {{1}}).build());
    var file = scratch.resolve("other.onnx");
    CaseFolder.read(Path.of("cases", "x-transformers", "decoder"))
        .export(GraphRequest.main(), file);
    try (var model = OnnxModel.load(file)) {
      var refusal =
          assertThrows(
              RequestException.class,
              () -> Generator.of(model).generate(request.numbers(new double[][] {{1, 2}}).build()));
      assertTrue(refusal.getMessage().contains("no number token"), refusal::getMessage);
    }
  }
}
