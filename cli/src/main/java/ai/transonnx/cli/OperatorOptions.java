package ai.transonnx.cli;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Target;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** Which operators graphs are made of, and of which precision. */
final class OperatorOptions {
  @Option(
      names = "--opset",
      paramLabel = "N",
      description = "The version of ONNX's operators (default: ${DEFAULT-VALUE}).")
  private int opset = GraphRequest.DEFAULT_OPSET;

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
   * Makes a request one for these operators.
   *
   * @throws ai.transonnx.InputException if there is no such opset, target or type
   */
  UnaryOperator<GraphRequest> shape() {
    var wanted =
        GraphRequest.main()
            .withOpset(opset)
            .withTarget(Target.of(target))
            .withPrecision(Precision.of(dtype));
    return request ->
        request
            .withOpset(wanted.opset())
            .withTarget(wanted.target())
            .withPrecision(wanted.precision());
  }
}
