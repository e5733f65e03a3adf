package ai.transonnx.op;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Changes of the element type.
 *
 * <p>Operators make those that a model of half the bits needs, so that layers are the same in every
 * precision: products take and make the {@linkplain #computeType type of products}; sums, norms,
 * softmax and transcendental functions take and make float32; operands of several floating-point
 * types all become float32, but that a constant number takes the others' type.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Conversions {
  /** The same numbers in another type, rounded if it is narrower. */
  Value cast(Value x, ElementType to);

  /**
   * A number as a constant of a type of 16 bits, if it is a constant that the type has room for.
   */
  Optional<Value> narrowedConstant(Value x, ElementType type);

  /** What products take and make here. */
  ElementType computeType();

  /** As float32, if it has half the bits. */
  default Value widen(Value x) {
    return x.elements().isHalf() ? cast(x, ElementType.FLOAT32) : x;
  }

  /** As an operand of a product. */
  default Value operand(Value x) {
    return x.elements().isFloatingPoint() ? cast(x, computeType()) : x;
  }

  /** Operands in one floating-point type, if they are of several; any others as they are. */
  default List<Value> promoted(Value... values) {
    var all = Arrays.asList(values);
    var types = EnumSet.noneOf(ElementType.class);
    for (var value : values) {
      types.add(value.elements());
    }
    if (types.size() == 1 || !types.stream().allMatch(ElementType::isFloatingPoint)) {
      return all;
    }
    var half = all.stream().map(Value::elements).filter(ElementType::isHalf).findFirst();
    var narrow = new ArrayList<Value>();
    for (var value : all) {
      if (half.isPresent() && value.elements() != half.get()) {
        narrowedConstant(value, half.get()).ifPresent(narrow::add);
      } else {
        narrow.add(value);
      }
    }
    return narrow.size() == all.size() ? narrow : all.stream().map(this::widen).toList();
  }
}
