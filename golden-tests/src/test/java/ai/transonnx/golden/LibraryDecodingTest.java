package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.Beam;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import ai.transonnx.verification.CaseFolder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Results of {@code AutoregressiveWrapper} of x-transformers 2.26.4, recorded with the logits of
 * golden cases: {@code beam_search} with {@code cache_kv=False}, and {@code generate} with an
 * {@code amateur_model}.
 */
class LibraryDecodingTest {
  @TempDir private Path scratch;

  private static JsonNode recorded(String name) throws IOException {
    return new ObjectMapper().readTree(Path.of("generation", name).toFile());
  }

  private OnnxModel model(String name) {
    var file = scratch.resolve(name + ".onnx");
    CaseFolder.read(Path.of("cases", "x-transformers", name))
        .export(GraphRequest.builder().incremental(true).build(), file);
    return OnnxModel.load(file);
  }

  private static long[] longs(JsonNode list) {
    var values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).longValue();
    }
    return values;
  }

  @Test
  void beamSearchesKeepTheSameBeamsWithTheSameScores() throws IOException {
    for (var search : recorded("beam-search.json")) {
      try (var model = model(search.get("case").textValue())) {
        var prompts = new long[search.get("prompts").size()][];
        for (int row = 0; row < prompts.length; row++) {
          prompts[row] = longs(search.get("prompts").get(row));
        }
        int length = search.at("/tokens/0/0").size();
        int beams = search.get("beams").intValue();
        var options = GenerationOptions.builder(length).greedy().beams(beams).build();
        var generation = Generator.of(model).generate(prompts, options);
        for (int row = 0; row < prompts.length; row++) {
          assertBeams(search, row, beams, generation.beams(row));
        }
      }
    }
  }

  private static void assertBeams(JsonNode search, int row, int count, List<Beam> beams) {
    assertEquals(count, beams.size());
    for (int i = 0; i < count; i++) {
      assertArrayEquals(longs(search.get("tokens").get(row).get(i)), beams.get(i).tokens());
      assertEquals(search.get("scores").get(row).get(i).doubleValue(), beams.get(i).score(), 1e-4);
    }
  }

  @Test
  void contrastiveDecodingSelectsTheSameTokens() throws IOException {
    for (var run : recorded("contrastive-decoding.json")) {
      try (var expert = model(run.get("expert").textValue());
          var amateur = model(run.get("amateur").textValue())) {
        var contrast =
            new ContrastiveDecoding(run.get("alpha").doubleValue(), run.get("beta").doubleValue());
        var expected = longs(run.get("tokens"));
        var options = GenerationOptions.builder(expected.length).greedy().build();
        var request =
            GenerationRequest.builder(new long[][] {longs(run.get("prompt"))}, options)
                .amateur(amateur, contrast)
                .build();
        assertArrayEquals(expected, Generator.of(expert).generate(request).tokens(0));
      }
    }
  }
}
