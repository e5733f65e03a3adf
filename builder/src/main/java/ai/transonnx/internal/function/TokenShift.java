package ai.transonnx.internal.function;

import static ai.transonnx.format.ElementType.FLOAT32;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * Shifts a sequence along its positions: each position gets the row of {@code s} positions before.
 *
 * <p>{@code s} is the number of rows of {@code past}. These rows fill the first positions, so that
 * a sequence can be shifted in chunks.
 */
public record TokenShift() implements CustomOperator {
  /**
   * The results of a call.
   *
   * @param shifted {@code [b, n, d]}
   * @param present the {@code past} of the next call: {@code [b, s, d]}
   */
  public record Result(Value shifted, Value present) {}

  /**
   * Shifts a sequence.
   *
   * @param x {@code [b, n, d]}
   * @param past {@code [b, s, d]}: the last rows of the sequence before {@code x}, or zeros
   */
  public static Result of(Scope scope, Value x, Value past) {
    var outputs = scope.call(new TokenShift(), x, past);
    return new Result(outputs.get(0), outputs.get(1));
  }

  @Override
  public String name() {
    return "TokenShift";
  }

  @Override
  public String documentation() {
    return """
        Shifts a sequence along its positions by as many as `past` has rows.
        Inputs: x (b, n, d), the sequence; past (b, s, d), the s rows before it, zeros at the start.
        Outputs: y (b, n, d); present (b, s, d), the `past` of the rows that follow.
        With z = the rows of past, then those of x: y[t] = z[t] for t < n, present[t] = z[n + t].
        """;
  }

  @Override
  public SortedMap<String, Attribute> attributes() {
    return Collections.emptySortedMap();
  }

  @Override
  public List<Formal> inputs() {
    var b = Dim.of("b");
    var d = Dim.of("d");
    return List.of(
        new Formal("x", new TensorType(FLOAT32, Shape.of(b, Dim.of("n"), d))),
        new Formal("past", new TensorType(FLOAT32, Shape.of(b, Dim.of("s"), d))));
  }

  @Override
  public List<String> outputs() {
    return List.of("y", "present");
  }

  @Override
  public List<Value> body(Scope s, List<Value> inputs) {
    var x = inputs.get(0); // [b, n, d]
    var past = inputs.get(1); // [b, s, d]
    var joined = s.concat(1, past, x); // [b, s + n, d]
    var length = s.size(x, 1); // [1]
    var shifted = s.slice(joined, 1, s.vector(0), length, x.dim(1)); // [b, n, d]
    var present = s.slice(joined, 1, length, s.vector(Scope.END), past.dim(1)); // [b, s, d]
    return List.of(shifted, present);
  }
}
