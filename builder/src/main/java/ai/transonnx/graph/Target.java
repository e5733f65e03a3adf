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
  ONNXRUNTIME;

  /**
   * The target of this name, such as {@code portable}.
   *
   * @throws InputException if there is none
   */
  public static Target of(String name) {
    return Arrays.stream(values())
        .filter(target -> target.toString().equals(name))
        .findAny()
        .orElseThrow(
            () ->
                new InputException(
                    "unknown target '%s'; expected portable or onnxruntime".formatted(name)));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
