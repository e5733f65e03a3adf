package ai.transonnx.runtime.embedding;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.TinyModel;
import java.util.List;

/** Models with two numbers for each position, of which the first is its token. */
final class TinyEncoders {
  private TinyEncoders() {}

  private static TinyModel tokens(TinyModel model) {
    return model
        .input("tokens", ElementType.INT64, "batch", "n")
        .longs("row", 1)
        .longs("last", 2)
        .cast("tokens", "values", ElementType.FLOAT32)
        .node("Unsqueeze", List.of("values", "last"), "token"); // [b, n, 1]
  }

  private static TinyModel pairs(TinyModel model, String second) {
    return model
        .node("Mul", List.of("token", "token"), "squares")
        .node("Sub", List.of("squares", "squares"), "zeros")
        .node("Add", List.of("zeros", second), "expanded")
        .node("Concat", List.of("token", "expanded"), "embeddings", 2)
        .output("embeddings", ElementType.FLOAT32, "batch", "n", 2);
  }

  /** The second number is the sum of the row's tokens. */
  static TinyModel withoutMask() {
    return pairs(tokens(new TinyModel()).node("ReduceSum", List.of("token", "row"), "sum"), "sum");
  }

  /** The second number is the number of positions that are not padding. */
  static TinyModel withMask() {
    return pairs(masked().node("ReduceSum", List.of("weight", "row"), "count"), "count");
  }

  /** The second number is the number of all positions, as of an option that ignores the mask. */
  static TinyModel dependingOnPadding() {
    return pairs(
        masked()
            .node("Max", List.of("weight", "one"), "ones")
            .node("ReduceSum", List.of("ones", "row"), "count"),
        "count");
  }

  private static TinyModel masked() {
    return tokens(new TinyModel())
        .input("mask", ElementType.BOOL, "batch", "n")
        .floats("one", 1)
        .cast("mask", "kept", ElementType.FLOAT32)
        .node("Unsqueeze", List.of("kept", "last"), "weight");
  }

  /** The second number is the logarithm of the token, which is not finite for token 0. */
  static TinyModel logarithms() {
    return pairs(tokens(new TinyModel()).node("Log", List.of("token"), "log"), "log");
  }

  /** One vector for each row: the sum of its tokens, twice. */
  static TinyModel pooling() {
    return tokens(new TinyModel())
        .node("Concat", List.of("token", "token"), "twice", 2)
        .longs("axis", 1)
        .node("ReduceSum", List.of("twice", "axis"), "sums")
        .longs("shape", -1, 2)
        .node("Reshape", List.of("sums", "shape"), "embeddings")
        .output("embeddings", ElementType.FLOAT32, "batch", 2);
  }
}
