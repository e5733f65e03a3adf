package ai.transonnx.internal.function;

import static ai.transonnx.format.ElementType.FLOAT32;
import static ai.transonnx.format.ElementType.INT64;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The token shift of token-shift-gpt: each chunk of features is replaced with its mean over a
 * segment of past positions. Each next chunk's segment is twice as long and twice as far away.
 *
 * <p>At position t, chunk i, of shift s = 2^i, is the sum over the positions {@code t - 2s + 1 .. t
 * - s}, divided by {@code min(max(t - s, 0), s) + 1e-5}. (The library computes this: while the
 * segment is incomplete, the divisor is one less than the number of its positions, so position s
 * has 100,000 times the value of the first position.) The last chunk is unchanged.
 *
 * <p>The state consists of the last 2s rows of each shifted chunk. The body has two forms. For a
 * single position, as in generation, it moves these rows up by one and sums the first half of them
 * with a matrix product by ones and zeros. Several positions are split into blocks of s; each
 * segment is the end of one block and the start of the next. No sum is longer than a segment, so
 * the rounding error does not grow with the sequence.
 *
 * @param features the number of features, h
 * @param chunk the number of features of a shifted chunk
 * @param shifted the number of shifted chunks, at least 1
 */
public record ShiftedSegmentMeans(long features, long chunk, int shifted)
    implements CustomOperator {
  private static final double EPSILON = 1e-5;

  /**
   * The results of a call.
   *
   * @param means {@code [b, n, h]}
   * @param present the {@code past} of the next call: {@code [b, pastRows(), chunk]}
   */
  public record Result(Value means, Value present) {}

  /**
   * Applies the operator.
   *
   * @param x {@code [b, n, h]}
   * @param position int64 {@code [b]}: the position of the first row of {@code x}
   * @param past {@code [b, pastRows(), chunk]}, zeros at the start
   * @return the means, and the {@code past} of the next call
   */
  public Result of(Scope scope, Value x, Value position, Value past) {
    var outputs = scope.call(this, x, position, past);
    return new Result(outputs.get(0), outputs.get(1));
  }

  /** The number of past rows that the segments need: 2s for each shifted chunk. */
  public long pastRows() {
    return Arrays.stream(histories()).sum();
  }

  @Override
  public String name() {
    return "ShiftedSegmentMeans";
  }

  @Override
  public String documentation() {
    return """
    The token shift of token-shift-gpt: chunk i of the features, of shift s = 2^i, sees the mean of a segment of the past.
    Inputs: x (b, n, h), the sequence; position (b), int64, the position of its first row; past (b, r, chunk), zeros at the start, where r is the sum of all 2s: for each shifted chunk the 2s rows before x, oldest first, one chunk after the other.
    Outputs: y (b, n, h); present (b, r, chunk), the `past` of the rows that follow.
    Attributes: chunk (int), the features of a shifted chunk; shifted (int), the number of shifted chunks, for which this body is written out.
    In chunk i, at position t = position + row: y[t] = (x[t - 2s + 1] + .. + x[t - s]) / (min(max(t - s, 0), s) + 1e-5), rows before position 0 being zero. Features behind the shifted chunks pass.
    """;
  }

  @Override
  public SortedMap<String, Attribute> attributes() {
    return new TreeMap<>(
        Map.of("chunk", new Attribute.Int(chunk), "shifted", new Attribute.Int(shifted)));
  }

  @Override
  public List<Formal> inputs() {
    var b = Dim.of("b");
    var x = Shape.of(b, Dim.of("n"), Dim.of(features));
    var past = Shape.of(b, Dim.of(pastRows()), Dim.of(chunk));
    return List.of(
        new Formal("x", new TensorType(FLOAT32, x)),
        new Formal("position", new TensorType(INT64, Shape.of(b))),
        new Formal("past", new TensorType(FLOAT32, past)));
  }

  @Override
  public List<String> outputs() {
    return List.of("y", "present");
  }

  @Override
  public List<Value> body(Scope s, List<Value> inputs) {
    var x = inputs.get(0); // [b, n, h]
    var past = inputs.get(2); // [b, r, c]
    var length = s.size(x, 1); // [1]
    var divisors = divisors(s, inputs.get(1), length, x.dim(1)); // [b, n, k]
    return s.ifElse(
        s.equal(length, s.vector(1)),
        List.of(x.type(), past.type()),
        one -> onePosition(one, x, past, divisors),
        many -> manyPositions(many, x, past, divisors, length));
  }

  /** The divisors of the sums: {@code [b, n, k]}. */
  private Value divisors(Scope s, Value position, Value length, Dim n) {
    var shifts = s.vector(shifts()); // [k]
    var times = s.add(s.unsqueeze(position, 1), s.range(length, n)); // [b, n]
    var since = s.sub(s.unsqueeze(times, 2), shifts); // [b, n, k]
    var counts = s.min(s.max(since, s.scalar(0L)), shifts);
    return s.add(s.cast(counts, s.wideType()), s.scalar(EPSILON));
  }

  private List<Value> onePosition(Scope s, Value x, Value past, Value divisors) {
    Dim b = x.dim(0);
    Dim k = Dim.of(shifted);
    Dim c = Dim.of(chunk);
    long moving = chunk * shifted;
    var one = s.reshape(x, s.vector(0, 1, -1), x.shape().with(1, Dim.of(1))); // [b, 1, h]
    var rows = s.reshape(s.slice(one, 2, 0, moving), Shape.of(b, k, c)); // [b, k, c]
    var joined = s.concat(1, past, rows); // [b, r + k, c]
    var present = s.gather(joined, 1, s.vector(rowsMovedUp())); // [b, r, c]
    var sums = s.matMul(firstHalves(s), present); // [b, k, c]
    var divisor = s.reshape(divisors, Shape.of(b, k, Dim.of(1))); // [b, k, 1]
    var means = s.reshape(s.div(sums, divisor), Shape.of(b, Dim.of(1), Dim.of(moving)));
    var passed = s.slice(one, 2, moving, Scope.END);
    return List.of(s.concat(2, means, passed), present);
  }

  /** The indices of the rows that each chunk keeps, in the old rows followed by the new ones. */
  private long[] rowsMovedUp() {
    var rows = LongStream.builder();
    long start = 0;
    for (int i = 0; i < shifted; i++) {
      long end = start + histories()[i];
      LongStream.range(start + 1, end).forEach(rows);
      rows.add(pastRows() + i);
      start = end;
    }
    return rows.build().toArray();
  }

  /** Ones where a row of {@code present} belongs to the segment of a chunk: {@code [k, r]}. */
  private Value firstHalves(Scope s) {
    int rows = Math.toIntExact(pastRows());
    var ones = new double[shifted * rows];
    int start = 0;
    for (int i = 0; i < shifted; i++) {
      int shift = 1 << i;
      Arrays.fill(ones, i * rows + start, i * rows + start + shift, 1);
      start += 2 * shift;
    }
    return s.constant(Shape.of(shifted, rows), ones);
  }

  private List<Value> manyPositions(Scope s, Value x, Value past, Value divisors, Value length) {
    var histories = s.split(past, 1, histories()); // each [b, 2s, c]
    var chunks = s.split(x, 2, chunkSizes()); // each [b, n, c], then the unchanged features
    var means = new ArrayList<Value>();
    var presents = new ArrayList<Value>();
    for (int i = 0; i < shifted; i++) {
      long shift = 1L << i;
      var joined = wholeBlocks(s, histories.get(i), chunks.get(i), shift, length);
      var sums = segmentSums(s, joined, shift, length, x.dim(1)); // [b, n, c]
      means.add(s.div(sums, s.slice(divisors, 2, i, i + 1)));
      presents.add(rows(s, joined, length, s.vector(2 * shift), Dim.of(2 * shift))); // [b, 2s, c]
    }
    means.add(chunks.get(shifted));
    return List.of(s.concat(2, means), s.concat(1, presents));
  }

  /** The history, then the chunk, then zeros up to a multiple of the shift. */
  private Value wholeBlocks(Scope s, Value history, Value x, long shift, Value length) {
    if (shift == 1) {
      return s.concat(1, history, x);
    }
    var missing = s.mod(s.neg(length), s.vector(shift)); // [1]
    var sizes = s.concat(0, s.size(x, 0), missing, s.vector(chunk)); // [3]
    var shape = x.shape().with(1, s.unknownDim());
    var zeros = s.expand(s.constant(Shape.of(1, 1, 1), 0), sizes, shape);
    return s.concat(1, history, x, zeros); // [b, 2s + n + missing, c]
  }

  /**
   * Row t is the sum of the rows {@code t + 1 .. t + shift} of {@code joined}: the rows after row t
   * in its block, and the rows of the next block up to row {@code t + shift}.
   *
   * @param joined {@code [b, m, c]}, whole blocks of {@code shift} rows; the first two are the
   *     history
   * @return {@code [b, n, c]}
   */
  private Value segmentSums(Scope s, Value joined, long shift, Value length, Dim n) {
    if (shift == 1) {
      return rows(s, joined, s.vector(1), length, n);
    }
    Dim b = joined.dim(0);
    Dim c = Dim.of(chunk);
    var inBlocks = Shape.of(b, s.unknownDim(), Dim.of(shift), c);
    var blocks = s.reshape(joined, s.vector(0, -1, shift, chunk), inBlocks);
    var ends = s.reshape(s.sumOfFollowing(blocks, 2), s.vector(0, -1, chunk), joined.shape());
    var starts = s.reshape(s.cumSum(blocks, 2), s.vector(0, -1, chunk), joined.shape());
    return s.add(
        rows(s, ends, s.vector(0), length, n), rows(s, starts, s.vector(shift), length, n));
  }

  private static Value rows(Scope s, Value x, Value from, Value count, Dim size) {
    return s.slice(x, 1, from, s.add(from, count), size);
  }

  private long[] chunkSizes() {
    var sizes = new long[shifted + 1];
    Arrays.fill(sizes, chunk);
    sizes[shifted] = features - chunk * shifted;
    return sizes;
  }

  private long[] shifts() {
    return LongStream.range(0, shifted).map(i -> 1L << i).toArray();
  }

  private long[] histories() {
    return LongStream.range(0, shifted).map(i -> 2L << i).toArray();
  }
}
