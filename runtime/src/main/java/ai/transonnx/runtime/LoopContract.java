package ai.transonnx.runtime;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** Checks that a loop can run a model, and finds the input and output of its sequence. */
final class LoopContract {
  private LoopContract() {}

  /** An input of the sequence, and the output at each of its positions. */
  record SequencePorts(TensorSpec input, TensorSpec output) {
    /** Whether the model has a fixed batch size. */
    boolean hasFixedBatch() {
      return input.fixedSize(0).isPresent();
    }
  }

  /**
   * Checks a model for a loop over {@code batch} rows of tokens.
   *
   * @param inputs the inputs besides tokens and state
   * @throws ModelException if no loop can run it
   * @throws RequestException if its batch size is fixed to another number, or {@code inputs} are
   *     not its further inputs
   */
  static SequencePorts tokens(OnnxModel model, int batch, Map<String, Tensor> inputs) {
    var ports = tokens(model);
    checkOthers(model, List.of(ports), batch, inputs);
    return ports;
  }

  /**
   * Checks a model for a loop over {@code batch} rows of tokens and numbers.
   *
   * @param inputs the inputs besides tokens, numbers and state
   * @return the ports of tokens and of numbers
   * @throws ModelException if no loop can run it
   * @throws RequestException if its batch size is fixed to another number, or {@code inputs} are
   *     not its further inputs
   */
  static List<SequencePorts> numberedTokens(
      OnnxModel model, int batch, Map<String, Tensor> inputs) {
    var tokens = tokens(model);
    TensorSpec given =
        model.signature().input(OnnxModel.NUMBERS).orElseThrow(() -> lacks(model, "input 'x_num'"));
    TensorSpec predicted =
        model
            .signature()
            .output(OnnxModel.PREDICTED_NUMBERS)
            .orElseThrow(() -> lacks(model, "output 'numerical_pred'"));
    if (!isWide(given) || !given.dims().equals(tokens.input.dims())) {
      throw unfit(model, given + " is not float32 or float64 with the shape of " + tokens.input);
    }
    if (!predicted.type().isFloatingPoint() || predicted.rank() != 2 || isEmpty(predicted)) {
      throw unfit(model, predicted + " is not floating-point [b, n]");
    }
    var ports = List.of(tokens, new SequencePorts(given, predicted));
    checkOthers(model, ports, batch, inputs);
    return ports;
  }

  private static boolean isWide(TensorSpec spec) {
    return spec.type() == ElementType.FLOAT32 || spec.type() == ElementType.FLOAT64;
  }

  /**
   * The input {@code tokens}, or {@code tgt} of an encoder-decoder, and the output {@code logits}.
   *
   * @throws ModelException if no loop can run it
   */
  static SequencePorts tokens(OnnxModel model) {
    TensorSpec tokens =
        model
            .signature()
            .input(OnnxModel.TOKENS)
            .or(() -> model.signature().input(OnnxModel.TARGET))
            .orElseThrow(() -> lacks(model, "input 'tokens'"));
    TensorSpec logits =
        model
            .signature()
            .output(OnnxModel.LOGITS)
            .orElseThrow(() -> lacks(model, "output 'logits'"));
    if (tokens.type() != ElementType.INT64
        || tokens.rank() != 2
        || tokens.fixedSize(1).isPresent()) {
      throw unfit(model, tokens + " is not int64 [b, n] with variable n");
    }
    if (!logits.type().isFloatingPoint() || logits.rank() != 3 || isEmpty(logits)) {
      throw unfit(model, logits + " is not floating-point [b, n, V]");
    }
    return new SequencePorts(tokens, logits);
  }

  /**
   * Checks a model for a loop over {@code batch} rows of vectors, from input {@code x} to output
   * {@code out}, which must be possible as the next input.
   *
   * @param inputs the inputs besides vectors and state
   * @throws ModelException if no loop can run it
   * @throws RequestException if its batch size is fixed to another number, or {@code inputs} are
   *     not its further inputs
   */
  static SequencePorts vectors(OnnxModel model, int batch, Map<String, Tensor> inputs) {
    TensorSpec x =
        model.signature().input(OnnxModel.X).orElseThrow(() -> lacks(model, "input 'x'"));
    TensorSpec out =
        model.signature().output(OnnxModel.OUT).orElseThrow(() -> lacks(model, "output 'out'"));
    boolean isSequence = isWide(x) && x.rank() == 3 && x.fixedSize(1).isEmpty();
    if (!isSequence || x.fixedSize(2).isEmpty() || isEmpty(x)) {
      throw unfit(model, x + " is not float32 or float64 [b, n, d] with variable n");
    }
    if (out.type() != x.type() || out.rank() != 3 || !out.fixedSize(2).equals(x.fixedSize(2))) {
      throw unfit(model, "output %s cannot be the next input %s".formatted(out, x));
    }
    var ports = new SequencePorts(x, out);
    checkOthers(model, List.of(ports), batch, inputs);
    return ports;
  }

  private static void checkOthers(
      OnnxModel model, List<SequencePorts> ports, int batch, Map<String, Tensor> inputs) {
    var tokens = ports.get(0).input;
    if (batch < 1) {
      throw new RequestException("batch is " + batch + "; 1 or more are possible");
    }
    if (!model.metadata().state().isEmpty() && !model.metadata().incremental()) {
      throw unfit(
          model,
          "its state is passed between whole calls, as memories are; export it with --incremental");
    }
    var others = new TreeMap<>(model.signature().inputs());
    ports.forEach(port -> others.remove(port.input.name()));
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    if (hasStart(model)) {
      others.remove(OnnxModel.START);
      if (inputs.containsKey(OnnxModel.START)) {
        throw new RequestException(
            "input '%s' is set by the loop, whose rows have no padding; feed each row its own tokens alone"
                .formatted(OnnxModel.START));
      }
    }
    for (var name : new TreeSet<>(inputs.keySet())) {
      var spec = others.get(name);
      if (spec == null) {
        throw new RequestException(
            "this model's loop has no input '%s'; besides %s it takes %s"
                .formatted(name, tokens.name(), others.values()));
      }
      checkInput(model, tokens, batch, spec, Objects.requireNonNull(inputs.get(name)));
    }
    model.tokenInputs().check(inputs);
    others.keySet().removeAll(inputs.keySet());
    if (!others.isEmpty()) {
      throw missing(model, tokens, others);
    }
    if (tokens.fixedSize(0).orElse(batch) != batch) {
      throw new RequestException("batch is %s; the model takes %s".formatted(batch, tokens));
    }
  }

  private static boolean hasStart(OnnxModel model) {
    return model
        .signature()
        .input(OnnxModel.START)
        .filter(spec -> spec.type() == ElementType.INT64 && spec.rank() == 1)
        .isPresent();
  }

  /**
   * The inputs besides the sequence and state, with those that a loop sets itself: no row has
   * padding before it.
   */
  static Map<String, Tensor> withStart(OnnxModel model, int batch, Map<String, Tensor> inputs) {
    if (!hasStart(model)) {
      return inputs;
    }
    var all = new HashMap<>(inputs);
    all.put(OnnxModel.START, Tensor.zeros(ElementType.INT64, batch));
    return all;
  }

  /** The caller's mistake, unless one is no input that a loop can have. */
  private static InferenceException missing(
      OnnxModel model, TensorSpec tokens, Map<String, TensorSpec> inputs) {
    return inputs.values().stream().allMatch(input -> isStatic(tokens, input))
        ? new NameException(
            "this model's loop takes inputs besides %s; missing are %s"
                .formatted(tokens.name(), inputs.values()))
        : unfit(
            model,
            "its inputs %s are neither %s nor state".formatted(inputs.keySet(), tokens.name()));
  }

  private static boolean isStatic(TensorSpec tokens, TensorSpec input) {
    return input.rank() >= 2
        && input.fixedSize(1).isEmpty()
        && !input.dims().get(1).equals(tokens.dims().get(1));
  }

  private static void checkInput(
      OnnxModel model, TensorSpec tokens, int batch, TensorSpec spec, Tensor tensor) {
    var name = spec.name();
    spec.check(tensor, new HashMap<>());
    if (spec.rank() < 2 || (model.signature().hasRows(name) && tensor.shape()[0] != batch)) {
      throw new RequestException(
          "input '%s' is %s; the loop has %s rows".formatted(name, tensor, batch));
    }
    if (spec.dims().get(1).equals(tokens.dims().get(1))) {
      throw new RequestException(
          "input '%s' has a position for each of the sequence; a loop cannot feed it"
              .formatted(name));
    }
  }

  private static boolean isEmpty(TensorSpec spec) {
    return spec.dims().contains(Dim.of(0));
  }

  private static ModelException lacks(OnnxModel model, String what) {
    return unfit(model, "it has no " + what);
  }

  private static ModelException unfit(OnnxModel model, String why) {
    return new ModelException(model.file(), "this model cannot continue tokens: " + why);
  }
}
