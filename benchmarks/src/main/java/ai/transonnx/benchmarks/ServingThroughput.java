package ai.transonnx.benchmarks;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.SchedulerOptions;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Measures how many tokens a decoder of 512 x 12 generates for several clients: {@code
 * ServingThroughput [CLIENTS [SECONDS [MODEL.onnx [PROMPT LENGTH]]]]}, by default {@code 1,4,16,64
 * 10}, and prompts of 32 random tokens that 64 new ones continue.
 *
 * <p>The clients submit to one scheduler, or each generates in a thread of its own, which shares
 * the model. Prints rows of a table: the tokens per second of all clients, and the median and, in
 * brackets, the 95th percentile of the time to the first token and between two tokens. {@code
 * src/main/node/throughput.mjs} measures llama.cpp in the same way.
 */
public final class ServingThroughput {
  private static final int PROMPT = 32;
  private static final int LENGTH = 64;
  private static final double WARM_UP = 5;

  private ServingThroughput() {}

  /** Runs the measurement. */
  public static void main(String[] args) throws Exception {
    var counts =
        Stream.of((args.length > 0 ? args[0] : "1,4,16,64").split(","))
            .map(Integer::valueOf)
            .toList();
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 10;
    var file = args.length > 2 ? Path.of(args[2]) : export();
    int prompt = args.length > 4 ? Integer.parseInt(args[3]) : PROMPT;
    int length = args.length > 4 ? Integer.parseInt(args[4]) : LENGTH;
    try (var model = OnnxModel.load(file, Models.options())) {
      var generator = Generator.of(model);
      for (int count : counts) {
        var clients = new ServedClients(count, prompt, length, WARM_UP, seconds);
        System.out.println(clients.measure(generator::generate).row(count, "a loop for each"));
        var options = SchedulerOptions.builder().maxRows(count).build();
        try (var scheduler = GenerationScheduler.of(model, options)) {
          var measured = clients.measure(request -> scheduler.submit(request).join());
          System.out.println(measured.row(count, "a scheduler"));
        }
      }
    }
  }

  private static Path export() {
    var decoder =
        Architectures.of(
            Library.X_TRANSFORMERS,
            """
            {"class": "TransformerWrapper", "num_tokens": 20000, "max_seq_len": 2048,
             "attn_layers": {"class": "Decoder", "dim": 512, "depth": 12, "heads": 8}}
            """);
    return Models.export(
        decoder, GraphRequest.builder().incremental(true).lastLogits(true).build());
  }
}
