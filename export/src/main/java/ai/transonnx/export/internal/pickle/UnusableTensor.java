package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.weights.TensorData;

/**
 * A tensor that cannot be used.
 *
 * @param description for example {@code a sparse tensor}
 */
public record UnusableTensor(String description) implements TensorValue {
  @Override
  public TensorData data() {
    throw new PickleException("it is %s, which is not supported".formatted(description));
  }

  /** Ignores attributes. */
  @Override
  public void build(PickleValue state) {}
}
