package ai.transonnx.runtime.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.sampling.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A request's result is that of a generator, whoever else is there. */
@Timeout(60)
final class GenerationSchedulerTest {
  @TempDir private Path folder;

  private static TinyModel ragged(TinyModel tiny) {
    return tiny.metadata(MetadataKey.RAGGED, "true");
  }

  /** Models whose rows share steps, and others. */
  static Stream<TinyModel> models() {
    return Stream.of(
        ragged(TinyModels.stateful()),
        ragged(TinyModels.stateful()).metadata(MetadataKey.MAX_LENGTH, "9"),
        TinyModels.stateful(),
        TinyModels.stateless(),
        TinyModels.stateless().metadata(MetadataKey.MAX_LENGTH, "9"),
        TinyModels.withStart(),
        TinyModels.unknownVocabulary(),
        ragged(TinyModels.growing()));
  }

  /** Requests of different lengths, selections and ends. */
  private static List<GenerationRequest> requests(Random random, int count) {
    var requests = new ArrayList<GenerationRequest>();
    for (int i = 0; i < count; i++) {
      long[] prompt = random.longs(1 + random.nextInt(20), 0, TinyModels.V).toArray();
      var options = GenerationOptions.builder(random.nextInt(25));
      if (random.nextBoolean()) {
        options.greedy();
      } else {
        options.selector(
            Sampling.builder().topK(1 + random.nextInt(4)).temperature(2).seed(i).build());
      }
      if (random.nextBoolean()) {
        options.stopTokens(Set.of((long) random.nextInt(TinyModels.V)));
      }
      requests.add(GenerationRequest.builder(new long[][] {prompt}, options.build()).build());
    }
    return requests;
  }

  private static void assertSame(Generation expected, Generation actual) {
    assertEquals(expected.toString(), actual.toString());
  }

  @ParameterizedTest
  @MethodSource("models")
  void resultsAreThoseOfAGenerator(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      for (int seed = 0; seed < 3; seed++) {
        var requests = requests(new Random(seed), 16);
        var expected = requests.stream().map(Generator.of(model)::generate).toList();
        var order = new ArrayList<Integer>();
        for (int i = 0; i < requests.size(); i++) {
          order.add(i);
        }
        Collections.shuffle(order, new Random(seed));
        var options =
            SchedulerOptions.builder().maxRows(1 + 4 * seed).prefillChunk(1 + 8 * seed).build();
        try (var scheduler = GenerationScheduler.of(model, options)) {
          var tasks = new GenerationTask[requests.size()];
          order.parallelStream()
              .forEach(index -> tasks[index] = scheduler.submit(requests.get(index)));
          for (int i = 0; i < tasks.length; i++) {
            assertSame(expected.get(i), tasks[i].join());
          }
        }
      }
    }
  }
}
