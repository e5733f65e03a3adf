package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.List;

/**
 * ONNX's attention: queries {@code [b, h, n, d]} or {@code [b, n, h * d]}, keys and values with as
 * many heads or fewer, a mask that is added or selects, and a cache that is put in front.
 */
final class AttentionExpansion {
  private final Call call;
  private final Computation to;
  private final long queryHeads;
  private final long keyHeads;

  private AttentionExpansion(Call call, Computation to) {
    this.call = call;
    this.to = to;
    this.queryHeads = call.integer("q_num_heads", 0);
    this.keyHeads = call.integer("kv_num_heads", 0);
  }

  static List<String> write(Call call, Computation to) {
    if (call.optional(6).isPresent()) {
      throw call.unsupported("lengths of keys and values are not supported");
    }
    if (call.isRequested(3)) {
      throw call.unsupported("its output of scores is not supported");
    }
    return new AttentionExpansion(call, to).write();
  }

  private List<String> write() {
    var queries = heads(call.input(0), queryHeads); // [b, h, n, d]
    var keys = withPast(heads(call.input(1), keyHeads), 4); // [b, k, m, d]
    var values = withPast(heads(call.input(2), keyHeads), 5);
    var scores =
        to.apply("MatMul", scaled(queries), to.transpose(shared(keys, queries), 0, 1, 3, 2));
    var weights = weights(masked(capped(scores)));
    var result = to.apply("MatMul", weights, shared(values, queries)); // [b, h, n, d]
    return List.of(joined(result), keys, values);
  }

  private String heads(String x, long heads) {
    return heads == 0 ? x : to.transpose(to.reshape(x, 0, 0, heads, -1), 0, 2, 1, 3);
  }

  private String joined(String result) {
    return queryHeads == 0 ? result : to.reshape(to.transpose(result, 0, 2, 1, 3), 0, 0, -1);
  }

  private String withPast(String x, int input) {
    return call.optional(input).map(past -> to.concat(2, past, x)).orElse(x);
  }

  /** Keys or values, repeated for the heads that share them. */
  private String shared(String x, String queries) {
    var shape = to.shape(x); // b, k, m, d
    var groups = to.plain("Div", to.size(queries, 1), to.size(x, 1)); // h / k
    var one = to.constants().integers(1);
    var rest = to.slice(shape, 2, 4, 0);
    var repeated = to.concat(0, one, one, groups, one, one);
    var apart = to.plain("Expand", to.unsqueeze(x, 2), repeated); // [b, k, h / k, m, d]
    var heads = to.size(queries, 1);
    return to.reshape(apart, to.concat(0, to.slice(shape, 0, 1, 0), heads, rest));
  }

  private String scaled(String queries) {
    double given = call.number("scale", 0);
    return given != 0
        ? to.multiply(queries, given)
        : to.divide(queries, to.exact().apply("Sqrt", to.length(queries, -1)));
  }

  private String capped(String scores) {
    double cap = call.number("softcap", 0);
    return cap == 0 ? scores : to.multiply(to.apply("Tanh", to.multiply(scores, 1 / cap)), cap);
  }

  private String masked(String scores) {
    var masked = scores;
    if (call.optional(3).isPresent()) {
      var mask = call.input(3);
      masked =
          call.isOf(3, DataType.BOOL)
              ? to.apply("Where", mask, masked, to.number(Double.NEGATIVE_INFINITY))
              : to.add(masked, mask);
    }
    return call.integer("is_causal", 0) == 0 ? masked : causal(masked);
  }

  /** Query i sees the keys up to position i after those of the past. */
  private String causal(String scores) {
    var zero = to.constants().integer(0);
    var one = to.constants().integer(1);
    var n = to.squeeze(to.size(scores, 2), 0);
    var m = to.squeeze(to.size(scores, 3), 0);
    var past =
        call.optional(4)
            .map(keys -> to.squeeze(to.size(keys, 2), 0))
            .orElse(to.constants().integer(0));
    var rows = to.plain("Add", to.plain("Range", zero, n, one), past);
    var columns = to.plain("Range", zero, m, one);
    var isSeen = to.plain("LessOrEqual", to.unsqueeze(columns, 0), to.unsqueeze(rows, 1));
    return to.apply("Where", isSeen, scores, to.number(Double.NEGATIVE_INFINITY));
  }

  /** A row in which every key is masked has no weights. */
  private String weights(String scores) {
    var axis = List.of(Attributes.integer("axis", -1));
    var softmax = to.apply("Softmax", axis, scores);
    var isMasked = to.plain("IsNaN", softmax);
    return to.apply("Where", isMasked, to.number(0), softmax);
  }
}
