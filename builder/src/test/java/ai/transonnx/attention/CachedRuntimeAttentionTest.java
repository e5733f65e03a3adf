package ai.transonnx.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.Target;
import ai.transonnx.registry.Architectures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CachedRuntimeAttentionTest {
  private static final long LAYERS = 2;

  /** For buffers that are large enough, and for those that grow. */
  private static final long FORMS = 2;

  private static long operators(String option, Target target) {
    var json =
        """
        {"class": "TransformerWrapper", "num_tokens": 24, "max_seq_len": 8, "attn_layers":
         {"class": "Decoder", "dim": 16, "depth": %s, "heads": 4, "attn_dim_head": 32%s}}
        """
            .formatted(LAYERS, option);
    var emit = EmitOptions.STANDARD.withTarget(target);
    var request = GraphRequest.builder().incremental(true).emit(emit).build();
    var graph = Architectures.of(Library.X_TRANSFORMERS, json).build(request).graph();
    return all(graph.nodes()).filter(node -> node.operator().equals("GroupQueryAttention")).count();
  }

  /** Nodes with those of their branches. */
  private static Stream<Node> all(List<Node> nodes) {
    return nodes.stream()
        .flatMap(
            node ->
                Stream.concat(
                    Stream.of(node),
                    node.attributes().values().stream()
                        .filter(Attribute.Branch.class::isInstance)
                        .flatMap(value -> all(((Attribute.Branch) value).graph().nodes()))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", \"rotary_pos_emb\": true",
        ", \"attn_qk_norm\": true",
        ", \"attn_one_kv_head\": true"
      })
  void causalAttentionToACacheIsOneOperator(String option) {
    assertEquals(FORMS * LAYERS, operators(option, Target.ONNXRUNTIME));
  }

  @Test
  void portableGraphsHaveStandardOperators() {
    assertEquals(0, operators("", Target.PORTABLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", \"alibi_pos_bias\": true",
        ", \"attn_num_mem_kv\": 2",
        ", \"attn_sparse_topk\": 2",
        ", \"attn_talking_heads\": true",
        ", \"attn_head_scale\": true",
        ", \"attn_value_dim_head\": 16"
      })
  void attentionWithOtherPartsHasSeparateOperators(String option) {
    assertEquals(0, operators(option, Target.ONNXRUNTIME));
  }
}
