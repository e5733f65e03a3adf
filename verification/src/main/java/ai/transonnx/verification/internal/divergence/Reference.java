package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.twin.FloatTwin;
import ai.transonnx.verification.runner.ModelRunner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Computes the expected values of a model, or of a part of one, and what rounding does to them. For
 * one thread.
 *
 * @param runner ONNX Runtime in this process, without optimizations
 * @param rounds the number of runs with random rounding; 0 if the model has no twin in float64, so
 *     that the runner itself is the reference
 * @param seed selects the roundings
 */
record Reference(Scratch scratch, ModelRunner runner, int rounds, int seed) {
  private static final double FLOAT32_ROUNDING = 0x1p-24;

  /** The expected values of slices, one slice after the other. */
  interface Values {
    /** The expected values of the next slice, by name; those that are unknown are missing. */
    Map<String, Bound> next();
  }

  private boolean hasTwin() {
    return rounds > 0;
  }

  /**
   * The expected values of a model's slices.
   *
   * @param inputs the inputs in the types of the model
   * @throws ai.transonnx.verification.internal.twin.NoTwinException if the model has no twin
   */
  Values values(ModelProto model, List<List<String>> slices, Map<String, Tensor> inputs) {
    if (!hasTwin()) {
      var values = new PartValues(scratch, runner, model, slices, inputs);
      return () -> bounds(values.next(), List.of());
    }
    var wide = wide(inputs);
    var exact = new PartValues(scratch, runner, FloatTwin.of(model), slices, wide);
    var noisy = FloatTwin.noisy(model);
    var rounded = new ArrayList<PartValues>();
    for (int i = 0; i < rounds; i++) {
      var seeded = new HashMap<>(wide);
      seeded.put(FloatTwin.RANDOM, number(FloatTwin.random(seed + i)));
      rounded.add(new PartValues(scratch, runner, noisy, slices, seeded));
    }
    return () -> bounds(exact.next(), rounded);
  }

  private Map<String, Bound> bounds(Map<String, Tensor> exact, List<PartValues> rounded) {
    var roundings = new HashMap<String, Double>();
    for (var values : rounded) {
      values
          .next()
          .forEach(
              (name, tensor) -> {
                var expected = exact.get(name);
                if (expected != null) {
                  roundings.merge(name, Difference.of(expected, tensor).error(), Math::max);
                }
              });
    }
    var bounds = new LinkedHashMap<String, Bound>();
    exact.forEach(
        (name, tensor) ->
            bounds.put(name, new Bound(tensor, roundings.getOrDefault(name, unmeasured(tensor)))));
    return bounds;
  }

  /** What counts as rounding if it was not measured. */
  private double unmeasured(Tensor tensor) {
    return hasTwin() || !tensor.type().isFloatingPoint() ? 0 : FLOAT32_ROUNDING;
  }

  /** The expected value of one result of a model. */
  Bound value(ModelProto model, Map<String, Tensor> inputs, String value) {
    return Objects.requireNonNull(values(model, List.of(List.of(value)), inputs).next().get(value));
  }

  /** Some exact values of a model, in float64 if it has a twin. */
  Map<String, Tensor> exact(
      ModelProto model, Map<String, Tensor> inputs, Collection<String> values) {
    if (values.isEmpty()) {
      return Map.of();
    }
    var twin = hasTwin() ? FloatTwin.of(model) : model;
    var slices = List.of(List.copyOf(values));
    return new PartValues(scratch, runner, twin, slices, hasTwin() ? wide(inputs) : inputs).next();
  }

  private static Map<String, Tensor> wide(Map<String, Tensor> inputs) {
    var wide = new HashMap<String, Tensor>();
    inputs.forEach(
        (name, tensor) ->
            wide.put(
                name, tensor.type().isFloatingPoint() ? tensor.as(ElementType.FLOAT64) : tensor));
    return wide;
  }

  private static Tensor number(double value) {
    var bytes = ByteBuffer.allocateDirect(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return Tensor.of(ElementType.FLOAT64, bytes.putDouble(value).flip());
  }
}
