package ai.transonnx.cli;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Target;
import picocli.CommandLine.Option;

/** The opset, target and precision of exported graphs. */
final class OperatorOptions {
  @Option(
      names = "--opset",
      paramLabel = "N",
      description = "The ONNX opset, 17 to 23 (default: ${DEFAULT-VALUE}).")
  private int opset = EmitOptions.STANDARD.opset();

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = {
        "portable: only standard operators, for any runtime (default).",
        "onnxruntime: also ONNX Runtime's own operators where they are faster."
      })
  private String target = Target.PORTABLE.toString();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "float32 (default), float16 or bfloat16: the type of weight matrices, matrix products and"
              + " the KV cache. Norms, softmax, sums, positions and losses stay float32, and so do"
              + " inputs and outputs other than state. float64: the type of everything, for"
              + " references.")
  private String dtype = Precision.FLOAT32.toString();

  /**
   * The selected opset, target and precision.
   *
   * @throws ai.transonnx.InputException if the opset, target or type does not exist
   */
  EmitOptions emitOptions() {
    return new EmitOptions(opset, Target.of(target), Precision.of(dtype));
  }
}
