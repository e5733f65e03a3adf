package ai.transonnx.internal.guess;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Shape;
import ai.transonnx.registry.Architectures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LocatedGuessTest {
  private static final String GPT =
      "{'class': 'TokenShiftGPT', 'num_tokens': 9, 'dim': 8, 'max_seq_len': 4, 'depth': 1}";
  private static final String DECODER =
      "{'class': 'TransformerWrapper', 'num_tokens': 9, 'max_seq_len': 4, 'attn_layers':"
          + " {'class': 'Decoder', 'dim': 8, 'depth': 1, 'heads': 2, 'attn_dim_head': 4}}";
  private static final String BOTH =
      "{'class': 'XTransformer', 'dim': 8, 'tie_token_emb': true, 'enc_num_tokens': 9,"
          + " 'enc_max_seq_len': 4, 'enc_depth': 1, 'dec_num_tokens': 9, 'dec_max_seq_len': 4,"
          + " 'dec_depth': 1}";

  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  private void add(Library library, String json, UnaryOperator<String> name) {
    var model = Architectures.of(library, json.replace('\'', '"')).build(GraphRequest.main());
    for (var parameter : model.graph().parameters()) {
      for (var stored : parameter.source().stored()) {
        shapes.put(name.apply(stored.name()), stored.shape());
      }
    }
  }

  private List<String> located() {
    return LocatedGuess.all(shapes, Optional.empty()).stream()
        .map(model -> model.prefix() + " " + model.guess().className())
        .toList();
  }

  @Test
  void modelsAreFoundByTheirPrefixes() {
    add(Library.X_TRANSFORMERS, DECODER, name -> "online_model.net." + name);
    add(Library.X_TRANSFORMERS, DECODER, name -> "ema_model." + name);
    add(Library.TOKEN_SHIFT_GPT, GPT, name -> "gpt." + name);
    shapes.put("head.weight", Shape.of(2));
    assertEquals(
        List.of(
            "gpt. TokenShiftGPT",
            "ema_model. TransformerWrapper",
            "online_model.net. TransformerWrapper"),
        located());
  }

  @Test
  void aCopyWithinAModelIsAnotherModel() {
    add(Library.X_TRANSFORMERS, DECODER, name -> name);
    add(Library.X_TRANSFORMERS, DECODER, name -> "ema." + name);
    assertEquals(List.of(" TransformerWrapper", "ema. TransformerWrapper"), located());
  }

  @Test
  void theDecoderOfAnEncoderDecoderModelIsNotAnotherModel() {
    add(Library.X_TRANSFORMERS, BOTH, name -> "net." + name);
    assertEquals(List.of("net. XTransformer"), located());
    var guess = LocatedGuess.all(shapes, Optional.empty()).get(0).guess();
    assertEquals("true", guess.config().path("tie_token_emb").asText());
    assertEquals(9, guess.config().path("dec_num_tokens").asInt());
  }

  @Test
  void wrappersWithinNamesAreIgnored() {
    add(
        Library.X_TRANSFORMERS,
        DECODER,
        name -> "lm." + name.replace("attn_layers.", "attn_layers._orig_mod._wrapped."));
    assertEquals(List.of("lm. TransformerWrapper"), located());
  }

  @Test
  void otherTensorsAreNoModel() {
    shapes.put("conv.weight", Shape.of(2, 2));
    assertEquals(List.of(), located());
  }
}
