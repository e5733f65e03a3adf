package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The inputs, outputs and sizes of an exported graph. */
final class GraphOptions {
  private static final String ALL = "all";
  private static final String LAST = "last";

  @Option(
      names = "--inputs",
      split = ",",
      paramLabel = "NAME",
      description = {
        "The inputs of the model (default: the required ones).",
        "Some take a form: attn_mask:3d, attn_mask:4d or attn_mask:b1ij; pos:n or pos:float32.",
        "The name mem means all memories."
      })
  private List<String> inputs = List.of();

  @Option(
      names = "--outputs",
      split = ",",
      paramLabel = "NAME",
      description = "The outputs of the model, such as logits or loss (default: the main output).")
  private List<String> outputs = List.of();

  @Option(
      names = "--incremental",
      description = "Export with a KV cache or other state, for token-by-token generation.")
  private boolean incremental;

  @Option(
      names = "--logits",
      paramLabel = "all|last",
      description =
          "Output the logits of all positions, or of the last only, which is enough for"
              + " generation (default: all).")
  private String logits = ALL;

  @Option(names = "--batch", paramLabel = "N", description = "Fix the batch size (default: any).")
  private @Nullable Integer batch;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Fix the sequence length of a call (default: any).")
  private @Nullable Integer length;

  /**
   * The graph of a source with these options.
   *
   * @param main the graph that the source specifies
   * @throws InputException if a size is not possible
   */
  GraphRequest request(GraphRequest main, EmitOptions emit) {
    var request =
        main.toBuilder()
            .emit(emit)
            .lastLogits(isLast())
            .incremental(incremental || main.incremental());
    if (!inputs.isEmpty()) {
      request.inputs(inputs);
    }
    if (!outputs.isEmpty()) {
      request.outputs(outputs);
    }
    if (batch != null) {
      request.batch(positive("--batch", batch));
    }
    if (length != null) {
      request.length(positive("--length", length));
    }
    return request.build();
  }

  private boolean isLast() {
    if (!logits.equals(ALL) && !logits.equals(LAST)) {
      throw new InputException("--logits is '%s'; it must be all or last".formatted(logits));
    }
    return logits.equals(LAST);
  }

  private static int positive(String option, int size) {
    if (size < 1) {
      throw new InputException("%s is %s; it must be at least 1".formatted(option, size));
    }
    return size;
  }
}
