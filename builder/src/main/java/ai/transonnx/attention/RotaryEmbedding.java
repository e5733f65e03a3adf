package ai.transonnx.attention;

import ai.transonnx.format.Dim;
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
   * @param allKeys what applies to keys of all calls, each time they are attended to; null for
   *     nothing
   * @param ofValues whether values are rotated like keys
   */
  public record Rotations(
      PositionEncoding queries,
      PositionEncoding keys,
      @Nullable PositionEncoding allKeys,
      boolean ofValues) {
    /** Rotations of the call's own queries and keys. */
    Rotations(PositionEncoding queries, PositionEncoding keys, boolean ofValues) {
      this(queries, keys, null, ofValues);
    }
  }

  /** This embedding of features whose pairs are split. */
  public RotaryEmbedding ofHalves() {
    return new RotaryEmbedding(
        dim, frequencies, interpolation, scaleBase, Rotation.Layout.HALVES, lastHeads, values);
  }

  private Rotations rotations(PositionEncoding queries, PositionEncoding keys) {
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
   * The rotations of a call that continues others. With xpos, scales are counted from the first
   * query instead of the middle of the sequence, which the products of queries and keys do not
   * depend on. Keys are kept without a scale, since it changes from call to call.
   *
   * @param scope the module that has {@code inv_freq} and, with xpos, {@code scale}
   * @param queries the positions of queries: int64 {@code [b, n]}
   * @param keys the positions of the keys that the call computes: int64 {@code [b, k]}
   * @param kept the positions of queries and of all keys
   */
  public Rotations ofCall(Scope scope, Value queries, Value keys, Positions kept) {
    if (scaleBase == null) {
      var ofQueries = at(scope, queries);
      return rotations(ofQueries, queries == keys ? ofQueries : at(scope, keys));
    }
    var first = scope.slice(kept.queries(), 1, 0, 1); // [b, 1]
    var ahead = scale(scope, scope.sub(kept.queries(), first), scaleBase); // [b, n, l / 2]
    var scaledKeys = new ScaledFeatures(byFeature(scope, keyScale(scope, kept, first)));
    return new Rotations(
        scaled(scope, queries, ahead),
        at(scope, keys),
        lastHeads == null ? scaledKeys : new LastHeads(scaledKeys, lastHeads),
        false);
  }

  /** The scale of each key: {@code [b, j, l / 2]}. Keys after the last query are hidden. */
  private Value keyScale(Scope scope, Positions kept, Value first) {
    var last = scope.slice(kept.queries(), 1, -1, Scope.END); // [b, 1]
    var ahead = scope.sub(scope.min(kept.keys(), last), first); // [b, j]
    return scale(scope, ahead, -baseOfScale());
  }

  private double baseOfScale() {
    if (scaleBase == null) {
      throw new IllegalStateException("there are no scales without xpos");
    }
    return scaleBase;
  }

  /**
   * The rotation of positions, without the scales of xpos.
   *
   * @param positions int64 {@code [n]} or {@code [b, n]}
   */
  public PositionEncoding at(Scope scope, Value positions) {
    var angles = angles(scope, positions); // [b, n, l / 2]
    return rotation(scope, scope.cos(angles), scope.sin(angles));
  }

  private PositionEncoding scaled(Scope scope, Value positions, Value scale) {
    var angles = angles(scope, positions); // [.., n, l / 2]
    return rotation(
        scope, scope.mul(scope.cos(angles), scale), scope.mul(scope.sin(angles), scale));
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
    if (scaleBase == null) {
      return at(scope, positions);
    }
    var middle = scope.div(count, scope.vector(2)); // [1]
    return scaled(
        scope,
        positions,
        scale(scope, scope.sub(positions, middle), direction * baseOfScale())); // [n, l / 2]
  }

  /**
   * The scale of each pair.
   *
   * @param distances the distance from the position whose scale is 1: int64 {@code [.., n]}
   */
  private Value scale(Scope scope, Value distances, double base) {
    var power = scope.div(scope.cast(distances, scope.wideType()), scope.scalar(base));
    return scope.pow(scope.parameter("scale", scales()), scope.unsqueeze(power, power.rank()));
  }

  /** The factor of each feature, given those of pairs: {@code [b, 1, j, l]}. */
  private Value byFeature(Scope scope, Value pairs) {
    if (layout == Rotation.Layout.HALVES) {
      return bothHalves(scope, pairs);
    }
    var each = scope.unsqueeze(pairs, 3); // [b, j, l / 2, 1]
    var sizes = scope.concat(0, scope.sizes(pairs, 0, 2), scope.vector(features()));
    var shape = pairs.shape().withLast(Dim.of(features()));
    return byHead(scope, scope.reshape(scope.concat(3, each, each), sizes, shape));
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
