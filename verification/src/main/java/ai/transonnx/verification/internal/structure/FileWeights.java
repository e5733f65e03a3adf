package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The weights among a file's initializers, by names that no rule for the names of checkpoints
 * applies to: {@code w0}, {@code w1} and so on. Threads may share it.
 *
 * @param names the names by those of the initializers
 */
record FileWeights(ModelFile file, Map<String, String> names, Map<String, WeightTensor> tensors)
    implements WeightFile {
  /**
   * The weights of a file. Other initializers are left out: constants, and those of changed
   * operators, whose results show the change.
   *
   * @param model the graph that the file is expected to have
   * @throws NoTwinException if a weight of the model is missing, or has another type or shape
   */
  static FileWeights of(ModelFile file, Model model) {
    var stored = new LinkedHashMap<String, TensorProto>();
    file.proto().getGraph().getInitializerList().forEach(one -> stored.put(one.getName(), one));
    var names = new LinkedHashMap<String, String>();
    var tensors = new LinkedHashMap<String, WeightTensor>();
    for (var parameter : model.graph().parameters()) {
      var initializer = stored.get(parameter.name());
      if (initializer == null) {
        throw new NoTwinException(
            "the class of its metadata has a weight '%s', which is no initializer of the file"
                .formatted(parameter.name()));
      }
      check(parameter, initializer);
      var name = "w" + names.size();
      names.put(parameter.name(), name);
      tensors.put(name, tensor(file, name, initializer));
    }
    return new FileWeights(
        file, Collections.unmodifiableMap(names), Collections.unmodifiableMap(tensors));
  }

  private static void check(Parameter parameter, TensorProto initializer) {
    var elements = ElementType.ofOnnxNumber(initializer.getDataType());
    long[] sizes = initializer.getDimsList().stream().mapToLong(Long::longValue).toArray();
    boolean fits =
        elements.equals(Optional.of(parameter.elements()))
            && Shape.of(sizes).equals(parameter.shape());
    if (!fits) {
      throw new NoTwinException(
          "its initializer '%s' is %s%s; the class of its metadata has %s%s"
              .formatted(
                  parameter.name(),
                  elements.map(ElementType::toString).orElse("of an unknown type "),
                  initializer.getDimsList(),
                  parameter.elements(),
                  parameter.shape()));
    }
  }

  private static WeightTensor tensor(ModelFile file, String name, TensorProto initializer) {
    var elements = ElementType.ofOnnxNumber(initializer.getDataType()).orElseThrow();
    long[] sizes = initializer.getDimsList().stream().mapToLong(Long::longValue).toArray();
    try {
      var bytes = file.elements(initializer);
      Content content =
          (offset, length) ->
              bytes.slice(Math.toIntExact(offset), length).order(ByteOrder.LITTLE_ENDIAN);
      return new WeightTensor(name, new TensorType(elements, Shape.of(sizes)), content);
    } catch (InputException e) {
      throw new NoTwinException(FileArchitecture.firstLine(e.getMessage()));
    }
  }

  @Override
  public Path path() {
    return file.file();
  }

  @Override
  public String format() {
    return "ONNX";
  }

  @Override
  public SortedMap<String, String> metadata() {
    return Collections.emptySortedMap();
  }

  @Override
  public void close() {
    // Mapped buffers are released with the last reference to them.
  }
}
