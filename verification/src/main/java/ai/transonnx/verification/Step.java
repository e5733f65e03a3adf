package ai.transonnx.verification;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One call that was recorded.
 *
 * @param index counted from 0; the prefix of the call's tensors
 * @param inputs the names of what was given
 * @param outputs the names of what came out
 * @param bitsPerCharacter of a loss over text, if it was recorded
 * @param margin of a generation, if it was recorded: the smallest gap between the two greatest
 *     logits
 */
public record Step(
    int index,
    Kind kind,
    List<String> inputs,
    List<String> outputs,
    OptionalDouble bitsPerCharacter,
    OptionalDouble margin) {
  /** What was called. */
  public enum Kind {
    /** The model itself. */
    FORWARD,
    /** The library's wrapper, for the loss of the given tokens. */
    LOSS,
    /** The library's generation, always taking the likeliest token. */
    GREEDY
  }

  public Step {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
