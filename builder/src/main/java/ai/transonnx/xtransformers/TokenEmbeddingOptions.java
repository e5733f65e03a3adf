package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.TokenTable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of embeddings that later releases add. Immutable. */
public record TokenEmbeddingOptions(
    @Option(
            value =
                "further tables of embeddings by name and size; input embed_ids.NAME is added to"
                    + " the tokens' embeddings",
            defaultValue = "{}",
            since = "1.26.2")
        Map<String, Integer> embedNumTokens,
    @Option(
            value = "factors of the outputs of feedforward layers that depend on the token",
            defaultValue = "false",
            since = "2.3.9")
        boolean ffDeepEmbed,
    @Option(
            value = "number of positions after which the memory tokens stand again",
            defaultValue = "null",
            since = "1.23.0")
        @Nullable Integer memoryTokensInterspersedEvery,
    @Option(
            value = "weight of a loss of attention scores",
            defaultValue = "0.0001",
            trainingOnly = true,
            since = "1.18.2")
        double attnZLossWeight) {
  public TokenEmbeddingOptions {
    embedNumTokens = Collections.unmodifiableMap(new LinkedHashMap<>(embedNumTokens));
    TokenTables.check("embed_num_tokens", embedNumTokens);
    if (memoryTokensInterspersedEvery != null) {
      Ranges.checkInteger(
          "memory_tokens_interspersed_every", memoryTokensInterspersedEvery, 1, 1 << 24);
    }
  }

  /** The further tables. */
  List<TokenTable> tables() {
    return TokenTables.of("embed_ids.", embedNumTokens);
  }
}
