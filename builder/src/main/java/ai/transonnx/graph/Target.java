package ai.transonnx.graph;

import ai.transonnx.InputException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a graph is made to run on.
 *
 * <p>Immutable; threads may share it.
 */
public enum Target {
  /** Any conforming runtime: ONNX's operators, and functions of them. */
  PORTABLE,
  /** ONNX Runtime, whose own operators are used where they are faster. */
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
                    "there is no target '%s'; there are portable and onnxruntime".formatted(name)));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
