package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.TokenTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Tables of embeddings that have names. */
final class TokenTables {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int MAX_TABLES = 64;

  private TokenTables() {}

  /**
   * Checks names and numbers of embeddings.
   *
   * @param key the key of the option
   * @throws ConfigException if a name cannot be part of the name of an input, or if a number is out
   *     of range
   */
  static void check(String key, Map<String, Integer> counts) {
    if (counts.size() > MAX_TABLES) {
      throw new ConfigException(
          "'%s' has %s names; at most %s are allowed".formatted(key, counts.size(), MAX_TABLES));
    }
    counts.forEach(
        (name, count) -> {
          if (!NAME.matcher(name).matches()) {
            throw new ConfigException(
                "'%s' has a name that is not made of 1 to 64 letters, digits, '_' and '-'"
                    .formatted(key));
          }
          Ranges.checkInteger(key + "." + name, count, 1, 1 << 24);
        });
  }

  /**
   * The tables in the module {@code embeds}.
   *
   * @param prefix the prefix of the names of inputs
   */
  static List<TokenTable> of(String prefix, Map<String, Integer> counts) {
    var tables = new ArrayList<TokenTable>();
    counts.forEach(
        (name, count) ->
            tables.add(new TokenTable(prefix + name, List.of("embeds", name + "_embed"), count)));
    return tables;
  }

  /**
   * Checks that memory tokens may stand at several positions.
   *
   * @throws ConfigException if the layers are no Decoder
   */
  static void checkInterspersed(AttentionLayersConfig layers, int every) {
    if (layers.layersClass() != StackKind.DECODER) {
      throw ConfigException.notAllowed(
          "memory_tokens_interspersed_every", every, "null unless the layers are a Decoder");
    }
  }
}
