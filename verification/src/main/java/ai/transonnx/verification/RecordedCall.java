package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls a model with the names of a recording: a state {@code NAME} in a recording is {@code
 * past_NAME} and {@code present_NAME} in the model. State that a recording does not have starts
 * with zeros of its first shape.
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

  /** Recorded states are float32; those of a model may be float16 or bfloat16. */
  private static Tensor typed(Tensor given, ElementType type) {
    return given.type().isFloatingPoint() && type.isFloatingPoint() ? given.as(type) : given;
  }

  /** The recorded inputs other than state, by the names of the model's inputs. */
  Map<String, Tensor> sequences(Map<String, Tensor> recorded) {
    var rest = new HashMap<>(recorded);
    for (var pair : model.metadata().state()) {
      rest.remove(pair.input().substring(PAST.length()));
    }
    var sequences = new HashMap<String, Tensor>();
    rest.forEach((name, tensor) -> sequences.put(input(name), tensor));
    return sequences;
  }

  /** Memories that are an input but not an output are no state, but are named as such. */
  private String input(String recorded) {
    String past = PAST + recorded;
    return model.hasInput(past) ? past : recorded;
  }

  /** Runs the model and returns its outputs, state under its recorded name. */
  public Outputs run(Map<String, Tensor> recorded) {
    var inputs = sequences(recorded);
    inputs.putAll(state(recorded, batch(inputs)));
    var outputs = new HashMap<String, Tensor>();
    model.run(inputs).asMap().forEach((name, tensor) -> outputs.put(recordedName(name), tensor));
    return Outputs.of(outputs);
  }

  /** The recorded name of an output. */
  static String recordedName(String output) {
    return output.startsWith(PRESENT) ? output.substring(PRESENT.length()) : output;
  }

  /**
   * The batch size of a call.
   *
   * @throws InputException if a recorded input has no batch dimension
   */
  int batch(Map<String, Tensor> sequences) {
    for (var sequence : sequences.entrySet()) {
      if (sequence.getValue().shape().length == 0) {
        throw new InputException(
            "recorded input '%s' is a scalar and has no batch dimension; record [b, ...]"
                .formatted(sequence.getKey()));
      }
    }
    var main = sequences.get(SequenceCalls.mainInput(model));
    var first = main == null ? sequences.values().iterator().next() : main;
    return (int) first.shape()[0];
  }
}
