package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.QuantizedParameter;
import ai.transonnx.graph.QuantizedPart;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The weights among a file's initializers, by names that no rule for the names of checkpoints
 * applies to: {@code w0}, {@code w1} and so on. Threads may share it.
 *
 * @param sources the weights of the expected graph by their names, as expressions of {@code
 *     tensors}; one that the file has quantized is the transpose of a tensor if it has blocks along
 *     its columns
 * @param tensors quantized ones are float64, the products of their integers and scales
 */
record FileWeights(
    ModelFile file, Map<String, WeightExpression> sources, Map<String, WeightTensor> tensors)
    implements WeightFile {
  /**
   * The weights of a file. Other initializers are left out: constants, and those of changed
   * operators, whose results show the change.
   *
   * @param model the graph that the file is expected to have
   * @param quantized the parameters of the file that replace some of the graph's weights, unless
   *     the file has these as they are
   * @throws NoTwinException if a weight of the model is missing, or has another type or shape
   */
  static FileWeights of(
      ModelFile file, Model model, Map<String, List<QuantizedParameter>> quantized) {
    var weights = new FileWeights(file, new LinkedHashMap<>(), new LinkedHashMap<>());
    var stored = new HashMap<String, TensorProto>();
    file.proto().getGraph().getInitializerList().forEach(one -> stored.put(one.getName(), one));
    for (var parameter : model.graph().parameters()) {
      var uses = quantized.getOrDefault(parameter.name(), List.of());
      if (uses.isEmpty() || stored.containsKey(parameter.name())) {
        weights.add(parameter, stored);
      } else {
        weights.addQuantized(parameter, uses, stored);
      }
    }
    return new FileWeights(
        file,
        Collections.unmodifiableMap(weights.sources),
        Collections.unmodifiableMap(weights.tensors));
  }

  private void add(Parameter parameter, Map<String, TensorProto> stored) {
    var initializer = initializer(parameter, stored);
    var name = "w" + sources.size();
    sources.put(parameter.name(), new WeightExpression.Stored(name, parameter.shape()));
    Content content =
        (offset, length) ->
            initializer.slice(Math.toIntExact(offset), length).order(ByteOrder.LITTLE_ENDIAN);
    var type = new TensorType(parameter.elements(), parameter.shape());
    tensors.put(name, new WeightTensor(name, type, content));
  }

  /** All uses have the same integers, or results of the file differ from those of its class. */
  private void addQuantized(
      Parameter parameter, List<QuantizedParameter> uses, Map<String, TensorProto> stored) {
    var first = uses.get(0);
    if (uses.stream().anyMatch(use -> use.isTransposed() != first.isTransposed())) {
      throw new NoTwinException(
          "its weight '%s' is quantized along its rows and its columns"
              .formatted(parameter.name()));
    }
    var rows =
        new DequantizedRows(
            part(first.values(), stored),
            part(first.scales(), stored),
            first.zeroPoints().map(points -> part(points, stored)));
    var name = "w" + sources.size();
    var matrix = new WeightExpression.Stored(name, first.matrix().of().shape());
    sources.put(parameter.name(), first.isTransposed() ? matrix.transposed() : matrix);
    var type = new TensorType(ElementType.FLOAT64, matrix.shape());
    tensors.put(name, new WeightTensor(name, type, rows));
  }

  private DequantizedRows.Part part(Parameter parameter, Map<String, TensorProto> stored) {
    return new DequantizedRows.Part(
        (QuantizedPart) parameter.source(), initializer(parameter, stored));
  }

  private ByteBuffer initializer(Parameter parameter, Map<String, TensorProto> stored) {
    var initializer = stored.get(parameter.name());
    if (initializer == null) {
      throw new NoTwinException(
          "the class of its metadata has a weight '%s', which is no initializer of the file"
              .formatted(parameter.name()));
    }
    check(parameter, initializer);
    try {
      return file.elements(initializer);
    } catch (InputException e) {
      throw new NoTwinException(FileArchitecture.firstLine(e.getMessage()));
    }
  }

  /** Whether the file has a weight of the expected graph as it is, not quantized. */
  boolean isPlain(String weight) {
    var source = sources.get(weight);
    return source != null && !isDequantized(source);
  }

  /** Whether an expression of these tensors has elements that are only exact in float64. */
  boolean isDequantized(WeightExpression source) {
    return source.stored().stream()
        .map(one -> tensors.get(one.name()))
        .anyMatch(tensor -> tensor != null && tensor.content() instanceof DequantizedRows);
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
