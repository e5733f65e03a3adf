package ai.transonnx.verification.report;

import ai.transonnx.verification.report.Divergence.ValueError;
import java.util.ArrayList;
import java.util.Random;

/** Made-up errors of the intermediate values of a decoder with 12 layers. */
final class SampleDivergence {
  private static final String[][] ATTENTION = {
    {"norm", "LayerNormalization"},
    {"to_q", "MatMul"},
    {"to_k", "MatMul"},
    {"to_v", "MatMul"},
    {"attend", "Softmax"},
    {"to_out", "MatMul"},
  };
  private static final String[][] FEED_FORWARD = {
    {"norm", "LayerNormalization"}, {"ff.0", "Gemm"}, {"ff.1", "Gelu"}, {"ff.3", "Gemm"},
  };

  private SampleDivergence() {}

  /** The softmax of a layer is wrong. */
  static Divergence at(int wrong) {
    var random = new Random(wrong);
    var values = new ArrayList<ValueError>();
    values.add(value("token_emb", "Gather", 0.01));
    double fault = 0;
    for (int layer = 0; layer < 24; layer++) {
      for (var part : layer % 2 == 0 ? ATTENTION : FEED_FORWARD) {
        if (layer == 2 * wrong && part[0].equals("attend")) {
          fault = 212;
        } else if (fault > 0) {
          fault *= 0.7 + 0.5 * random.nextDouble();
        }
        var module = "attn_layers.layers.%s.1.%s".formatted(layer, part[0]);
        values.add(value(module, part[1], 0.05 + 0.3 * random.nextDouble() + fault));
      }
    }
    values.add(value("to_logits", "MatMul", 0.2 + fault * 0.7));
    return new Divergence(
        "prefill",
        "attn_layers.layers.%s.1.attend".formatted(2 * wrong),
        "/attn_layers/layers.%s.1/attend/Softmax".formatted(2 * wrong),
        "Softmax",
        "attn_layers.layers.%s.1.attend.weights".formatted(2 * wrong),
        1.505e-4,
        7.1e-7,
        "The inputs of Softmax are within their tolerances; its result is off by 212 times the"
            + " tolerance, which is 1,272 times rounding.",
        values,
        "repro/node-softmax");
  }

  private static ValueError value(String module, String operator, double ratio) {
    double tolerance = 7.1e-7;
    return new ValueError(
        module + ".out", module, operator, 2.5, ratio * tolerance, tolerance, ratio);
  }
}
