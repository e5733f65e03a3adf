package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Library;
import ai.transonnx.graph.CacheType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Compares KV caches of float32 and of smaller types in the decoder of {@link DecodingSpeed}:
 * {@code CacheSpeed CONTEXT float32|int8|int4 portable|onnxruntime ROUNDS MODELS}. Each round feeds
 * a prompt of CONTEXT tokens, in chunks of at most 1,000, and then single tokens, to one model
 * after the other in groups. Prints the median and the best times, and in brackets both as a share
 * of those with a float32 cache.
 *
 * <p>MODELS is a folder in which exported models are kept; delete it after a change of the graphs.
 */
public final class CacheSpeed {
  private static final int THREADS = 2;
  private static final int GROUPS = 12;
  private static final int STEPS = 10;
  private static final int WARM_UP = 3;
  private static final int VOCABULARY = 20_000;
  private static final int CHUNK = 1000;
  private static final int LONGEST = 8192;

  private static final String CONFIG =
      """
      {"class": "TransformerWrapper", "num_tokens": %s, "max_seq_len": %s,
       "attn_layers": {"class": "Decoder", "dim": 512, "depth": 12, "heads": 8}}
      """;

  private CacheSpeed() {}

  /** Measures one context length. */
  public static void main(String[] args) {
    int context = Integer.parseInt(args[0]);
    var wide = emit(args[1], Target.of(args[2]));
    int rounds = Integer.parseInt(args[3]);
    var folder = Path.of(args[4]);
    var name = "%s-%s".formatted(args[1], args[2]);
    var prompt = new Random(7).longs(context, 0, VOCABULARY).toArray();
    var candidates = new ArrayList<Candidate>();
    try {
      candidates.add(Candidate.of("float32", wide, folder.resolve(name + ".onnx")));
      for (var type : CacheType.values()) {
        var file = folder.resolve("%s-%s.onnx".formatted(name, type));
        candidates.add(Candidate.of(type.toString(), wide.withCacheType(type), file));
      }
      for (int round = 0; round < rounds; round++) {
        candidates.forEach(candidate -> candidate.start(prompt));
        for (int group = 0; group < GROUPS; group++) {
          candidates.forEach(Candidate::step);
        }
        candidates.forEach(Candidate::end);
      }
      candidates.forEach(candidate -> candidate.print(candidates.get(0)));
    } finally {
      candidates.forEach(candidate -> candidate.model.close());
    }
  }

  private static EmitOptions emit(String weights, Target target) {
    var emit = EmitOptions.STANDARD.withTarget(target);
    return weights.equals("float32")
        ? emit
        : emit.withQuantization(Quantization.of(QuantizedType.of(weights)));
  }

  /** One type of cache. */
  private static final class Candidate {
    private final String name;
    private final OnnxModel model;
    private final List<Double> prompts = new ArrayList<>();
    private final List<Double> steps = new ArrayList<>();
    private TokenLoop loop;

    private Candidate(String name, OnnxModel model) {
      this.name = name;
      this.model = model;
      this.loop = TokenLoop.of(model);
    }

    static Candidate of(String name, EmitOptions emit, Path file) {
      if (Files.notExists(file)) {
        var config = CONFIG.formatted(VOCABULARY, LONGEST);
        Models.exportDecoder(Library.X_TRANSFORMERS, config, emit, file);
      }
      return new Candidate(name, OnnxModel.load(file, Models.options(THREADS)));
    }

    void start(long[] prompt) {
      loop.close();
      loop = TokenLoop.of(model);
      prompts.add(
          milliseconds(
              () -> {
                for (int i = 0; i < prompt.length; i += CHUNK) {
                  loop.feed(Arrays.copyOfRange(prompt, i, Math.min(i + CHUNK, prompt.length)));
                }
              }));
    }

    void step() {
      for (int i = -WARM_UP; i < STEPS; i++) {
        double time = milliseconds(() -> loop.feed(1));
        if (i >= 0) {
          steps.add(time);
        }
      }
    }

    void end() {
      loop.close();
    }

    void print(Candidate wide) {
      System.out.printf(
          "%s: prompt %.1f ms, best %.1f (%.3f, %.3f); token %.2f ms, best %.2f (%.3f, %.3f)%n",
          name,
          median(prompts),
          best(prompts),
          median(prompts) / median(wide.prompts),
          best(prompts) / best(wide.prompts),
          median(steps),
          best(steps),
          median(steps) / median(wide.steps),
          best(steps) / best(wide.steps));
    }

    private static double milliseconds(Runnable run) {
      long start = System.nanoTime();
      run.run();
      return (System.nanoTime() - start) / 1e6;
    }

    private static double best(List<Double> values) {
      return values.stream().mapToDouble(value -> value).min().orElseThrow();
    }

    private static double median(List<Double> values) {
      return values.stream().sorted().toList().get(values.size() / 2);
    }
  }
}
