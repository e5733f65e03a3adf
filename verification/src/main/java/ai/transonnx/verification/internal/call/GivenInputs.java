package ai.transonnx.verification.internal.call;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Checks the tensors of a user against the inputs of a model, and converts floating-point tensors
 * and integers to the model's types.
 *
 * @param source where the tensors come from, for messages
 */
public record GivenInputs(CallModel model, String source) {
  /**
   * A set of inputs.
   *
   * @param name the name of the set
   * @param tensors every input by name, and any of the states
   * @throws InputException if an input is missing or unknown, or has another type or shape than the
   *     model's
   */
  public InputSet set(String name, Map<String, Tensor> tensors) {
    for (var given : tensors.keySet()) {
      if (model.signature().input(given).isEmpty()) {
        throw problem(
            "has a tensor '%s', but the model takes %s"
                .formatted(given, model.signature().inputs().values()));
      }
    }
    var sizes = new HashMap<Dim, Long>();
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var spec : model.givenInputs().values()) {
      var tensor = tensors.get(spec.name());
      if (tensor == null) {
        throw problem("has no tensor '%s': %s".formatted(spec.name(), spec));
      }
      inputs.put(spec.name(), checked(spec, tensor, sizes));
    }
    var state = new LinkedHashMap<String, Tensor>();
    for (var pair : model.metadata().state()) {
      var tensor = tensors.get(pair.input());
      if (tensor != null) {
        var spec = model.signature().input(pair.input()).orElseThrow();
        state.put(pair.input(), checked(spec, tensor, new HashMap<>()));
      }
    }
    return new InputSet(name, inputs, state, true, Map.of());
  }

  private Tensor checked(TensorSpec spec, Tensor tensor, Map<Dim, Long> sizes) {
    var typed =
        converted(spec.type(), tensor)
            .orElseThrow(() -> problem("'%s' is %s, but the model takes %s", spec, tensor));
    long[] shape = tensor.shape();
    boolean fits = shape.length == spec.rank();
    for (int axis = 0; fits && axis < shape.length; axis++) {
      var dim = spec.dims().get(axis);
      long size = shape[axis];
      if (dim.isFixed()) {
        fits = dim.size() == size;
      } else if (!dim.isUnknown()) {
        var known = sizes.putIfAbsent(dim, size);
        fits = known == null || known == size;
      }
    }
    if (!fits) {
      throw problem(
          "'%s' is %s, but the model takes %s; equal names have equal sizes", spec, tensor);
    }
    checkTokens(spec, typed);
    return typed;
  }

  private static Optional<Tensor> converted(ElementType type, Tensor tensor) {
    if (tensor.type() == type) {
      return Optional.of(tensor);
    }
    if (type.isFloatingPoint() && tensor.type().isFloatingPoint()) {
      return Optional.of(tensor.as(type));
    }
    boolean isWidened = type == ElementType.INT64 && tensor.type() == ElementType.INT32;
    return isWidened
        ? Optional.of(Tensor.ofLongs(tensor.longs(), tensor.shape()))
        : Optional.empty();
  }

  /** Padding after a loss's tokens may be negative; larger tokens are not in the vocabulary. */
  private void checkTokens(TensorSpec spec, Tensor tensor) {
    var count = model.metadata().numTokens().get(spec.name());
    if (count == null || tensor.type() != ElementType.INT64) {
      return;
    }
    Arrays.stream(tensor.longs())
        .filter(token -> token >= count)
        .findFirst()
        .ifPresent(
            token -> {
              throw problem(
                  "'%s' has the token %s; the vocabulary has %s"
                      .formatted(spec.name(), token, count));
            });
  }

  private InputException problem(String form, TensorSpec spec, Tensor tensor) {
    return problem(form.formatted(spec.name(), tensor, spec));
  }

  private InputException problem(String text) {
    return new InputException(source + ": " + text);
  }
}
