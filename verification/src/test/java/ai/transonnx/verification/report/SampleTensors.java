package ai.transonnx.verification.report;

import ai.transonnx.verification.report.TensorReport.Element;
import ai.transonnx.verification.report.TensorReport.MagnitudeBin;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Made-up tensors whose errors are a fraction of the tolerance, times a fault. For one thread. */
final class SampleTensors {
  private final Random random;
  private final double fault;

  SampleTensors(long seed, double fault) {
    this.random = new Random(seed);
    this.fault = fault;
  }

  /** The outputs of a decoder with a KV cache. */
  static List<String> outputs(int layers) {
    var names = new ArrayList<String>();
    names.add("logits");
    names.add("loss");
    for (int i = 0; i < layers; i++) {
      names.add("present_keys_" + i);
      names.add("present_values_" + i);
    }
    return names;
  }

  List<TensorReport> all(List<String> names) {
    return names.stream().map(this::tensor).toList();
  }

  private TensorReport tensor(String name) {
    double magnitude = name.equals("logits") ? 11.7 : 1 + 3 * random.nextDouble();
    double rounding = magnitude * 1.3e-7 * (1 + random.nextDouble());
    double tolerance = 6 * rounding;
    double ratio = fault(name) * (0.05 + 0.4 * random.nextDouble());
    double error = ratio * tolerance;
    var shape = name.equals("logits") ? List.of(2L, 16L, 256L) : List.of(2L, 8L, 16L, 64L);
    return new TensorReport(
        name,
        "float32",
        name.equals("loss") ? List.of() : shape,
        magnitude,
        error,
        rounding,
        tolerance,
        ratio,
        ratio <= 1 ? TensorReport.Status.PASSED : TensorReport.Status.FAILED,
        null,
        worst(shape, magnitude, error),
        histogram(magnitude, error));
  }

  /** A fault in layer 5 is not in the keys and values that earlier layers compute. */
  private double fault(String name) {
    int layer = name.startsWith("present") ? Integer.parseInt(name.replaceAll("\\D", "")) : 99;
    return layer < 5 || (layer == 5 && name.startsWith("present_v")) ? 1 : fault;
  }

  private List<Element> worst(List<Long> shape, double magnitude, double error) {
    var worst = new ArrayList<Element>();
    for (int i = 0; i < 5; i++) {
      double expected = magnitude * (random.nextDouble() - 0.5);
      var index = shape.stream().map(size -> (long) random.nextInt(size.intValue())).toList();
      worst.add(new Element(index, expected, (float) (expected + error * (1 - 0.1 * i))));
    }
    return worst;
  }

  private List<MagnitudeBin> histogram(double magnitude, double error) {
    var bins = new ArrayList<MagnitudeBin>();
    int top = Math.getExponent(magnitude);
    for (int exponent = top - 9; exponent <= top; exponent++) {
      double share = Math.pow(2, (exponent - top) / 2.0) * (0.7 + 0.3 * random.nextDouble());
      double max = exponent == top ? error : error * share;
      bins.add(new MagnitudeBin(exponent, 1L << (exponent - top + 12), max, max / 5));
    }
    return bins;
  }
}
