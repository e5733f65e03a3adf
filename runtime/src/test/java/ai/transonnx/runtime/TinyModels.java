package ai.transonnx.runtime;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Models with known results: the logit of token {@code (1 + the sum of the tokens so far) mod V} is
 * 1, all others are 0.
 */
public final class TinyModels {
  /** The vocabulary size of these models. */
  public static final int V = 11;

  public static final String STATE =
      """
      [{"input": "past_sum", "output": "present_sum", "type": "int64",
        "shape": ["batch", 1], "first": ["batch", 1], "role": "recurrent"}]\
      """;

  private TinyModels() {}

  /** Sums with a state: each call continues from the sum of the previous one. */
  public static TinyModel stateful() {
    return wholeCalls().metadata(MetadataKey.INCREMENTAL, "true");
  }

  /** As {@link #stateful}, but not marked as incremental. */
  static TinyModel wholeCalls() {
    return unmarked().metadata(MetadataKey.STATE, STATE);
  }

  /** The graph of {@link #stateful}, without metadata. */
  static TinyModel unmarked() {
    return oneHot(continuedSums());
  }

  private static TinyModel continuedSums() {
    return new TinyModel()
        .input("tokens", ElementType.INT64, "batch", "n")
        .input("past_sum", ElementType.INT64, "batch", 1)
        .scalar("axis", 1)
        .longs("axes", 1)
        .node("CumSum", List.of("tokens", "axis"), "sums")
        .node("Add", List.of("sums", "past_sum"), "total")
        .node("ReduceSum", List.of("tokens", "axes"), "added")
        .node("Add", List.of("added", "past_sum"), "present_sum")
        .output("present_sum", ElementType.INT64, "batch", 1);
  }

  /**
   * The logits at a position are the row of a table at the sum of the tokens so far, modulo the
   * table's size. The sum is a state.
   */
  public static TinyModel statefulTable(float[][] table) {
    return lookUp(continuedSums(), table)
        .metadata(MetadataKey.STATE, STATE)
        .metadata(MetadataKey.INCREMENTAL, "true");
  }

  /** As {@link #statefulTable}, without a state. */
  public static TinyModel statelessTable(float[][] table) {
    return lookUp(sums(), table);
  }

  private static TinyModel lookUp(TinyModel model, float[][] table) {
    int vocabulary = table[0].length;
    var values = new float[table.length * vocabulary];
    for (int i = 0; i < table.length; i++) {
      System.arraycopy(table[i], 0, values, i * vocabulary, vocabulary);
    }
    return model
        .floats("values", values)
        .longs("sizes", table.length, vocabulary)
        .scalar("rows", table.length)
        .node("Reshape", List.of("values", "sizes"), "table")
        .node("Mod", List.of("total", "rows"), "entry")
        .node("Gather", List.of("table", "entry"), "logits", 0)
        .output("logits", ElementType.FLOAT32, "batch", "n", vocabulary);
  }

  /** Sums the tokens of one call, without a state. */
  public static TinyModel stateless() {
    return oneHot(sums());
  }

  /** As {@link #stateless}, but the number of padding positions of a row is added to its sums. */
  public static TinyModel withStart() {
    return oneHot(
        sums("batch", "unpadded")
            .input("seq_start_pos", ElementType.INT64, "batch")
            .longs("axes", 1)
            .node("Unsqueeze", List.of("seq_start_pos", "axes"), "start")
            .node("Add", List.of("unpadded", "start"), "total"));
  }

  /** As {@link #stateless}, with logits of the last position only. */
  public static TinyModel last() {
    return oneHot(
        new TinyModel()
            .input("tokens", ElementType.INT64, "batch", "n")
            .longs("axes", 1)
            .node("ReduceSum", List.of("tokens", "axes"), "total"),
        "V",
        1,
        V);
  }

  /** As {@link #stateless}, but the shape of the logits is unknown before the call. */
  public static TinyModel unknownVocabulary() {
    return oneHot(
        sums()
            .node("ReduceSum", List.of("tokens"), "all")
            .node("Sub", List.of("all", "all"), "zeros")
            .node("Squeeze", List.of("zeros"), "zero")
            .node("Add", List.of("V", "zero"), "depth"),
        "depth",
        "some",
        "many");
  }

  /** As {@link #stateless}, with a fixed batch size of two. */
  public static TinyModel ofTwoRows() {
    return oneHot(sums(2));
  }

  private static TinyModel sums() {
    return sums("batch");
  }

  private static TinyModel sums(Object batch) {
    return sums(batch, "total");
  }

  private static TinyModel sums(Object batch, String total) {
    return new TinyModel()
        .input("tokens", ElementType.INT64, batch, "n")
        .scalar("axis", 1)
        .node("CumSum", List.of("tokens", "axis"), total);
  }

  /** Sums, and counts positions after two reserved slots. */
  static TinyModel counting() {
    return oneHot(
            sums()
                .input("past_position", ElementType.INT64, "batch")
                .longs("axes", 1)
                .node("Sub", List.of("tokens", "tokens"), "zeros")
                .node("Add", List.of("zeros", "one_int"), "ones")
                .node("ReduceSum", List.of("ones", "axes"), "added")
                .node("Squeeze", List.of("added", "axes"), "more")
                .node("Add", List.of("past_position", "more"), "present_position")
                .output("present_position", ElementType.INT64, "batch"))
        .metadata(MetadataKey.INCREMENTAL, "true")
        .metadata(MetadataKey.RESERVED_SLOTS, "2")
        .metadata(
            MetadataKey.STATE,
            """
            [{"input": "past_position", "output": "present_position", "type": "int64",
              "shape": ["batch"], "first": ["batch"], "role": "counter"}]\
            """);
  }

  /** Sums with a state that begins empty and grows by a column for each token. */
  public static TinyModel growing() {
    return oneHot(
            new TinyModel()
                .input("tokens", ElementType.INT64, "batch", "n")
                .input("past_all", ElementType.INT64, "batch", "past")
                .scalar("axis", 1)
                .longs("axes", 1)
                .node("Concat", List.of("past_all", "tokens"), "present_all", 1)
                .node("ReduceSum", List.of("past_all", "axes"), "before")
                .node("CumSum", List.of("tokens", "axis"), "sums")
                .node("Add", List.of("sums", "before"), "total")
                .output("present_all", ElementType.INT64, "batch", "all"))
        .metadata(MetadataKey.INCREMENTAL, "true")
        .metadata(
            MetadataKey.STATE,
            """
            [{"input": "past_all", "output": "present_all", "type": "int64",
              "shape": ["batch", "past"], "first": ["batch", 0], "role": "memory"}]\
            """);
  }

  /** The token with which a call of {@link #failing} fails. */
  public static final long FATAL = V - 1;

  /**
   * Sums with a state in slots. A call with the token {@link #FATAL} changes all slots before it
   * fails.
   */
  public static TinyModel failing() {
    return oneHot(
            new TinyModel()
                .input("tokens", ElementType.INT64, "batch", "n")
                .input("past_sum", ElementType.INT64, "batch", "slots")
                .scalar("axis", 1)
                .longs("axes", 1)
                .longs("zeros", new long[(int) FATAL])
                .node("ReduceSum", List.of("tokens", "axes"), "added")
                .node("Add", List.of("added", "past_sum"), "present_sum")
                .node("Sub", List.of("present_sum", "present_sum"), "none")
                .node("Add", List.of("tokens", "none"), "after_state")
                .node("Gather", List.of("zeros", "after_state"), "checked")
                .node("CumSum", List.of("tokens", "axis"), "sums")
                .node("Sub", List.of("present_sum", "added"), "before")
                .node("Add", List.of("sums", "before"), "unchecked")
                .node("Add", List.of("unchecked", "checked"), "total")
                .output("present_sum", ElementType.INT64, "batch", "slots"))
        .metadata(MetadataKey.INCREMENTAL, "true")
        .metadata(
            MetadataKey.STATE,
            STATE
                .replace("\"shape\": [\"batch\", 1]", "\"shape\": [\"batch\", \"slots\"]")
                .replace("recurrent", "group"));
  }

  /** Sums with a state of one more megabyte. */
  public static TinyModel heavy() {
    return unmarked()
        .input("past_block", ElementType.FLOAT32, "batch", 262_144)
        .floats("one", 1)
        .node("Add", List.of("past_block", "one"), "present_block")
        .output("present_block", ElementType.FLOAT32, "batch", 262_144)
        .metadata(MetadataKey.INCREMENTAL, "true")
        .metadata(
            MetadataKey.STATE,
            STATE.replace(
                "}]",
                """
                }, {"input": "past_block", "output": "present_block", "type": "float32",
                  "shape": ["batch", 262144], "first": ["batch", 262144], "role": "recurrent"}]\
                """));
  }

  /** Multiplies matrices for several seconds. */
  static TinyModel slow() {
    var model = new TinyModel().input("x", ElementType.FLOAT32, 512, 512);
    String last = "x";
    for (int i = 0; i < 2000; i++) {
      model.node("MatMul", List.of(last, "x"), "x" + i);
      last = "x" + i;
    }
    return model.output(last, ElementType.FLOAT32, 512, 512);
  }

  /** The most likely token after {@code tokens}. */
  public static long next(long... tokens) {
    return (1 + LongStream.of(tokens).sum()) % V;
  }

  private static TinyModel oneHot(TinyModel model) {
    return oneHot(model, "V", "n", V);
  }

  private static TinyModel oneHot(TinyModel model, String depth, Object n, Object v) {
    return model
        .scalar("one_int", 1)
        .scalar("V", V)
        .floats("off_on", 0, 1)
        .node("Add", List.of("total", "one_int"), "shifted")
        .node("Mod", List.of("shifted", "V"), "next")
        .node("OneHot", List.of("next", depth, "off_on"), "logits")
        .output("logits", ElementType.FLOAT32, "batch", n, v);
  }

  /** The token with the highest logit of a row. */
  static int argmax(TokenLoop loop, int row) {
    var logits = new float[loop.vocabulary()];
    loop.logits(row, logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  /** The result of a greedy generation with a context window. */
  public static long[] greedy(int window, int length, long... prompt) {
    long[] all = Arrays.copyOf(prompt, prompt.length + length);
    for (int i = prompt.length; i < all.length; i++) {
      all[i] = next(Arrays.copyOfRange(all, Math.max(0, i - window), i));
    }
    return Arrays.copyOfRange(all, prompt.length, all.length);
  }
}
