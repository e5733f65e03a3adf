package ai.transonnx.op;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/**
 * Conversions between element types.
 *
 * <p>Operators insert the casts that float16 and bfloat16 models need, so that layers need no code
 * for precision. Matrix products take operands of the {@linkplain #computeType compute type} and
 * return it; sums, norms, softmax and transcendental functions take and return float32. Operands of
 * different floating-point types are all cast to float32, except constants, which are converted to
 * the type of the other operands where it can hold them.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Conversions {
  /** Converts to another element type, with rounding if it is narrower. */
  Value cast(Value x, ElementType to);

  /**
   * Converts a scalar constant to float16 or bfloat16; empty if {@code x} is not a scalar constant
   * or the type cannot hold its value.
   */
  Optional<Value> narrowedConstant(Value x, ElementType type);

  /** The element type of the operands and results of matrix products in this scope. */
  ElementType computeType();

  /**
   * The element type of values that are no operands or results of matrix products: float64 in a
   * float64 model, float32 in all others.
   */
  ElementType wideType();

  /** Casts float16 and bfloat16 to float32; returns other types unchanged. */
  default Value widen(Value x) {
    return x.elements().isHalf() ? cast(x, ElementType.FLOAT32) : x;
  }

  /** Casts a floating-point operand of a matrix product to the compute type. */
  default Value operand(Value x) {
    return x.elements().isFloatingPoint() ? cast(x, computeType()) : x;
  }

  /**
   * Casts operands of different floating-point types to one type; returns any other operands
   * unchanged.
   */
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
