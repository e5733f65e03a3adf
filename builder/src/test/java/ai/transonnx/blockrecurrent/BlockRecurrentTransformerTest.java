package ai.transonnx.blockrecurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.config.ConfigException;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Parameter;
import ai.transonnx.internal.config.ConfigReader;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockRecurrentTransformerTest {
  private static final GraphRequest MAIN = GraphRequest.main();

  private static BlockRecurrentConfigBuilder small() {
    return BlockRecurrentConfig.builder()
        .numTokens(24)
        .dim(16)
        .depth(2)
        .dimHead(8)
        .heads(2)
        .maxSeqLen(32)
        .blockWidth(16);
  }

  private static BlockRecurrentTransformer transformer() {
    return new BlockRecurrentTransformer(small().numStateVectors(8).build());
  }

  private static List<String> state(Model model) {
    return model.state().stream()
        .map(pair -> "%s %s %s".formatted(pair.input(), pair.shape(), pair.first()))
        .toList();
  }

  @Test
  void theMainGraphHasOneInput() {
    var model = transformer().build(MAIN);
    assertEquals(1, model.graph().inputs().size());
    assertEquals("logits: float32 [batch, length, 24]", model.graph().outputs().get(0).toString());
    assertEquals("32", model.properties().get(MetadataKey.MAX_LENGTH.key()));
  }

  @Test
  void requestingOneMemoryReturnsTheWholeState() {
    var model = transformer().build(MAIN.toBuilder().outputs("logits", "xl_memory_1").build());
    assertEquals(
        List.of(
            "past_xl_memory_0 [2, batch, memory_past, 8] [2, batch, 0, 8]",
            "past_xl_memory_1 [2, batch, memory_past, 8] [2, batch, 0, 8]",
            "past_state_0 [batch, state_past, 16] [batch, 0, 16]"),
        state(model));
  }

  @Test
  void theIncrementalStateIncludesThePartialBlock() {
    var state = state(transformer().build(MAIN.toBuilder().incremental(true).build()));
    assertEquals(5, state.size());
    assertEquals("past_block_0 [2, batch, block_past, 8] [2, batch, 0, 8]", state.get(3));
  }

  @Test
  void theGraphDoesNotGrowWithTheNumberOfBlocks() {
    var longer = new BlockRecurrentTransformer(small().maxSeqLen(1600).build());
    assertEquals(
        transformer().build(MAIN).graph().nodes().size(),
        longer.build(MAIN).graph().nodes().size());
  }

  @Test
  void parametersHaveTheLibrarysNames() {
    var names =
        transformer().build(MAIN).graph().parameters().stream().map(Parameter::name).toList();
    assertTrue(
        names.containsAll(
            List.of(
                "token_emb.weight",
                "layers.0.0.norm.gamma",
                "layers.0.0.state_container.init_state",
                "layers.0.0.state_container.state_out_to_gate.bias",
                "transpose(layers.1.0.to_q.weight)",
                "transpose(to_logits.1.weight)")));
  }

  @Test
  void onlyLossAndIncrementalGraphsMayExceedMaxSeqLen() {
    var longer = MAIN.toBuilder().length(33).build();
    var thrown = assertThrows(InputException.class, () -> transformer().build(longer));
    assertEquals(
        "length 33 exceeds max_seq_len: a call has at most 32 positions", thrown.getMessage());
    transformer().build(longer.toBuilder().outputs("loss").build());
    transformer().build(longer.toBuilder().incremental(true).build());
  }

  @Test
  void aLossCannotBeCombinedWithMemories() {
    var withMemory = MAIN.toBuilder().outputs("loss", "xl_memory_0").build();
    assertThrows(InputException.class, () -> transformer().build(withMemory));
    var incremental = MAIN.toBuilder().outputs("loss").incremental(true).build();
    assertThrows(InputException.class, () -> transformer().build(incremental));
  }

  @Test
  void aModelWithoutRecurrentLayersHasNoStates() {
    var plain = new BlockRecurrentTransformer(small().recurrentLayers().build());
    assertEquals(4, plain.build(MAIN.toBuilder().incremental(true).build()).state().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'max_seq_len': 40 | 'max_seq_len' is 40; it must be a multiple of 'block_width', which is 16",
        "'recurrent_layers': [3] | 'recurrent_layers' is 3; it must be from 1 to 2",
        "'recurrent_layers': [1, 1] |"
            + " 'recurrent_layers' is [1, 1]; it must be without duplicates",
        "'recurrent_layers': 1 | 'recurrent_layers' is 1; it must be a list whose elements are each a"
            + " whole number below 2^31, or null",
        "'read_recurrent_layers': [2] | 'read_recurrent_layers' is 2; it must be from 1 to 1",
        "'read_recurrent_layers': [1, 1] | 'read_recurrent_layers' is [1, 1]; it must be a list of"
            + " one layer for each of 'recurrent_layers', which are [1]",
        "'depth': 1 | 'recurrent_layers' is 0; it must be from 1 to 1",
        "'num_state_vectors': 0 | 'num_state_vectors' is 0; it must be from 1 to 16777216",
      })
  void invalidOptionsAreRejected(String option, String message) throws Exception {
    var json =
        "{'num_tokens': 24, 'dim': 16, 'dim_head': 8, 'max_seq_len': 32, 'block_width': 16,"
            + " 'depth': 2}";
    var mapper = new ObjectMapper();
    var tree = (ObjectNode) mapper.readTree(json.replace('\'', '"'));
    mapper.readerForUpdating(tree).readValue(("{" + option + "}").replace('\'', '"'));
    var thrown =
        assertThrows(
            ConfigException.class, () -> ConfigReader.read(tree, BlockRecurrentConfig.class));
    assertEquals(message, thrown.getMessage());
  }
}
