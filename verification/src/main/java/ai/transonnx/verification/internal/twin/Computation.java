package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes operators with float64 operands, in the form of the model's opset. With {@link Rounding},
 * each result is rounded as a runtime would round it.
 *
 * @param nodes where the nodes are added
 * @param opset the version of ONNX's operators
 * @param rounding rounds each result, if there is one
 */
record Computation(NodeList nodes, Constants constants, long opset, @Nullable Rounding rounding) {

  /** This computation without rounding, inside of an operator that rounds once. */
  Computation exact() {
    return new Computation(nodes, constants, opset, null);
  }

  /** Applies an operator with one output. */
  String apply(String operator, String... inputs) {
    return apply(operator, List.of(), inputs);
  }

  String apply(String operator, List<AttributeProto> attributes, String... inputs) {
    var call = Call.of(operator, List.of(inputs), attributes);
    return apply(call, 1).get(0);
  }

  /**
   * Applies an operator, by its expansion if it has no kernel for float64.
   *
   * @throws NoTwinException if it has neither
   */
  List<String> apply(Call call, int outputs) {
    if (rounding == null) {
      return exactly(call, outputs);
    }
    var rounded = new ArrayList<String>();
    var results = exactly(rounding.operands(call, this), outputs);
    for (int i = 0; i < results.size(); i++) {
      rounded.add(i == 0 ? rounding.result(call, results.get(i), this) : results.get(i));
    }
    return rounded;
  }

  private List<String> exactly(Call call, int outputs) {
    var expansion = Expansions.ofOperator(call.operator());
    if (expansion.isPresent()) {
      return expansion.get().write(call, exact());
    }
    if (!Kernels.hasFloat64(call.operator())) {
      throw new NoTwinException("operator " + call.operator() + " has no float64 form");
    }
    return nodes.add(call.operator(), call.inputs(), call.attributes(), outputs);
  }

  String add(String a, String b) {
    return apply("Add", a, b);
  }

  String subtract(String a, String b) {
    return apply("Sub", a, b);
  }

  String multiply(String a, String b) {
    return apply("Mul", a, b);
  }

  String multiply(String a, double factor) {
    return multiply(a, number(factor));
  }

  String divide(String a, String b) {
    return apply("Div", a, b);
  }

  String number(double value) {
    return constants.number(value);
  }

  /** Applies an operator to integers or booleans, which is exact in every runtime. */
  String plain(String operator, List<AttributeProto> attributes, String... inputs) {
    return nodes.add(operator, List.of(inputs), attributes);
  }

  String plain(String operator, String... inputs) {
    return plain(operator, List.of(), inputs);
  }

  String cast(String value, DataType type) {
    return plain("Cast", List.of(Attributes.integer("to", type.getNumber())), value);
  }

  String toFloat64(String value) {
    return cast(value, DataType.DOUBLE);
  }

  /** Reduces axes and keeps them with size 1. */
  String reduce(String operator, String value, long... axes) {
    return reduce(operator, value, LongStream.of(axes).boxed().toList());
  }

  String reduce(String operator, String value, List<Long> axes) {
    boolean areInput = opset >= (operator.equals("ReduceSum") ? 13 : 18);
    var keep = Attributes.integer("keepdims", 1);
    return areInput
        ? apply(operator, List.of(keep), value, constants.integers(axes))
        : apply(operator, List.of(keep, Attributes.integers("axes", axes)), value);
  }

  String unsqueeze(String value, long... axes) {
    return withAxes("Unsqueeze", value, axes);
  }

  String squeeze(String value, long... axes) {
    return withAxes("Squeeze", value, axes);
  }

  private String withAxes(String operator, String value, long... axes) {
    var list = LongStream.of(axes).boxed().toList();
    return opset >= 13
        ? plain(operator, value, constants.integers(list))
        : plain(operator, List.of(Attributes.integers("axes", list)), value);
  }

  String reshape(String value, String shape) {
    return plain("Reshape", value, shape);
  }

  String reshape(String value, long... shape) {
    return reshape(value, constants.integers(shape));
  }

  String transpose(String value, long... permutation) {
    var order = LongStream.of(permutation).boxed().collect(Collectors.toList());
    return plain("Transpose", List.of(Attributes.integers("perm", order)), value);
  }

  /** The elements from {@code start} to {@code end} along an axis. */
  String slice(String value, long start, long end, long axis) {
    return plain(
        "Slice",
        value,
        constants.integers(start),
        constants.integers(end),
        constants.integers(axis));
  }

  String concat(long axis, String... values) {
    return plain("Concat", List.of(Attributes.integer("axis", axis)), values);
  }

  /** The shape of a value, an int64 vector. */
  String shape(String value) {
    return plain("Shape", value);
  }

  /** One size of a value, an int64 vector of one element. */
  String size(String value, long axis) {
    return plain("Gather", shape(value), constants.integers(axis));
  }

  /** One size of a value, a float64 vector of one element. */
  String length(String value, long axis) {
    return toFloat64(size(value, axis));
  }

  /** The number of elements, a float64 scalar. */
  String count(String value) {
    return toFloat64(plain("Size", value));
  }
}
