package ai.transonnx.verification.internal.call;

import ai.transonnx.format.Dim;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The size of each dimension in one call. Equal names have one size. For one thread.
 *
 * <p>Sizes other than the batch and the number of positions are small, and differ from each other
 * where they may.
 */
final class CallSizes {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
  private static final String FEATURES = "_features";

  /** The size of a dimension about which nothing is known. */
  private static final int OTHER = 5;

  private static final int SOURCE = 6;
  private static final int PREPENDED = 3;
  private static final int PAST = 4;

  private final CallModel model;
  private final long batch;
  private final long length;
  private final Map<String, Dim> sizes = new HashMap<>();

  CallSizes(CallModel model, long batch, long length) {
    this.model = model;
    this.batch = batch;
    this.length = length;
    model.batch().ifPresent(dim -> sizes.put(dim.toString(), Dim.of(batch)));
    model.length().ifPresent(dim -> sizes.put(dim.toString(), Dim.of(length)));
  }

  /** The shape of an input. */
  long[] shape(TensorSpec spec) {
    var shape = new long[spec.rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = size(spec.dims().get(axis), axis);
    }
    return shape;
  }

  private long size(Dim dim, int axis) {
    if (dim.isFixed()) {
      return dim.size();
    }
    if (dim.isUnknown()) {
      return axis == 0 ? batch : axis == 1 ? length : OTHER;
    }
    if (!dim.soleName().isEmpty()) {
      return sizes.computeIfAbsent(dim.soleName(), name -> Dim.of(chosen(name))).size();
    }
    var names = NAME.matcher(dim.toString()).results().map(match -> match.group()).toList();
    for (var name : names) {
      sizes.computeIfAbsent(name, n -> Dim.of(chosen(n)));
    }
    var sum = dim.substitute(sizes);
    return sum.isFixed() ? Math.max(0, sum.size()) : length;
  }

  private long chosen(String name) {
    if (name.endsWith(FEATURES)) {
      return features("past_kept_" + name.substring(0, name.length() - FEATURES.length()));
    }
    var lower = name.toLowerCase(Locale.ROOT);
    if (lower.contains("batch")) {
      return batch;
    }
    if (lower.contains("past")) {
      return model.metadata().state().isEmpty() ? PAST : 0;
    }
    if (lower.contains("total")) {
      return length + chosen("past");
    }
    if (lower.contains("source")) {
      return Math.min(SOURCE, model.metadata().maxSourceLength().orElse(SOURCE));
    }
    if (lower.contains("prepended")) {
      return PREPENDED;
    }
    boolean isOfMain = lower.equals("mask_length") || lower.contains("sequence");
    return isOfMain ? length : OTHER;
  }

  /** The features of an input that is kept as state have the size of that state. */
  private long features(String state) {
    return model.metadata().state().stream()
        .filter(pair -> pair.input().equals(state))
        .map(StateTensor::first)
        .map(first -> first.get(first.size() - 1))
        .filter(Dim::isFixed)
        .mapToLong(Dim::size)
        .findFirst()
        .orElse(OTHER);
  }
}
