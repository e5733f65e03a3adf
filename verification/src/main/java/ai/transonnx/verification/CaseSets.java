package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.GivenInputs;
import ai.transonnx.verification.internal.call.InputSet;
import ai.transonnx.verification.internal.call.TensorParts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The recorded steps of a case as inputs of a model file. A step with other inputs, or with inputs
 * of other shapes, is left out. A step whose inputs are exactly those of the model also has the
 * recorded outputs.
 */
record CaseSets(CallModel model, CaseFolder folder) {
  private static final String PAST = "past_";
  private static final String PRESENT = "present_";
  private static final int SEQUENCE = 1;

  /** The inputs whose next positions a loss predicts. */
  private static final List<String> PREDICTED = List.of("tgt", "tokens", "x");

  /**
   * The sets of inputs, in the order of the steps.
   *
   * @throws InputException if no step has the inputs of the model, or none fits it
   */
  List<InputSet> all() {
    var sets = new ArrayList<InputSet>();
    var refusals = new ArrayList<InputException>();
    try (var recording = Recording.open(folder.tensors())) {
      for (var step : folder.steps()) {
        var inputs = inputs(step, recording);
        if (inputs.isEmpty()) {
          continue;
        }
        try {
          var set = set(step, inputs);
          sets.add(hasAll(step, inputs) ? set.recorded(outputs(step, recording)) : set);
        } catch (InputException e) {
          refusals.add(e);
        }
      }
    }
    if (sets.isEmpty() && !refusals.isEmpty()) {
      var first = refusals.get(0);
      throw new InputException("no step of the case fits the model: " + first.getMessage(), first);
    }
    if (sets.isEmpty()) {
      throw new InputException(
          "%s: no step has the inputs of the model: %s"
              .formatted(folder.path(), model.givenInputs().values()));
    }
    return sets;
  }

  private InputSet set(Step step, Map<String, Tensor> inputs) {
    var source = folder.path() + ", step " + step.index();
    var set = new GivenInputs(model, source).set("case step " + step.index(), inputs);
    if (step.kind() == Step.Kind.GREEDY && hasNothingToPredict(set)) {
      throw new InputException(source + ": the prompt has one position; a loss needs 2 or more");
    }
    return set;
  }

  private boolean hasNothingToPredict(InputSet set) {
    return model.signature().outputs().keySet().equals(Set.of("loss"))
        && PREDICTED.stream()
            .flatMap(name -> Optional.ofNullable(set.inputs().get(name)).stream())
            .anyMatch(tensor -> length(tensor) == 1);
  }

  /** The length of a tensor's sequences; 0 if it has none. */
  private static long length(Tensor tensor) {
    return tensor.shape().length > SEQUENCE ? tensor.shape()[SEQUENCE] : 0;
  }

  /** The inputs of the model that a step has; empty if one other than state is missing. */
  private Map<String, Tensor> inputs(Step step, Recording recording) {
    var names = new HashMap<String, String>();
    step.inputs().forEach(name -> names.put(StepRequest.prompt(name, step), name));
    var inputs = new HashMap<String, Tensor>();
    for (var name : model.signature().inputs().keySet()) {
      var recorded = names.getOrDefault(name, names.get(withoutPrefix(PAST, name)));
      if (recorded != null) {
        inputs.put(name, recordedInput(step, recording, recorded));
      } else if (model.givenInputs().containsKey(name)) {
        return Map.of();
      }
    }
    return inputs;
  }

  private Tensor recordedInput(Step step, Recording recording, String name) {
    var recorded = recording.input(step, name);
    return step.kind() == Step.Kind.LOSS && !model.signature().outputs().containsKey("loss")
        ? withoutLabel(step, recording, name, recorded)
        : rows(step, recorded);
  }

  /**
   * The last position of a loss is a label: the library's wrapper does not pass it to the model.
   */
  private static Tensor withoutLabel(Step step, Recording recording, String name, Tensor recorded) {
    var predicted = PREDICTED.stream().filter(step.inputs()::contains).findFirst();
    if (predicted.isEmpty() || !(name.equals(predicted.get()) || name.equals("mask"))) {
      return recorded;
    }
    long length = length(recording.input(step, predicted.get()));
    return length > 1 && length(recorded) == length
        ? TensorParts.cut(recorded, SEQUENCE, 0, (int) length - 1)
        : recorded;
  }

  /** One prompt may be recorded without a batch. */
  private static Tensor rows(Step step, Tensor recorded) {
    boolean isPrompt = step.kind() == Step.Kind.GREEDY && recorded.shape().length == 1;
    return isPrompt && recorded.type() == ElementType.INT64
        ? Tensor.ofLongs(recorded.longs(), 1, recorded.shape()[0])
        : recorded;
  }

  /** Whether a recorded step has no inputs besides those of the model. */
  private static boolean hasAll(Step step, Map<String, Tensor> inputs) {
    var used = new HashSet<String>();
    inputs.keySet().forEach(name -> used.add(withoutPrefix(PAST, name)));
    used.addAll(inputs.keySet());
    return step.kind() != Step.Kind.GREEDY && used.containsAll(step.inputs());
  }

  /**
   * The recorded outputs, by the names of the model. The state of an incremental model is not that
   * of the library: it also has the positions of a block or group that has not ended.
   */
  private Map<String, Tensor> outputs(Step step, Recording recording) {
    var outputs = new HashMap<String, Tensor>();
    if (!isExact()) {
      return outputs;
    }
    for (var spec : model.signature().outputs().values()) {
      if (model.isIncremental() && isState(spec.name())) {
        continue;
      }
      for (var name : List.of(spec.name(), withoutPrefix(PRESENT, spec.name()))) {
        if (step.outputs().contains(name)) {
          outputs.put(spec.name(), ofModel(spec, recording.output(step, name)));
        }
      }
    }
    return outputs;
  }

  private boolean isState(String output) {
    return model.metadata().state().stream().anyMatch(pair -> pair.output().equals(output));
  }

  /** A model may have the logits of the last position only. */
  private static Tensor ofModel(TensorSpec spec, Tensor recorded) {
    boolean hasLastOnly =
        spec.name().equals("logits")
            && spec.rank() == 3
            && recorded.shape().length == 3
            && spec.dims().get(SEQUENCE).equals(Dim.of(1));
    return hasLastOnly
        ? TensorParts.cut(recorded, SEQUENCE, (int) recorded.shape()[SEQUENCE] - 1, 1)
        : recorded;
  }

  /** In 16 bits, rounding can change recorded values by more than their tolerance. */
  private boolean isExact() {
    var type = model.metadata().entries().getOrDefault(MetadataKey.DTYPE.key(), "float32");
    return type.equals("float32") || type.equals("float64");
  }

  private static String withoutPrefix(String prefix, String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }
}
