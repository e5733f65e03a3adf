package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Model;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.xtransformers.Release;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Compares a decode step at 1,000 tokens of context with its limit: {@code DecodingSpeed
 * decoder|grouped|token-shift|flash [TOKENS]}. The model {@code grouped} is a decoder of
 * x-transformers 2.26.4 with the size of {@code decoder}, rotary embeddings, two key heads, RMSNorm
 * and gated feedforward layers.
 *
 * <p>A decode step must read all weights except the embeddings, of which it needs one row, and the
 * KV cache or other state. The limit is the time of reading as many bytes at the machine's
 * bandwidth. Groups of decode steps and groups of reads alternate, so that each has the CPU caches
 * for itself and ONNX Runtime's busily waiting threads are at rest during reads. Matrix products of
 * one row over as many bytes, measured in the same rounds, show the speed that ONNX Runtime can
 * reach at most. Full recomputation with the same model is measured separately.
 */
public final class DecodingSpeed {
  private static final int CONTEXT = 1000;
  private static final int FEATURES = 512;
  private static final int THREADS = 2;
  private static final int ROUNDS = 5;
  private static final int WARM_UP = 4;
  private static final List<String> TABLES = List.of("token_emb.", "pos_emb.");

  /**
   * A model to measure.
   *
   * @param kept the number of bytes of the KV cache or other state that a decode step reads
   */
  private record Subject(Architecture architecture, int vocabulary, long kept) {}

  private DecodingSpeed() {}

  /** Measures one model. */
  public static void main(String[] args) {
    var subject = subject(args.length > 0 ? args[0] : "decoder");
    int tokens = args.length > 1 ? Integer.parseInt(args[1]) : 60;
    var request = GraphRequest.builder().lastLogits(true).build();
    var model = subject.architecture.build(request.toBuilder().incremental(true).build());
    long bytes = weights(model) + subject.kept;
    var options = ModelOptions.builder().threads(THREADS).build();
    var prompt = new Random(7).longs(CONTEXT, 0, subject.vocabulary).toArray();
    double step;
    try (var loaded = OnnxModel.load(Models.export(model), options);
        var loop = TokenLoop.of(loaded);
        var products = MatrixProducts.ofOneRow(options, FEATURES, bytes)) {
      double first = milliseconds(() -> loop.feed(prompt));
      var bandwidth = new ReadBandwidth(bytes, THREADS);
      var steps = new ArrayList<Double>();
      var reads = new ArrayList<Double>();
      var productRuns = new ArrayList<Double>();
      for (int i = 0; i < ROUNDS; i++) {
        measure(steps, tokens / ROUNDS, () -> loop.feed(1));
        measure(reads, tokens / ROUNDS, bandwidth::run);
        measure(productRuns, tokens / ROUNDS, products::run);
      }
      step = median(steps);
      double scale = (double) bytes / bandwidth.bytes();
      double read = median(reads) * scale;
      double bestStep = Collections.min(steps);
      double bestRead = Collections.min(reads) * scale;
      double product = median(productRuns) * bytes / products.bytes();
      System.out.printf("prompt of %d tokens: %.0f ms%n", CONTEXT, first);
      System.out.printf("state: %.1f MB read by a step%n", subject.kept / 1e6);
      System.out.printf(
          "token: %.2f ms, %.1f a second (best %.2f ms)%n", step, 1000 / step, bestStep);
      System.out.printf(
          "limit: %.2f ms for %.0f MB at %.1f GB/s (best %.2f ms); %.2f of it reached, %.2f by the"
              + " best times%n",
          read, bytes / 1e6, bytes / read / 1e6, bestRead, read / step, bestRead / bestStep);
      System.out.printf(
          "the runtime's products of one row alone: %.2f ms, %.2f of the limit%n",
          product, read / product);
    }
    double full = full(subject, request, prompt, options);
    System.out.printf("full recomputation: %.0f ms; %.0f times as long%n", full, full / step);
  }

  private static double full(
      Subject subject, GraphRequest request, long[] prompt, ModelOptions options) {
    var file = Models.export(subject.architecture, request);
    try (var loaded = OnnxModel.load(file, options);
        var loop = TokenLoop.of(loaded)) {
      loop.feed(prompt);
      var times = new ArrayList<Double>();
      measure(times, 3, () -> loop.feed(1));
      return median(times);
    }
  }

  private static Subject subject(String name) {
    return switch (name) {
      case "decoder" ->
          new Subject(
              read(
                  Library.X_TRANSFORMERS,
                  """
                  {"class": "TransformerWrapper", "num_tokens": 20000, "max_seq_len": 2048,
                   "attn_layers": {"class": "Decoder", "dim": 512, "depth": 12, "heads": 8}}
                  """),
              20_000,
              12L * 2 * 512 * CONTEXT * Float.BYTES);
      case "grouped" ->
          new Subject(
              read(
                  Release.of("2.26.4").library(),
                  """
                  {"class": "TransformerWrapper", "num_tokens": 20000, "max_seq_len": 2048,
                   "attn_layers": {"class": "Decoder", "dim": 512, "depth": 12, "heads": 8,
                    "attn_kv_heads": 2, "rotary_pos_emb": true, "use_rmsnorm": true, "ff_glu": true}}
                  """),
              20_000,
              12L * 2 * 128 * CONTEXT * Float.BYTES);
      case "token-shift" ->
          new Subject(
              read(
                  Library.TOKEN_SHIFT_GPT,
                  """
                  {"class": "TokenShiftGPT", "num_tokens": 256, "dim": 512, "max_seq_len": 2048,
                   "depth": 12, "ff_mult": 8, "use_discounted_cumsum": true}
                  """),
              256,
              0);
      case "flash" ->
          new Subject(
              read(
                  Library.FLASH,
                  """
                  {"class": "FLASHTransformer", "num_tokens": 20000, "dim": 512, "depth": 12,
                   "causal": true}
                  """),
              20_000,
              flashState(12, 128, 1024, CONTEXT % 256));
      default ->
          throw new IllegalArgumentException(
              "expected decoder, grouped, token-shift or flash, not " + name);
    };
  }

  /** The sum of the complete groups, and the keys and values of the current one. */
  private static long flashState(int depth, long keyDim, long hidden, long open) {
    return depth * (keyDim * hidden + open * (keyDim + hidden)) * Float.BYTES;
  }

  private static Architecture read(Library library, String json) {
    return Architectures.of(library, json);
  }

  private static long weights(Model model) {
    return model.graph().parameters().stream()
        .filter(parameter -> TABLES.stream().noneMatch(parameter.name()::contains))
        .mapToLong(parameter -> parameter.shape().elements() * Float.BYTES)
        .sum();
  }

  private static void measure(List<Double> times, int count, Runnable run) {
    for (int i = -WARM_UP; i < count; i++) {
      double time = milliseconds(run);
      if (i >= 0) {
        times.add(time);
      }
    }
  }

  private static double milliseconds(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
