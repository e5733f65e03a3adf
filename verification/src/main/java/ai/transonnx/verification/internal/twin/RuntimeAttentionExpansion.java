package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * ONNX Runtime's own attention, as ONNX's: without biases, masks and rotations, which the operators
 * could have.
 */
final class RuntimeAttentionExpansion {
  private static final int PAST_KEYS = 3;
  private static final int PAST_VALUES = 4;
  private static final int FORMS_OF_MULTI_HEAD = 3;
  private static final int LAST_INDICES = 5;
  private static final int TOTAL_LENGTH = 6;

  private final Call call;
  private final Computation to;

  private RuntimeAttentionExpansion(Call call, Computation to) {
    this.call = call;
    this.to = to;
  }

  /**
   * Causal attention: queries, keys and values of all heads in one value {@code [b, n, (h + 2 * k)
   * * d]}, the index of each sequence's last position, and the number of positions. Keys and values
   * of earlier positions may be given, each in the slot of its position.
   */
  static List<String> groupQuery(Call call, Computation to) {
    boolean isPlain =
        IntStream.range(1, call.inputs().size())
            .filter(input -> input < PAST_KEYS || input > TOTAL_LENGTH)
            .allMatch(input -> call.optional(input).isEmpty());
    boolean hasOptions =
        call.integer("do_rotary", 0) != 0
            || call.integer("local_window_size", -1) != -1
            || call.integer("smooth_softmax", 0) != 0
            || call.integer("qk_output", 0) != 0;
    if (!isPlain || hasOptions) {
      throw call.unsupported("only packed heads without options are supported");
    }
    return new RuntimeAttentionExpansion(call, to).groupQuery();
  }

  private List<String> groupQuery() {
    long heads = positive("num_heads");
    long keyHeads = positive("kv_num_heads");
    var packed = call.input(0);
    var apart = to.reshape(packed, 0, 0, heads + 2 * keyHeads, -1); // [b, n, h + 2 * k, d]
    var all = to.transpose(apart, 0, 2, 1, 3);
    var queries = to.slice(all, 0, heads, 1);
    var keys = to.slice(all, heads, heads + keyHeads, 1);
    var values = to.slice(all, heads + keyHeads, heads + 2 * keyHeads, 1);
    var results =
        call.optional(PAST_KEYS).isPresent()
            ? withPast(queries, keys, values)
            : attention(
                List.of(queries, keys, values, to.unsqueeze(isWithin(to.size(packed, 1)), 1, 2)),
                true);
    var joined = to.reshape(to.transpose(results.get(0), 0, 2, 1, 3), 0, 0, -1);
    return List.of(joined, results.get(1), results.get(2));
  }

  /** Queries attend to the keys of their positions and of those before, each in its slot. */
  private List<String> withPast(String queries, String keys, String values) {
    var constants = to.constants();
    var count = to.size(keys, 2); // n
    var steps = to.plain("Range", constants.integer(0), to.squeeze(count, 0), constants.integer(1));
    var last = to.reshape(to.cast(call.input(LAST_INDICES), DataType.INT64), -1, 1); // [b, 1]
    var first = to.plain("Sub", to.plain("Add", last, constants.integers(1)), count);
    var own = to.unsqueeze(to.plain("Add", first, steps), 1, 3); // [b, 1, n, 1]
    var allKeys = inSlots(call.input(PAST_KEYS), keys, own);
    var allValues = inSlots(call.input(PAST_VALUES), values, own);
    var size = to.squeeze(to.size(allKeys, 2), 0);
    var slots = to.plain("Range", constants.integer(0), size, constants.integer(1));
    var seen = to.plain("LessOrEqual", slots, own); // [b, 1, n, slots]
    var end = to.unsqueeze(to.plain("LessOrEqual", slots, last), 1, 3); // [b, 1, slots, 1]
    var operands = List.of(queries, used(allKeys, end), used(allValues, end), seen);
    return attention(operands, false);
  }

  /**
   * Buffers that are extended as far as needed, and in which the call's vectors have their slots.
   *
   * @param past {@code [b, k, capacity, d]}
   * @param own {@code [b, k, n, d]}
   * @param slots {@code [b, 1, n, 1]}
   */
  private String inSlots(String past, String own, String slots) {
    var total = to.reshape(to.cast(call.input(TOTAL_LENGTH), DataType.INT64), 1);
    var lacking = to.plain("Sub", total, to.size(past, 2));
    var missing = to.plain("Max", lacking, of(0));
    var pads = to.concat(0, to.constants().integers(0, 0, 0, 0, 0, 0), missing, of(0));
    var extended = to.plain("Pad", past, pads);
    var indices = to.plain("Expand", slots, to.shape(own));
    return to.plain(
        "ScatterElements", List.of(Attributes.integer("axis", 2)), extended, indices, own);
  }

  /** Slots after the last position are zeros. */
  private String used(String buffer, String isUsed) {
    return to.plain("Where", isUsed, buffer, to.number(0));
  }

  /** Whether positions are within their sequences: {@code [b, n]}. */
  private String isWithin(String length) {
    var constants = to.constants();
    var positions =
        to.plain("Range", constants.integer(0), to.squeeze(length, 0), constants.integer(1));
    var last = to.reshape(to.cast(call.input(LAST_INDICES), DataType.INT64), -1, 1);
    return to.plain("LessOrEqual", positions, last);
  }

  /**
   * Attention to all keys: queries {@code [b, i, h * d]}, keys {@code [b, j, h * d]} or {@code [b,
   * h, j, d]}, values in the same way.
   */
  static List<String> multiHead(Call call, Computation to) {
    boolean isPlain =
        IntStream.range(FORMS_OF_MULTI_HEAD, call.inputs().size())
            .allMatch(input -> call.optional(input).isEmpty());
    if (!isPlain || call.optional(1).isEmpty() || call.optional(2).isEmpty()) {
      throw call.unsupported("only queries, keys and values apart, without masks, are supported");
    }
    return new RuntimeAttentionExpansion(call, to).multiHead();
  }

  private List<String> multiHead() {
    long heads = positive("num_heads");
    var queries = to.transpose(to.reshape(call.input(0), 0, 0, heads, -1), 0, 2, 1, 3);
    var batch = to.size(queries, 0);
    var keys = call.input(1);
    var rowSize = to.plain("Mul", batch, to.plain("Mul", of(heads), to.size(queries, 3)));
    var length = to.plain("Div", to.reshape(to.plain("Size", keys), 1), rowSize); // j
    var operands =
        List.of(queries, headsFirst(keys, batch, length), headsFirst(call.input(2), batch, length));
    boolean isCausal = call.integer("unidirectional", 0) != 0;
    var result = attention(operands, isCausal).get(0);
    return List.of(to.reshape(to.transpose(result, 0, 2, 1, 3), 0, 0, -1));
  }

  /** Keys or values as {@code [b, h, j, d]}; in either form they have the same elements. */
  private String headsFirst(String value, String batch, String length) {
    var heads = of(positive("num_heads"));
    var features = to.constants().integers(-1);
    var behind = to.reshape(value, to.concat(0, batch, length, heads, features));
    var first = to.reshape(value, to.concat(0, batch, heads, length, features));
    var rank = to.plain("Size", to.shape(value));
    var isFirst = to.plain("Equal", rank, to.constants().integer(4));
    return to.plain("Where", isFirst, first, to.transpose(behind, 0, 2, 1, 3));
  }

  private String of(long size) {
    return to.constants().integers(size);
  }

  private long positive(String attribute) {
    long number = call.integer(attribute, 0);
    if (number < 1) {
      throw call.unsupported("it does not state '%s'".formatted(attribute));
    }
    return number;
  }

  /**
   * ONNX's attention of heads {@code [b, h, n, d]}, and a mask of booleans as the fourth operand.
   */
  private List<String> attention(List<String> operands, boolean isCausal) {
    var node =
        NodeProto.newBuilder()
            .setOpType(call.node().getOpType())
            .setDomain(call.node().getDomain())
            .addAllInput(operands)
            .addAttribute(Attributes.integer("is_causal", isCausal ? 1 : 0));
    for (var name : List.of("scale", "softcap")) {
      Attributes.find(call.node(), name)
          .map(AttributeProto::toBuilder)
          .ifPresent(node::addAttribute);
    }
    var types = Map.of(3, StaticType.tensor(DataType.BOOL));
    return AttentionExpansion.write(
        new Call(node.build(), List.of(true), List.of(), Map.of(), types), to);
  }
}
