package ai.transonnx.cli;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Target;
import picocli.CommandLine.Option;

/** Which operators graphs are made of, and of which precision. */
final class OperatorOptions {
  @Option(
      names = "--opset",
      paramLabel = "N",
      description = "The version of ONNX's operators (default: ${DEFAULT-VALUE}).")
  private int opset = EmitOptions.STANDARD.opset();

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = {
        "portable: ONNX's operators, for any runtime (default).",
        "onnxruntime: ONNX Runtime's own operators, too, where they are faster."
      })
  private String target = Target.PORTABLE.toString();

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = {
        "float32 (default), float16 or bfloat16: the type of the model's matrices. Norms, softmax,",
        "sums, positions and losses stay float32, and so do inputs and outputs that are no state."
      })
  private String dtype = Precision.FLOAT32.toString();

  /**
   * The operators that are asked for.
   *
   * @throws ai.transonnx.InputException if there is no such opset, target or type
   */
  EmitOptions emitOptions() {
    return new EmitOptions(opset, Target.of(target), Precision.of(dtype));
  }
}
