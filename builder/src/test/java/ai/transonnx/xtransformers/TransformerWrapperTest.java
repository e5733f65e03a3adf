package ai.transonnx.xtransformers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Value;
import ai.transonnx.registry.Architectures;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransformerWrapperTest {
  private static final GraphRequest MAIN = GraphRequest.main();

  private static Architecture read(String wrapper, String layers) {
    var json =
        "{'class': 'TransformerWrapper', 'num_tokens': 24, 'max_seq_len': 8%s, 'attn_layers':"
            + " {'class': 'Decoder', 'dim': 16, 'depth': 2, 'heads': 2, 'attn_dim_head': 8%s}}";
    return Architectures.of(
        Library.X_TRANSFORMERS, json.formatted(wrapper, layers).replace('\'', '"'));
  }

  private static Architecture plain() {
    return read("", "");
  }

  private static Architecture xpos() {
    return Architectures.of(
        Library.X_TRANSFORMERS,
        ("{'class': 'TransformerWrapper', 'num_tokens': 24, 'max_seq_len': 8, 'attn_layers':"
                + " {'class': 'Decoder', 'dim': 16, 'depth': 2, 'rotary_xpos': true}}")
            .replace('\'', '"'));
  }

  private static List<String> names(List<Value> values) {
    return values.stream().map(Value::toString).toList();
  }

  private static boolean has(Model model, String operator) {
    return model.graph().nodes().stream().anyMatch(node -> node.operator().equals(operator));
  }

  private static String refusal(Architecture architecture, GraphRequest request) {
    return assertThrows(InputException.class, () -> architecture.build(request)).getMessage();
  }

  @Test
  void theDefaultGraphMapsTokensToLogits() {
    var graph = plain().build(MAIN).graph();
    assertEquals(List.of("tokens: int64 [batch, length]"), names(graph.inputs()));
    assertEquals(List.of("logits: float32 [batch, length, 24]"), names(graph.outputs()));
  }

  @Test
  void tiedWeightsAreStoredOnce() {
    var parameters = read(", 'tie_embedding': true", "").build(MAIN).graph().parameters();
    assertEquals(
        1,
        parameters.stream()
            .map(Parameter::name)
            .filter(name -> name.contains("token_emb") || name.contains("to_logits"))
            .count());
  }

  @Test
  void valuesThatDependOnWeightsAloneAreComputedAtExport() {
    var normed =
        read(", 'l2norm_embed': true", ", 'attn_qk_norm': true, 'attn_num_mem_kv': 2").build(MAIN);
    var names = normed.graph().parameters().stream().map(Parameter::name).toList();
    assertTrue(
        names.containsAll(
            List.of(
                "normalize(token_emb.emb.weight)",
                "normalize(pos_emb.emb.weight)",
                "normalize(attn_layers.layers.0.1.mem_k)")));
    var buckets = ", 'rel_pos_bias': true, 'rel_pos_num_buckets': 4, 'rel_pos_max_distance': 8";
    var biased = read("", buckets).build(MAIN).graph().parameters();
    assertTrue(biased.stream().anyMatch(one -> one.name().endsWith("[0, 1, 2 x 2, 3 x 5]")));
  }

  @Test
  void tiedNormalizedEmbeddingsAreStoredOnce() {
    var both = read(", 'l2norm_embed': true, 'tie_embedding': true", "").build(MAIN);
    assertEquals(
        List.of("token_emb.emb.weight"),
        both.graph().parameters().stream()
            .map(Parameter::name)
            .filter(name -> name.contains("token_emb"))
            .toList());
  }

  @Test
  void aFixedLengthOfOneNeedsNoCausalMask() {
    assertFalse(has(plain().build(MAIN.toBuilder().length(1).build()), "Where"));
    assertTrue(has(plain().build(MAIN), "Where"));
  }

  @Test
  void queriesKeysAndValuesAreOneMatrixProduct() {
    var model = plain().build(MAIN);
    long products =
        model.graph().nodes().stream().filter(node -> node.operator().equals("Gemm")).count();
    assertEquals(2 * (2 + 2), products);
  }

  @Test
  void memoriesAreState() {
    var architecture = read(", 'max_mem_len': 4", "");
    var request = MAIN.toBuilder().inputs("tokens", "mem").outputs("logits", "mem").build();
    var pair = architecture.build(request).state().get(1);
    assertEquals("past_mem_1", pair.input());
    assertEquals("present_mem_1", pair.output());
    assertEquals("[batch, past, 16]", pair.shape().toString());
    assertEquals("[batch, 0, 16]", pair.first().toString());
  }

  @Test
  void aSingleMemoryMayBeAnOutput() {
    var model =
        read(", 'max_mem_len': 4", "").build(MAIN.toBuilder().outputs("logits", "mem_1").build());
    assertEquals(
        List.of("logits", "present_mem_1"),
        model.graph().outputs().stream().map(Value::name).toList());
  }

  @Test
  void memoriesAreUnknownToAClassWithoutThem() {
    assertTrue(
        refusal(plain(), MAIN.toBuilder().outputs("mem").build())
            .startsWith("unknown output 'mem"));
    var feedForwards = read("", ", 'custom_layers': ['f']");
    assertTrue(
        refusal(feedForwards, MAIN.toBuilder().outputs("mem").build())
            .startsWith("unknown output 'mem'"));
    assertTrue(
        refusal(feedForwards, MAIN.toBuilder().inputs("tokens", "mem").build())
            .startsWith("unknown input 'mem'"));
  }

  @Test
  void anAttentionMaskHasSeveralForms() {
    assertEquals("attn_mask: bool [2, length, length]", attentionMask("attn_mask:3d"));
    assertEquals("attn_mask: bool [batch, 1, length, length]", attentionMask("attn_mask:b1ij"));
    assertEquals("attn_mask: bool [1, length]", attentionMask("attn_mask:1j"));
    assertEquals("attn_mask: bool [batch, 2, length, 1]", attentionMask("attn_mask:bhi1"));
    var refused = refusal(plain(), MAIN.toBuilder().inputs("tokens", "attn_mask:5d").build());
    assertTrue(
        refused.startsWith("unknown input 'attn_mask:5d'; this class has attn_mask, attn_mask:2d,"),
        refused);
  }

  @Test
  void allSequencesMaySharePositions() {
    assertEquals("pos: int64 [length]", positions("pos:n"));
    assertEquals("pos: int64 [1, length]", positions("pos:1n"));
    assertEquals("pos: float32 [length, 16]", positions("pos:nd"));
    assertEquals("pos: float32 [batch, length, 16]", positions("pos:bnd"));
  }

  private static String positions(String name) {
    var graph = plain().build(MAIN.toBuilder().inputs(List.of("tokens", name)).build()).graph();
    return graph.inputs().get(1).toString();
  }

  private static String attentionMask(String name) {
    var graph = plain().build(MAIN.toBuilder().inputs(List.of("tokens", name)).build()).graph();
    return graph.inputs().get(1).toString();
  }

  @Test
  void aContextWithoutItsOwnMaskHasTheLengthOfTheSequence() {
    var graph =
        read("", ", 'cross_attend': true")
            .build(MAIN.toBuilder().inputs("tokens", "context", "mask").build())
            .graph();
    assertTrue(graph.inputs().toString().contains("context: float32 [batch, length, 16]"));
  }

  @Test
  void theInputsOfALossCoverAllTokensButTheLast() {
    var request = MAIN.toBuilder().inputs("tokens", "mask", "sum_embeds").outputs("loss").build();
    var inputs = plain().build(request).graph().inputs().toString();
    assertTrue(inputs.contains("sum_embeds: float32 [batch, length - 1, 16]"));
    assertTrue(inputs.contains("mask: bool [batch, mask_length]"));
  }

  @Test
  void inputsAndOutputsThatCannotBeCombinedAreRejected() {
    assertTrue(
        refusal(plain(), MAIN.toBuilder().inputs("tokens", "context").build())
            .startsWith("unknown input 'context'"));
    assertEquals(
        "input 'context' is required; request it as well",
        refusal(read("", ", 'cross_attend': true"), MAIN.toBuilder().inputs("tokens").build()));
    assertEquals(
        "input 'tokens' is required; request it as well",
        refusal(plain(), MAIN.toBuilder().inputs("mask").build()));
    assertEquals(
        "1 of the inputs mem_0 to mem_1 are requested; request all or none",
        refusal(plain(), MAIN.toBuilder().inputs("tokens", "mem_0").build()));
    assertTrue(
        refusal(plain(), MAIN.toBuilder().outputs("logits", "loss").build())
            .startsWith("output 'loss'"));
    assertEquals(
        "output 'loss' cannot be combined with input 'prepend_embeds', which has no target tokens",
        refusal(
            plain(), MAIN.toBuilder().inputs("tokens", "prepend_embeds").outputs("loss").build()));
  }

  @Test
  void aFixedLengthBeyondTheTableOfPositionsIsRejected() {
    String tooLong = "length 9 exceeds max_seq_len: a call has at most 8 positions";
    var nine = MAIN.toBuilder().length(9).build();
    assertEquals(tooLong, refusal(plain(), nine));
    assertEquals(tooLong, refusal(plain(), nine.toBuilder().incremental(true).build()));
    assertEquals(tooLong, refusal(plain(), nine.toBuilder().inputs("tokens", "pos").build()));
    plain().build(nine.toBuilder().inputs("tokens", "pos:float32").build());
    var loss = MAIN.toBuilder().outputs("loss").build();
    plain().build(loss.toBuilder().length(9).build());
    assertTrue(
        refusal(plain(), loss.toBuilder().length(10).build()).contains("a call has at most 9"));
  }

  @Test
  void aFixedLengthMayExceedTheContextWindowIfPositionsAreRelative() {
    var relative = read(", 'max_mem_len': 4", ", 'rel_pos_bias': true");
    var nine = MAIN.toBuilder().length(9).build();
    relative.build(nine);
    relative.build(nine.toBuilder().incremental(true).build());
    assertTrue(
        refusal(relative, nine.toBuilder().incremental(true).inputs("tokens", "mem").build())
            .contains("at most 8"));
    read(", 'scaled_sinu_pos_emb': true", "").build(nine.toBuilder().incremental(true).build());
  }

  @Test
  void graphsThatCannotBeIncrementalAreRejectedWithTheReason() {
    var incremental = MAIN.toBuilder().incremental(true).build();
    assertTrue(refusal(xpos(), incremental).contains("'rotary_xpos' scales values"));
    assertTrue(
        refusal(plain(), incremental.toBuilder().inputs("tokens", "attn_mask").build())
            .contains("attn_mask"));
    assertTrue(
        refusal(plain(), incremental.toBuilder().outputs("loss").build())
            .contains("whole sequences"));
    assertTrue(
        refusal(read("", ", 'custom_layers': ['a', 'c', 'f']"), incremental)
            .contains("attention is not causal"));
    var masked = incremental.toBuilder().inputs("tokens", "mask").build();
    assertTrue(
        refusal(plain(), masked.toBuilder().outputs("logits", "attn").build())
            .contains("padding alone"));
    assertTrue(
        refusal(
                read("", ", 'cross_attend': true, 'attn_max_attend_past': 3"),
                incremental.toBuilder().inputs("tokens", "context").build())
            .contains("'attn_max_attend_past'"));
  }

  @Test
  void encodingsAloneCannotBeIncremental() {
    var json =
        "{'class': 'XTransformer', 'dim': 16, 'enc_num_tokens': 24, 'enc_depth': 1, 'enc_heads': 2,"
            + " 'enc_max_seq_len': 8, 'dec_num_tokens': 24, 'dec_depth': 1, 'dec_heads': 2,"
            + " 'dec_max_seq_len': 8}";
    var both = Architectures.of(Library.X_TRANSFORMERS, json.replace('\'', '"'));
    var encodings = MAIN.toBuilder().inputs("src").outputs("encodings").build();
    assertFalse(both.isIncremental(encodings));
    assertEquals(
        "this graph cannot be incremental: output 'encodings' alone encodes the whole source",
        refusal(both, encodings.toBuilder().incremental(true).build()));
  }

  @Test
  void sharedKeysAndValuesNeedOneCacheTensor() {
    assertEquals(
        List.of("past_position", "past_keys_0", "past_keys_1"),
        states(read("", ", 'attn_shared_kv': true")));
    assertEquals(
        List.of("past_position", "past_keys_0", "past_values_0", "past_keys_1", "past_values_1"),
        states(plain()));
  }

  private static List<String> states(Architecture wrapper) {
    return wrapper.build(MAIN.toBuilder().incremental(true).build()).state().stream()
        .map(StateTensor::input)
        .toList();
  }
}
