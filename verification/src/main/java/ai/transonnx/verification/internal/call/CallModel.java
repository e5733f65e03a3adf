package ai.transonnx.verification.internal.call;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.Signature;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The information of a model from which its calls are planned. Immutable, so threads may share it.
 *
 * @param signature the inputs and outputs
 * @param metadata the metadata
 * @param limits the number of possible values of integer inputs that are indices of a table
 */
public record CallModel(Signature signature, ModelMetadata metadata, Map<String, Long> limits) {
  /** The name of the size of state that grows from one whole call to the next. */
  private static final Map<String, Dim> PAST = Map.of("past", Dim.of(0));

  public CallModel {
    limits = Map.copyOf(limits);
  }

  /**
   * The information of a file.
   *
   * @throws InputException if an input or output is not a tensor of numbers, or the state in the
   *     metadata is not that of the graph
   * @throws ai.transonnx.runtime.ModelException if the metadata are malformed
   */
  public static CallModel of(ModelFile model) {
    var file = model.file();
    var signature = new Signature(named(model.inputs()), named(model.outputs()));
    var metadata = ModelMetadata.of(file, model.metadata());
    for (var pair : metadata.state()) {
      check(file, pair, signature.inputs().get(pair.input()), pair.input());
      check(file, pair, signature.outputs().get(pair.output()), pair.output());
    }
    var limits = new HashMap<>(TableLimits.of(model.proto().getGraph()));
    metadata.numTokens().forEach((name, count) -> limits.put(name, (long) count));
    return new CallModel(signature, metadata, limits);
  }

  private static Map<String, TensorSpec> named(List<TensorSpec> specs) {
    var named = new LinkedHashMap<String, TensorSpec>();
    specs.forEach(spec -> named.put(spec.name(), spec));
    return named;
  }

  private static void check(Path file, StateTensor pair, @Nullable TensorSpec spec, String name) {
    if (spec == null || spec.type() != pair.type() || spec.rank() != pair.shape().size()) {
      throw new InputException(
          "%s: the metadata have a state '%s' of type %s%s, but the graph has %s"
              .formatted(
                  file,
                  name,
                  pair.type(),
                  pair.shape(),
                  spec == null ? "no input or output of this name" : spec.toString()));
    }
  }

  /** The inputs besides state, in the order of the graph. */
  public Map<String, TensorSpec> givenInputs() {
    var given = new LinkedHashMap<>(signature.inputs());
    metadata.state().forEach(pair -> given.remove(pair.input()));
    return given;
  }

  /** Whether a sequence can be fed in several calls. */
  public boolean isIncremental() {
    return metadata.incremental() && !metadata.state().isEmpty() && length().isPresent();
  }

  /**
   * The input that a call is about: target, tokens or vectors; of another program's file, the first
   * one with integers, else the first one.
   */
  Optional<TensorSpec> mainInput() {
    var given = givenInputs().values();
    return Stream.of("tgt", "tokens", "x")
        .flatMap(name -> signature.input(name).stream())
        .findFirst()
        .or(() -> given.stream().filter(CallModel::isSequenceOfIntegers).findFirst())
        .or(() -> given.stream().filter(spec -> spec.rank() >= 2).findFirst())
        .or(() -> given.stream().findFirst());
  }

  private static boolean isSequenceOfIntegers(TensorSpec spec) {
    return spec.rank() >= 2 && !spec.type().isFloatingPoint();
  }

  /** The free size of the main input's first axis. */
  Optional<Dim> batch() {
    return axis(0);
  }

  /** The free size of the main input's second axis: the number of positions. */
  Optional<Dim> length() {
    return axis(1);
  }

  private Optional<Dim> axis(int axis) {
    return mainInput()
        .filter(spec -> spec.rank() > axis)
        .map(spec -> spec.dims().get(axis))
        .filter(dim -> !dim.isFixed());
  }

  /** The axis of an input that has the call's positions; -1 if none has. */
  int positionAxis(TensorSpec spec) {
    return length().filter(dim -> !dim.isUnknown()).map(spec.dims()::indexOf).orElse(-1);
  }

  /** Whether the size of an input depends on the state of the same call. */
  boolean hasSizesOfState() {
    return givenInputs().values().stream()
        .flatMap(spec -> spec.dims().stream())
        .anyMatch(dim -> !dim.equals(dim.substitute(PAST)));
  }
}
