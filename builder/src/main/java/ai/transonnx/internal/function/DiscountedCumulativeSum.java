package ai.transonnx.internal.function;

import static ai.transonnx.format.ElementType.FLOAT32;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A discounted running sum: {@code y[t] = x[t] + gamma * y[t - 1]}.
 *
 * <p>Follows torch-discounted-cumsum's {@code discounted_cumsum_left}. A single position, as in
 * generation, is added to the discounted past. For several positions, the body splits the sequence
 * into blocks of {@value #BLOCK} positions. One matrix product with a triangle of powers of gamma
 * computes the sums within all blocks; another over the blocks' last rows carries the sums from
 * block to block. For n positions these cost {@code 64 n + (n / 64)^2} multiplications per column,
 * without a loop or an n x n matrix.
 *
 * @param gamma the discount
 */
public record DiscountedCumulativeSum(double gamma) implements CustomOperator {
  private static final int BLOCK = 64;

  /**
   * Computes the sums of a sequence.
   *
   * @param x {@code [b, n, d]}
   * @param past {@code [b, 1, d]}: the sum at the position before {@code x}, or zeros
   * @return {@code [b, n, d]}
   */
  public Value of(Scope scope, Value x, Value past) {
    return scope.call(this, x, past).get(0);
  }

  @Override
  public String name() {
    return "DiscountedCumulativeSum";
  }

  @Override
  public String documentation() {
    return """
    A running sum in which the past fades.
    Inputs: x (b, n, d), the sequence; past (b, 1, d), the sum at the position before it, zeros at the start.
    Outputs: y (b, n, d).
    Attributes: gamma (float; in float64, a scalar tensor), the discount.
    y[t] = x[t] + gamma * y[t - 1] for t = 0 .. n - 1, where y[-1] = past.
    """;
  }

  @Override
  public SortedMap<String, Attribute> attributes() {
    return new TreeMap<>(Map.of("gamma", new Attribute.Real(gamma)));
  }

  @Override
  public List<Formal> inputs() {
    var b = Dim.of("b");
    var d = Dim.of("d");
    return List.of(
        new Formal("x", new TensorType(FLOAT32, Shape.of(b, Dim.of("n"), d))),
        new Formal("past", new TensorType(FLOAT32, Shape.of(b, Dim.of(1), d))));
  }

  @Override
  public List<String> outputs() {
    return List.of("y");
  }

  @Override
  public List<Value> body(Scope s, List<Value> inputs) {
    var x = inputs.get(0); // [b, n, d]
    var past = inputs.get(1); // [b, 1, d]
    var discount = s.attribute("gamma", s.wideType());
    var length = s.size(x, 1); // [1]
    return s.ifElse(
        s.equal(length, s.vector(1)),
        List.of(x.type()),
        one -> List.of(one.add(x, one.mul(past, discount))),
        many -> List.of(manyPositions(many, x, past, discount, length)));
  }

  private static Value manyPositions(Scope s, Value x, Value past, Value discount, Value length) {
    Dim b = x.dim(0);
    Dim d = x.dim(2);
    Dim m = s.unknownDim(); // positions in a block
    Dim k = s.unknownDim(); // blocks
    var block = s.min(length, s.vector(BLOCK)); // a short sequence is one block
    var padding = s.mod(s.neg(length), block);
    var padded = s.padEnd(x, 1, padding, s.unknownDim()); // [b, k * m, d]
    var cut = s.concat(0, s.vector(0, -1), block, s.size(x, 2));
    var blocks = s.reshape(padded, cut, Shape.of(b, k, m, d)); // [b, k, m, d]

    var within = s.matMul(powers(s, discount, block, m), blocks); // [b, k, m, d]

    var ends = s.squeeze(s.slice(within, 2, -1, Scope.END), 2); // [b, k, d]
    var starts = s.concat(1, past, s.slice(ends, 1, 0, -1)); // [b, k, d]
    var blockDiscount = s.pow(discount, s.cast(block, s.wideType())); // [1]
    var carried = s.matMul(powers(s, blockDiscount, s.size(blocks, 1), k), starts); // [b, k, d]

    var age = s.add(s.range(block, m), s.scalar(1L)); // [m]: positions since the block before
    var fading = s.unsqueeze(s.pow(discount, s.cast(age, s.wideType())), 1); // [m, 1]
    var sums = s.add(within, s.mul(s.unsqueeze(carried, 2), fading)); // [b, k, m, d]

    var joined =
        s.reshape(
            sums,
            s.concat(0, s.vector(0, -1), s.size(x, 2)),
            Shape.of(b, s.unknownDim(), d)); // [b, k * m, d]
    return s.slice(joined, 1, s.vector(0), length, x.dim(1)); // [b, n, d]
  }

  /** The triangle {@code base^(i - j)} for i >= j, else 0: {@code [size, size]}. */
  private static Value powers(Scope s, Value base, Value count, Dim size) {
    var steps = s.range(count, size); // [size]
    var ages = s.sub(s.unsqueeze(steps, 1), s.unsqueeze(steps, 0)); // [size, size]
    var exponents = s.cast(s.max(ages, s.scalar(0L)), s.wideType());
    var seen = s.greaterOrEqual(ages, s.scalar(0L));
    return s.where(seen, s.pow(base, exponents), s.scalar(0f));
  }
}
