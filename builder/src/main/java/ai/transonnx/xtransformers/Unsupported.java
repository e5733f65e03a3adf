package ai.transonnx.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;

/** What these classes do not have. */
final class Unsupported {
  private Unsupported() {}

  static void incremental(GraphRequest request) {
    if (request.incremental()) {
      throw new InputException(
          "x-transformers' classes are exported without incremental state; memories are the inputs and outputs mem");
    }
  }
}
