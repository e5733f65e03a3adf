package ai.transonnx.cli;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.Target;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** Which operators graphs are made of. */
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

  /**
   * Makes a request one for these operators.
   *
   * @throws ai.transonnx.InputException if there is no such opset or target
   */
  UnaryOperator<GraphRequest> shape() {
    var wanted = GraphRequest.main().withOpset(opset).withTarget(Target.of(target));
    return request -> request.withOpset(wanted.opset()).withTarget(wanted.target());
  }
}
