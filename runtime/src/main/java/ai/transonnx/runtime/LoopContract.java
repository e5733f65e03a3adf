package ai.transonnx.runtime;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a model must take and give so that tokens can be fed to it one after the other. */
final class LoopContract {
  private LoopContract() {}

  /** The input that grows, and the output that follows its last position. */
  record SequencePorts(TensorSpec input, TensorSpec output) {
    /** Whether the model is made for a number of rows. */
    boolean isOfRows() {
      return input.fixedSize(0).isPresent();
    }
  }

  /**
   * Checks a model for a loop over {@code batch} rows of tokens.
   *
   * @param given what it takes besides tokens and state
   * @return from {@code tokens}, or {@code tgt} of an encoder-decoder, to {@code logits}
   * @throws ModelException if no loop can run it
   * @throws RequestException if it is made for another number of rows
   */
  static SequencePorts tokens(OnnxModel model, int batch, Map<String, Tensor> given) {
    var ends = tokens(model);
    checkOthers(model, ends.input, batch, given);
    return ends;
  }

  /**
   * What a loop over tokens feeds and reads.
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
      throw unfit(model, tokens + " is not int64 [b, n] with n free");
    }
    if (!logits.type().isFloatingPoint() || logits.rank() != 3 || isEmpty(logits)) {
      throw unfit(model, logits + " is not floating-point [b, n, V]");
    }
    return new SequencePorts(tokens, logits);
  }

  /**
   * Checks a model for a loop over {@code batch} rows of vectors, each of which may be what follows
   * the one before.
   *
   * @param given what it takes besides vectors and state
   * @return from {@code x} to {@code out}
   * @throws ModelException if no loop can run it
   * @throws RequestException if it is made for another number of rows
   */
  static SequencePorts vectors(OnnxModel model, int batch, Map<String, Tensor> given) {
    TensorSpec x =
        model.signature().input(OnnxModel.X).orElseThrow(() -> lacks(model, "input 'x'"));
    TensorSpec out =
        model.signature().output(OnnxModel.OUT).orElseThrow(() -> lacks(model, "output 'out'"));
    boolean isSequence =
        x.type() == ElementType.FLOAT32 && x.rank() == 3 && x.fixedSize(1).isEmpty();
    if (!isSequence || x.fixedSize(2).isEmpty() || isEmpty(x)) {
      throw unfit(model, x + " is not float32 [b, n, d] with n free");
    }
    if (out.type() != x.type() || out.rank() != 3 || !out.fixedSize(2).equals(x.fixedSize(2))) {
      throw unfit(model, "%s cannot follow %s".formatted(out, x));
    }
    checkOthers(model, x, batch, given);
    return new SequencePorts(x, out);
  }

  private static void checkOthers(
      OnnxModel model, TensorSpec tokens, int batch, Map<String, Tensor> given) {
    if (batch < 1) {
      throw new RequestException("a loop over " + batch + " rows; 1 or more are possible");
    }
    if (!model.metadata().state().isEmpty() && !model.metadata().incremental()) {
      throw unfit(
          model,
          "its state goes from one whole call to the next, as memories do; export it with --incremental");
    }
    var others = new TreeMap<>(model.signature().inputs());
    others.remove(tokens.name());
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    for (var name : new TreeSet<>(given.keySet())) {
      var spec = others.get(name);
      if (spec == null) {
        throw new RequestException(
            "a loop over this model is not given '%s'; beside %s it takes %s"
                .formatted(name, tokens.name(), others.values()));
      }
      checkGiven(model, tokens, batch, spec, Objects.requireNonNull(given.get(name)));
    }
    model.tokenInputs().check(given);
    others.keySet().removeAll(given.keySet());
    if (!others.isEmpty()) {
      throw missing(model, tokens, others);
    }
    if (tokens.fixedSize(0).orElse(batch) != batch) {
      throw new RequestException("%s rows for a model that takes %s".formatted(batch, tokens));
    }
  }

  /** It is the caller's mistake, unless a loop cannot be given one of these inputs. */
  private static InferenceException missing(
      OnnxModel model, TensorSpec tokens, Map<String, TensorSpec> inputs) {
    return inputs.values().stream().allMatch(input -> isGivable(tokens, input))
        ? new NameException(
            "inputs are missing that a loop over this model is given beside %s: %s"
                .formatted(tokens.name(), inputs.values()))
        : unfit(
            model,
            "its inputs %s are neither %s nor state".formatted(inputs.keySet(), tokens.name()));
  }

  private static boolean isGivable(TensorSpec tokens, TensorSpec input) {
    return input.rank() >= 2
        && input.fixedSize(1).isEmpty()
        && !input.dims().get(1).equals(tokens.dims().get(1));
  }

  private static void checkGiven(
      OnnxModel model, TensorSpec tokens, int batch, TensorSpec spec, Tensor tensor) {
    var name = spec.name();
    spec.check(tensor, new HashMap<>());
    if (spec.rank() < 2 || (model.signature().hasRows(name) && tensor.shape()[0] != batch)) {
      throw new RequestException("input '%s' is %s for %s rows".formatted(name, tensor, batch));
    }
    if (spec.dims().get(1).equals(tokens.dims().get(1))) {
      throw new RequestException(
          "input '%s' is as long as the sequence; a loop has no such input".formatted(name));
    }
  }

  private static boolean isEmpty(TensorSpec spec) {
    return spec.dims().contains(new Dim.Fixed(0));
  }

  private static ModelException lacks(OnnxModel model, String what) {
    return unfit(model, "it has no " + what);
  }

  private static ModelException unfit(OnnxModel model, String why) {
    return new ModelException(model.file(), "this model cannot continue tokens: " + why);
  }
}
