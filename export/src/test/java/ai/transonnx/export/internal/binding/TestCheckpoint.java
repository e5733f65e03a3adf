package ai.transonnx.export.internal.binding;

import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.WeightExpression.Stored;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** A checkpoint with several state dicts, and models that fit them. */
final class TestCheckpoint implements WeightFile {
  private final Map<String, Map<String, WeightTensor>> sets = new LinkedHashMap<>();
  private final Map<String, String> unusable = new LinkedHashMap<>();

  /** A parameter that is stored under its own name. */
  static Parameter parameter(String name, long... shape) {
    return new Parameter(name, ElementType.FLOAT32, new Stored(name, Shape.of(shape)));
  }

  /** Two layers of two weights each, between two other weights. */
  static List<Parameter> model() {
    return List.of(
        parameter("emb.weight", 9, 4),
        parameter("layers.0.fn.weight", 4, 4),
        parameter("layers.0.fn.bias", 4),
        parameter("layers.1.fn.weight", 4, 4),
        parameter("layers.1.fn.bias", 4),
        parameter("norm.weight", 4));
  }

  /** Adds the tensors of the model under a key, with other names. */
  TestCheckpoint add(String key, UnaryOperator<String> name) {
    for (var parameter : model()) {
      add(key, name.apply(parameter.name()), parameter.shape());
    }
    return this;
  }

  /** Adds a tensor under a key. */
  TestCheckpoint add(String key, String name, Shape shape) {
    var elements = ByteBuffer.allocate((int) shape.elements() * Float.BYTES);
    return add(key, name, shape, (offset, length) -> elements.slice((int) offset, length));
  }

  /** Adds a tensor under a key. */
  TestCheckpoint add(String key, String name, Shape shape, Content content) {
    sets.computeIfAbsent(key, none -> new LinkedHashMap<>())
        .put(name, new WeightTensor(name, new TensorType(ElementType.FLOAT32, shape), content));
    return this;
  }

  /** Adds a tensor that cannot be read, under no key. */
  TestCheckpoint addUnusable(String name, String reason) {
    unusable.put(name, reason);
    return this;
  }

  /** Binds the model to it. */
  Binding bind() {
    return bind(NameRules.unused(List.of()));
  }

  Binding bind(NameRules rules) {
    return Binding.bind(model(), this, rules);
  }

  @Override
  public Path path() {
    return Path.of("test.pt");
  }

  @Override
  public String format() {
    return "test";
  }

  @Override
  public List<WeightSet> sets() {
    var all = new ArrayList<WeightSet>();
    sets.forEach((key, tensors) -> all.add(new WeightSet(key, tensors, unusable)));
    return all;
  }

  @Override
  public Map<String, WeightTensor> tensors() {
    return sets.values().iterator().next();
  }

  @Override
  public SortedMap<String, String> metadata() {
    return Collections.emptySortedMap();
  }

  @Override
  public void close() {}
}
