package ai.transonnx.attention;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding, x-transformers' {@code RotaryEmbedding}: features are rotated in pairs
 * by angles proportional to the position. With a scale base (xpos), they are also scaled by a power
 * of the position, counted from the middle of the sequence.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features of a head that are rotated; an odd number is rounded up
 * @param frequencies the radians per position of each pair, as the library stores them
 * @param interpolation a number by which angles are divided
 * @param scaleBase number of positions over which the exponent of the scale grows by 1; null
 *     without xpos
 * @param layout the features that form a pair
 * @param lastHeads number of heads, the last ones, that are rotated; null for all
 * @param values whether values are rotated as well as queries and keys
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
 * @see <a href="https://arxiv.org/abs/2212.10554">A Length-Extrapolatable Transformer</a>
 */
public record RotaryEmbedding(
    long dim,
    Tensor frequencies,
    double interpolation,
    @Nullable Double scaleBase,
    Rotation.Layout layout,
    @Nullable Integer lastHeads,
    RotatedValues values) {
  /** Whether values are rotated. */
  public enum RotatedValues {
    UNCHANGED,
    ROTATED_LIKE_KEYS
  }

  /**
   * The rotations of queries, and of keys.
   *
   * @param ofValues whether values are rotated like keys
   */
  public record Rotations(PositionEncoding queries, PositionEncoding keys, boolean ofValues) {}

  /** This embedding of features whose pairs are split. */
  public RotaryEmbedding ofHalves() {
    return new RotaryEmbedding(
        dim, frequencies, interpolation, scaleBase, Rotation.Layout.HALVES, lastHeads, values);
  }

  /** Rotations by this embedding. */
  public Rotations rotations(PositionEncoding queries, PositionEncoding keys) {
    return new Rotations(queries, keys, values == RotatedValues.ROTATED_LIKE_KEYS);
  }

  /**
   * The rotations of a sequence.
   *
   * @param scope the module that has {@code inv_freq} and, with xpos, {@code scale}
   */
  public Rotations of(Scope scope, Positions positions) {
    var queries = rotation(scope, positions.queries(), positions.keyCount(), 1);
    if (scaleBase == null && positions.queries() == positions.keys()) {
      return rotations(queries, queries);
    }
    return rotations(queries, rotation(scope, positions.keys(), positions.keyCount(), -1));
  }

  /**
   * The rotations of a sequence whose positions are given.
   *
   * @param scope the module that has {@code inv_freq} and, with xpos, {@code scale}
   * @param positions int64 {@code [n]} or {@code [b, n]}
   */
  public Rotations ofGiven(Scope scope, Value positions) {
    if (scaleBase == null) {
      var both = at(scope, positions);
      return rotations(both, both);
    }
    var all = scope.reshape(positions, scope.vector(-1), Shape.of(scope.unknownDim()));
    var count = scope.add(scope.keptMax(all, 0), scope.vector(1)); // [1]
    return rotations(rotation(scope, positions, count, 1), rotation(scope, positions, count, -1));
  }

  /**
   * Whether features are also scaled by a power of the distance from the middle of the sequence:
   * xpos.
   */
  public boolean isScaled() {
    return scaleBase != null;
  }

  /**
   * The rotation of positions, the same for queries, keys and values. Not available with xpos,
   * whose scale depends on the middle of the sequence.
   *
   * @param positions int64 {@code [b, n]}
   * @throws IllegalStateException with xpos
   */
  public PositionEncoding at(Scope scope, Value positions) {
    if (scaleBase != null) {
      throw new IllegalStateException(
          "xpos needs the length of the whole sequence; use of(Scope, Positions)");
    }
    var angles = angles(scope, positions); // [b, n, l / 2]
    return rotation(scope, scope.cos(angles), scope.sin(angles));
  }

  private PositionEncoding rotation(Scope scope, Value cos, Value sin) {
    var all = ofAllHeads(scope, cos, sin);
    return lastHeads == null ? all : new LastHeads(all, lastHeads);
  }

  private Rotation ofAllHeads(Scope scope, Value cos, Value sin) {
    return layout == Rotation.Layout.HALVES
        ? new Rotation(bothHalves(scope, cos), bothHalves(scope, sin), features(), layout)
        : new Rotation(byHead(scope, cos), byHead(scope, sin), features(), layout);
  }

  private static Value bothHalves(Scope scope, Value half) {
    return byHead(scope, scope.concat(half.rank() - 1, half, half)); // [.., n, l]
  }

  private static Value byHead(Scope scope, Value all) {
    return all.rank() == 2 ? all : scope.unsqueeze(all, 1); // [n, l], or [b, 1, n, l]
  }

  private Value angles(Scope scope, Value positions) {
    var places =
        scope.unsqueeze(scope.cast(positions, scope.wideType()), positions.rank()); // [.., n, 1]
    var steps = scope.parameter(scope.stored("inv_freq", frequencies).times(1 / interpolation));
    return scope.mul(places, steps); // [.., n, l / 2]
  }

  private PositionEncoding rotation(Scope scope, Value positions, Value count, int direction) {
    var angles = angles(scope, positions); // [n, l / 2]
    var cos = scope.cos(angles);
    var sin = scope.sin(angles);
    if (scaleBase != null) {
      var scale = scale(scope, positions, count, direction * scaleBase);
      cos = scope.mul(cos, scale);
      sin = scope.mul(sin, scale);
    }
    return rotation(scope, cos, sin);
  }

  private Value scale(Scope scope, Value positions, Value count, double base) {
    var middle = scope.div(count, scope.vector(2)); // [1]
    var fromMiddle = scope.cast(scope.sub(positions, middle), scope.wideType()); // [n]
    var power = scope.div(fromMiddle, scope.scalar(base));
    return scope.pow(scope.parameter("scale", scales()), scope.unsqueeze(power, power.rank()));
  }

  /** The number of features that are rotated, an even number. */
  public long features() {
    return features(dim);
  }

  /** The number of features that an embedding of {@code dim} features rotates. */
  public static long features(long dim) {
    return 2L * pairs(dim);
  }

  private static int pairs(long dim) {
    return (int) ((dim + 1) / 2);
  }

  private Tensor scales() {
    var scales = new double[pairs(dim)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (2 * i + 0.4 * dim) / (1.4 * dim);
    }
    return Tensor.of(Shape.of(scales.length), scales);
  }
}
