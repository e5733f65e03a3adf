package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Library;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.OnnxModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares the decoder of {@link DecodingSpeed} with llama.cpp on a model of the same size, two
 * threads each: {@code LlamaComparison ROUNDS MODELS PEERS COMMAND...}.
 *
 * <p>MODELS is a folder in which exported models are kept; delete it after a change of the graphs.
 * PEERS has the peer's files, {@code f32.gguf}, {@code q8_0.gguf} and {@code q4_0.gguf}; a file
 * that is missing is not compared. The command, with a file and the number of threads and of
 * repetitions as further arguments, prints a line {@code prompt X ms, token Y ms, best Z ms} for
 * each repetition: the time of a prompt of 1,000 tokens, and the median and best time of the tokens
 * after it.
 *
 * <p>The two alternate, a process of the peer for each round. Best times are compared: other
 * programs and the peer's scheduling make times longer, never shorter.
 */
public final class LlamaComparison {
  private static final int THREADS = 2;

  /** The first run of a process is slower than those after it. */
  private static final int REPETITIONS = 2;

  private static final String CONFIG =
      """
      {"class": "TransformerWrapper", "num_tokens": 20000, "max_seq_len": 2048,
       "attn_layers": {"class": "Decoder", "dim": 512, "depth": 12, "heads": 8}}
      """;

  /** The precisions, with the peer's nearest type. */
  private enum Precision {
    F32("float32", Optional.empty()),
    Q8_0("int8", Optional.of(QuantizedType.INT8)),
    Q4_0("int4", Optional.of(QuantizedType.INT4));

    private final String name;
    private final Optional<Quantization> quantization;

    Precision(String name, Optional<QuantizedType> type) {
      this.name = name;
      this.quantization = type.map(Quantization::of);
    }

    String peer() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private LlamaComparison() {}

  /** Runs the comparison. */
  public static void main(String[] args) {
    if (args.length < 4) {
      throw new IllegalArgumentException("ROUNDS MODELS PEERS COMMAND...");
    }
    int rounds = Integer.parseInt(args[0]);
    var command = Arrays.asList(args).subList(3, args.length);
    for (var precision : Precision.values()) {
      var file = Path.of(args[2]).resolve(precision.peer() + ".gguf");
      if (Files.exists(file)) {
        compare(precision, rounds, Path.of(args[1]), new PeerProcess(command, file));
      }
    }
  }

  private static void compare(Precision precision, int rounds, Path models, PeerProcess peer) {
    var ours = new ArrayList<GenerationTimes>();
    var targets = List.of(Target.PORTABLE, Target.ONNXRUNTIME);
    var loaded = targets.stream().map(target -> load(precision, target, models)).toList();
    try {
      loaded.forEach(model -> ours.add(GenerationTimes.NONE));
      var theirs = GenerationTimes.NONE;
      for (int round = 0; round < rounds; round++) {
        theirs = theirs.best(peer.run(THREADS, REPETITIONS));
        for (int i = 0; i < loaded.size(); i++) {
          ours.set(i, ours.get(i).best(GenerationTimes.of(loaded.get(i), REPETITIONS)));
        }
      }
      System.out.printf("llama.cpp %s: %s%n", precision, theirs);
      for (int i = 0; i < ours.size(); i++) {
        var times = ours.get(i);
        System.out.printf(
            "%s, %s: %s; prompt %.2f, token %.2f of llama.cpp's%n",
            precision.name,
            targets.get(i),
            times,
            times.prompt() / theirs.prompt(),
            times.token() / theirs.token());
      }
    } finally {
      loaded.forEach(OnnxModel::close);
    }
  }

  private static OnnxModel load(Precision precision, Target target, Path folder) {
    var file = folder.resolve(precision.name + "-" + target + ".onnx");
    if (Files.notExists(file)) {
      var emit = EmitOptions.STANDARD.withTarget(target);
      var quantized = precision.quantization.map(emit::withQuantization).orElse(emit);
      Models.exportDecoder(Library.X_TRANSFORMERS, CONFIG, quantized, file);
    }
    return OnnxModel.load(file, Models.options(THREADS));
  }
}
