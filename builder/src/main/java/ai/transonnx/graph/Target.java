package ai.transonnx.graph;

import ai.transonnx.InputException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The runtime that a graph is built for.
 *
 * <p>Immutable; threads may share it.
 */
public enum Target {
  /** Any conforming runtime: only standard ONNX operators and model-local functions. */
  PORTABLE,
  /** ONNX Runtime: its additional operators are used where they are faster. */
  ONNXRUNTIME,
  /**
   * ONNX Runtime's CPU provider in float64: only standard operators for which it has a float64
   * kernel. Others are written as expressions of these. Graphs in float64 are always built for it,
   * so it is not one of the {@linkplain #of names} to choose from.
   */
  FLOAT64_KERNELS;

  /**
   * The target of this name, such as {@code portable}.
   *
   * @throws InputException if there is none
   */
  public static Target of(String name) {
    return Arrays.stream(values())
        .filter(target -> target != FLOAT64_KERNELS && target.toString().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new InputException(
                    "unknown target '%s'; expected portable or onnxruntime".formatted(name)));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
