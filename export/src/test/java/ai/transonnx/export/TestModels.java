package ai.transonnx.export;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.FunctionTemplate;
import ai.transonnx.graph.GraphBuilder;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Small models with all elements of a file. */
public final class TestModels {
  /** The sizes of {@code x}. */
  public static final Shape SHAPE = Shape.of(Dim.of("batch"), Dim.of("length"), Dim.of(4));

  private TestModels() {}

  /**
   * A model with a stored and a derived parameter ({@code weight} [4, 4] and {@code bias} [4]), a
   * constant, a function that calls another, a branch, state and a property.
   */
  public static Model full(int opset) {
    var builder = new ModelBuilder("test", EmitOptions.STANDARD.withOpset(opset));
    var graph = builder.graph();
    var x = graph.input("x", new TensorType(ElementType.FLOAT32, SHAPE));
    var past =
        builder.past(
            "sum",
            StateRole.MEMORY,
            new TensorType(
                ElementType.FLOAT32, Shape.of(Dim.of("batch"), Dim.of("past"), Dim.of(4))),
            Shape.of(Dim.of("batch"), Dim.of(0), Dim.of(4)));
    var weight = graph.parameter("", parameter("weight", stored("weight", 4, 4)));
    var turned =
        graph.parameter(
            "",
            parameter("weight.turned", new WeightExpression.Transposed(stored("weight", 4, 4))));
    var bias = graph.parameter("", parameter("bias", stored("bias", 4)));
    var sum = graph.call("net.0", new Twice(2), List.of(x)).get(0);
    for (var operand : List.of(weight, turned, bias)) {
      sum = node(graph, "net.0", "Add", sum.type(), sum, operand);
    }
    var flag = graph.constant(Tensor.vector(1));
    var condition =
        graph
            .operation("net.1", "", "Cast")
            .input(flag)
            .attribute("to", ElementType.BOOL.onnxNumber())
            .output(ElementType.BOOL, Shape.of(1));
    var chosen =
        graph
            .operation("net.1", "", "If")
            .input(condition)
            .attribute("then_branch", branch(graph, sum, "Neg"))
            .attribute("else_branch", branch(graph, sum, "Abs"))
            .output(sum.type());
    builder.output("y", chosen);
    var seen =
        graph
            .operation("", "", "NonZero")
            .input(flag)
            .output(ElementType.INT64, Shape.of(Dim.of(1), graph.unknownDim()));
    builder.output("seen", seen);
    builder.present("sum", past);
    builder.property(MetadataKey.GROUP_SIZE, 8);
    return builder.build();
  }

  private static Attribute branch(GraphBuilder graph, Value operand, String operator) {
    var body = graph.branch();
    var result = node(body, "net.1", operator, operand.type(), operand);
    return new Attribute.Branch(body.finish(operator, List.of(result)));
  }

  private static Value node(
      GraphBuilder body, String path, String operator, TensorType type, Value... operands) {
    return body.operation(path, "", operator).inputs(operands).output(type);
  }

  private static Parameter parameter(String name, WeightExpression source) {
    return new Parameter(name, ElementType.FLOAT32, source);
  }

  private static WeightExpression stored(String name, long... sizes) {
    return new WeightExpression.Stored(name, Shape.of(sizes));
  }

  /** Adds a tensor to itself; its body refers to its attribute. */
  private record Twice(long times) implements FunctionTemplate {
    private static final TensorType TYPE = new TensorType(ElementType.FLOAT32, SHAPE);

    @Override
    public String name() {
      return "Twice";
    }

    @Override
    public String documentation() {
      return "Y = X + X";
    }

    @Override
    public SortedMap<String, Attribute> attributes() {
      return new TreeMap<>(Map.of("times", new Attribute.Int(times)));
    }

    @Override
    public List<Formal> inputs() {
      return List.of(new Formal("X", TYPE));
    }

    @Override
    public List<String> outputs() {
      return List.of("Y");
    }

    @Override
    public List<Value> body(GraphBuilder body, List<Value> inputs) {
      body.attribute("times", ElementType.INT64);
      var same = body.call("", new Same(), inputs).get(0);
      return List.of(node(body, "", "Add", TYPE, same, same));
    }
  }

  /** Returns its input. */
  private record Same() implements FunctionTemplate {
    @Override
    public String name() {
      return "Same";
    }

    @Override
    public String documentation() {
      return "Y = X";
    }

    @Override
    public SortedMap<String, Attribute> attributes() {
      return new TreeMap<>();
    }

    @Override
    public List<Formal> inputs() {
      return List.of(new Formal("X", Twice.TYPE));
    }

    @Override
    public List<String> outputs() {
      return List.of("Y");
    }

    @Override
    public List<Value> body(GraphBuilder body, List<Value> inputs) {
      return List.of(node(body, "", "Identity", Twice.TYPE, inputs.get(0)));
    }
  }
}
