package ai.transonnx.verification.internal.calibration;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Writes a model whose outputs are the second moments of the inputs of matrices. Each vector counts
 * alike: it is divided by its length, so that few of extreme length do not decide alone. The
 * moments of the iterations of a loop are outputs of the loop, and summed after it.
 *
 * <p>Not thread-safe.
 */
final class MomentsModel {
  private static final String PREFIX = "moments/";

  /** Vectors of a smaller squared length count as zero. */
  private static final float NEGLIGIBLE = 1e-30f;

  private final ProductMatrices matrices;
  private final Set<String> wanted;
  private int values;

  private MomentsModel(ProductMatrices matrices, Set<String> wanted) {
    this.matrices = matrices;
    this.wanted = wanted;
  }

  /**
   * The model with the moments as its only outputs, and without metadata.
   *
   * @param wanted names of matrices
   */
  static ModelProto of(ModelProto model, ProductMatrices matrices, Set<String> wanted) {
    var changed = model.toBuilder().clearMetadataProps();
    var graph = changed.getGraphBuilder().clearOutput();
    new MomentsModel(matrices, wanted)
        .sums(graph)
        .forEach(
            (weight, sum) -> {
              graph.addNode(node("Identity", output(weight), sum));
              graph.addOutput(port(output(weight), matrices.widths().getOrDefault(weight, 0)));
            });
    return changed.build();
  }

  /** The name of the output with the moments of a matrix. */
  static String output(String weight) {
    return PREFIX + weight;
  }

  /** Adds the nodes that sum the moments of each matrix in a graph; the results by its name. */
  private Map<String, String> sums(GraphProto.Builder graph) {
    var terms = new LinkedHashMap<String, List<String>>();
    int count = graph.getNodeCount();
    for (int i = 0; i < count; i++) {
      var node = graph.getNode(i);
      matrices
          .matrix(node)
          .filter(wanted::contains)
          .ifPresent(
              weight ->
                  terms
                      .computeIfAbsent(weight, name -> new ArrayList<>())
                      .add(moments(graph, node.getInput(0), weight)));
      if (ProductMatrices.isLoop(node)) {
        ofLoop(graph, graph.getNodeBuilder(i))
            .forEach(
                (weight, sum) -> terms.computeIfAbsent(weight, name -> new ArrayList<>()).add(sum));
      }
    }
    var sums = new LinkedHashMap<String, String>();
    terms.forEach(
        (weight, all) ->
            sums.put(
                weight,
                all.size() == 1 ? all.get(0) : add(graph, "Sum", all.toArray(String[]::new))));
    return sums;
  }

  /** The sum of {@code x * transpose(x) / (x * x)} over the vectors {@code x} of a value. */
  private String moments(GraphProto.Builder graph, String value, String weight) {
    int width = matrices.widths().getOrDefault(weight, 0);
    var x = add(graph, "Reshape", value, constant(graph, -1, width)); // [rows, width]
    var squares = add(graph, "ReduceSum", add(graph, "Mul", x, x), constant(graph, 1)); // [rows, 1]
    var length = add(graph, "Sqrt", add(graph, "Max", squares, number(graph, NEGLIGIBLE)));
    var unit = add(graph, "Div", x, length);
    var product = node("Gemm", fresh(), unit, unit).addAttribute(integer("transA", 1));
    graph.addNode(product);
    return product.getOutput(0);
  }

  /** Makes the sums of a loop's body its outputs, and adds their sums over the iterations. */
  private Map<String, String> ofLoop(GraphProto.Builder graph, NodeProto.Builder loop) {
    var body = loop.getAttributeBuilder(0).getGBuilder();
    var sums = new LinkedHashMap<String, String>();
    sums(body)
        .forEach(
            (weight, sum) -> {
              body.addOutput(port(sum, matrices.widths().getOrDefault(weight, 0)));
              var stacked = fresh();
              loop.addOutput(stacked); // [iterations, width, width]
              sums.put(
                  weight,
                  add(
                      graph,
                      node("ReduceSum", fresh(), stacked, constant(graph, 0))
                          .addAttribute(integer("keepdims", 0))));
            });
    return sums;
  }

  private String fresh() {
    return PREFIX + "value_" + values++;
  }

  private String add(GraphProto.Builder graph, String operator, String... inputs) {
    return add(graph, node(operator, fresh(), inputs));
  }

  private static String add(GraphProto.Builder graph, NodeProto.Builder node) {
    graph.addNode(node);
    return node.getOutput(0);
  }

  private static NodeProto.Builder node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private String constant(GraphProto.Builder graph, long... numbers) {
    return constant(
        graph,
        TensorProto.newBuilder()
            .setDataType(DataType.INT64_VALUE)
            .addDims(numbers.length)
            .addAllInt64Data(LongStream.of(numbers).boxed().toList()));
  }

  private String number(GraphProto.Builder graph, float value) {
    return constant(
        graph, TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE).addFloatData(value));
  }

  private String constant(GraphProto.Builder graph, TensorProto.Builder value) {
    var attribute =
        AttributeProto.newBuilder()
            .setName("value")
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(value);
    return add(graph, node("Constant", fresh()).addAttribute(attribute));
  }

  private static ValueInfoProto port(String name, int width) {
    var port = ValueInfoProto.newBuilder().setName(name);
    var type = port.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);
    type.getShapeBuilder().addDimBuilder().setDimValue(width);
    type.getShapeBuilder().addDimBuilder().setDimValue(width);
    return port.build();
  }
}
