package ai.transonnx.verification;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One recorded call. Immutable, so threads may share it.
 *
 * @param index counted from 0; the prefix of the call's tensors
 * @param inputs the names of the recorded inputs
 * @param outputs the names of the recorded outputs
 * @param bitsPerCharacter the loss of a text in bits per character, if it was recorded
 * @param margin the smallest difference of the two best logits in a generation, if it was recorded
 */
public record Step(
    int index,
    Kind kind,
    List<String> inputs,
    List<String> outputs,
    OptionalDouble bitsPerCharacter,
    OptionalDouble margin) {
  /** The kind of the call. */
  public enum Kind {
    /** A forward call of the model. */
    FORWARD,
    /** The loss of the given tokens, from the library's wrapper. */
    LOSS,
    /** The library's generation, selecting the most likely token at each step. */
    GREEDY
  }

  public Step {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
