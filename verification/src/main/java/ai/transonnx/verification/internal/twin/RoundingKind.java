package ai.transonnx.verification.internal.twin;

import java.util.HashMap;
import java.util.Map;

/** How the result of an operator is rounded in a runtime. */
enum RoundingKind {
  /** Not at all: elements are selected or moved. */
  NONE,
  /** Once, to the nearest number of the type, as IEEE 754 requires. */
  NEAREST,
  /** A function that is approximated, with an error of some roundings. */
  APPROXIMATE,
  /** The exponentials of a row over their sum. */
  SOFTMAX,
  /** Sums of products of two operands. */
  PRODUCT,
  /** A sum over one or more axes. */
  REDUCTION,
  /** A recurrent network. */
  RECURRENT;

  private static final Map<String, RoundingKind> KINDS = new HashMap<>();

  static {
    add(
        NEAREST,
        "Add Sub Mul Div Sqrt Reciprocal Sum Mean Mod Cast Range PRelu LeakyRelu HardSigmoid");
    add(
        NEAREST,
        "BatchNormalization Shrink ThresholdedRelu DequantizeLinear"
            + " com.microsoft.DequantizeLinear com.microsoft.GatherBlockQuantized");
    add(
        APPROXIMATE,
        "Exp Log Sin Cos Tan Sinh Cosh Asinh Acosh Atanh Tanh Sigmoid Erf Pow Softplus Elu Celu");
    add(APPROXIMATE, "Selu Softsign AffineGrid BlackmanWindow HammingWindow HannWindow");
    add(APPROXIMATE, "MelWeightMatrix Atan Asin Acos");
    add(SOFTMAX, "Softmax LogSoftmax");
    add(PRODUCT, "MatMul Gemm Einsum Conv ConvTranspose DeformConv com.microsoft.FusedMatMul");
    add(
        REDUCTION,
        "ReduceSum ReduceMean ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp");
    add(
        REDUCTION,
        "ReduceProd CumSum LpNormalization AveragePool GlobalAveragePool LpPool GlobalLpPool");
    add(RECURRENT, "LSTM GRU DFT STFT");
  }

  private static void add(RoundingKind kind, String operators) {
    for (var operator : operators.split(" ", -1)) {
      KINDS.put(operator, kind);
    }
  }

  static RoundingKind of(String operator) {
    return KINDS.getOrDefault(operator, NONE);
  }
}
