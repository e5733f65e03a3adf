package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls of a model under the names of a recording: what a recording calls {@code NAME} is the
 * model's {@code past_NAME} or {@code present_NAME} if it goes round. State that a recording does
 * not give starts with zeros of its first shape.
 */
public record RecordedCall(CaseModel model) {
  private static final String PAST = "past_";
  private static final String PRESENT = "present_";

  /** The state that a call starts with, by the names of the model's inputs. */
  Map<String, Tensor> state(Map<String, Tensor> recorded, int batch) {
    var state = new HashMap<String, Tensor>();
    for (var pair : model.metadata().state()) {
      var given = recorded.get(pair.input().substring(PAST.length()));
      state.put(
          pair.input(), given == null ? Tensor.zeros(pair, batch) : typed(given, pair.type()));
    }
    return state;
  }

  /** Recordings are of float32; a model may keep its state in half of the bits. */
  private static Tensor typed(Tensor given, ElementType type) {
    return given.type().isFloatingPoint() && type.isFloatingPoint() ? given.as(type) : given;
  }

  /** What a recording gives besides state, by the names of the model's inputs. */
  Map<String, Tensor> sequences(Map<String, Tensor> recorded) {
    var rest = new HashMap<>(recorded);
    for (var pair : model.metadata().state()) {
      rest.remove(pair.input().substring(PAST.length()));
    }
    var sequences = new HashMap<String, Tensor>();
    rest.forEach((name, tensor) -> sequences.put(input(name), tensor));
    return sequences;
  }

  /** Memories that are given, but do not come out, go round nowhere and have their name even so. */
  private String input(String recorded) {
    String past = PAST + recorded;
    return model.takes(past) ? past : recorded;
  }

  /** Runs the model; what goes round comes out under its recorded name. */
  public Outputs run(Map<String, Tensor> recorded) {
    var inputs = sequences(recorded);
    inputs.putAll(state(recorded, batch(inputs)));
    var outputs = new HashMap<String, Tensor>();
    model.run(inputs).asMap().forEach((name, tensor) -> outputs.put(recorded(name), tensor));
    return Outputs.of(outputs);
  }

  /** What a recording calls an output of a model. */
  static String recorded(String output) {
    return output.startsWith(PRESENT) ? output.substring(PRESENT.length()) : output;
  }

  /**
   * How many sequences a call has.
   *
   * @throws InputException if what is recorded is not of sequences
   */
  static int batch(Map<String, Tensor> sequences) {
    for (var sequence : sequences.entrySet()) {
      if (sequence.getValue().shape().length == 0) {
        throw new InputException(
            "recorded input '%s' is one number, not of sequences".formatted(sequence.getKey()));
      }
    }
    return (int) sequences.values().iterator().next().shape()[0];
  }
}
