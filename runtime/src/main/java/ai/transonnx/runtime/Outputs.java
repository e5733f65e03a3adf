package ai.transonnx.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The outputs of one call, by name. Immutable, so threads may share it.
 *
 * <pre>{@code
 * Outputs outputs = model.run(inputs);
 * Tensor logits = outputs.get("logits"); // [b, n, V]
 * outputs.get("logit"); // NameException: no output 'logit'; this call returned [logits ...]
 * outputs.asMap().forEach((name, tensor) -> System.out.println(name + " " + tensor));
 * }</pre>
 */
public final class Outputs {
  private final Map<String, Tensor> tensors;

  private Outputs(Map<String, Tensor> tensors) {
    this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** Outputs of a call that was not run by this package, in the order of {@code tensors}. */
  public static Outputs of(Map<String, Tensor> tensors) {
    return new Outputs(tensors);
  }

  /**
   * The output named {@code name}.
   *
   * @throws NameException if the call did not return it; the message lists the outputs it returned
   */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      var returned = tensors.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
      throw new NameException("no output '%s'; this call returned %s".formatted(name, returned));
    }
    return tensor;
  }

  /** The names of the outputs. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** An unmodifiable view of the outputs. */
  public Map<String, Tensor> asMap() {
    return tensors;
  }

  /** Such as {@code {logits=float32[1, 2, 256]}}; elements are not included. */
  @Override
  public String toString() {
    return tensors.toString();
  }
}
