package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.xtransformers.TokenTable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
            value = "weight of a loss of attention scores",
            defaultValue = "0.0001",
            trainingOnly = true,
            since = "1.18.2")
        double attnZLossWeight) {
  public TokenEmbeddingOptions {
    embedNumTokens = Collections.unmodifiableMap(new LinkedHashMap<>(embedNumTokens));
    TokenTables.check("embed_num_tokens", embedNumTokens);
  }

  /** The further tables. */
  List<TokenTable> tables() {
    return TokenTables.of("embed_ids.", embedNumTokens);
  }
}
