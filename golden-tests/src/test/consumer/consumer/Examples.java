package consumer;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.List;

/**
 * The Java of docs/examples.md, which is only compiled here. The parameters are the variables that it
 * does not declare. The line of four slashes is replaced by all of its blocks.
 */
final class Examples {
  private Examples() {}

  static void all(
      Architecture architecture,
      GraphRequest request,
      OnnxModel eyes,
      OnnxModel mouth,
      OnnxModel pali,
      OnnxModel recurrent,
      Tensor image,
      Tensor caption,
      Tensor prompt,
      Tensor text,
      Tensor kept,
      List<StateTensor> memory,
      List<Tensor> segments,
      Map<String, Tensor> inputs) {
    ////
  }
}
