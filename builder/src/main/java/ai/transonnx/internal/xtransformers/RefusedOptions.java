package ai.transonnx.internal.xtransformers;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The options of the library that are not supported, with the reason. Stateless. */
final class RefusedOptions {
  private static final String OBJECT =
      "it needs a Python object, whose computation a configuration does not describe; write an"
          + " architecture of your own";

  /** The reasons by a pattern of the keys, without the prefixes of attention and layers. */
  private static final List<Map.Entry<Pattern, String>> REASONS =
      List.of(
          entry(
              Pattern.compile("gumbel_softmax(_temp|_hard)?"),
              "attention weights would be random, and no two runs equal"),
          entry(
              Pattern.compile(
                  "custom_attn_fn|custom_activation|token_emb|to_logits"
                      + "|hybrid_(module|mask_kwarg|fold_axial_dim|learned_mix)"),
              OBJECT),
          entry(
              Pattern.compile("flash_pack_seq"),
              "the boundaries of packed sequences are arguments of calls that graphs do not have;"
                  + " remove it if the model is called without them"),
          entry(
              Pattern.compile("aggregated_residual_kwargs"),
              "only the default arguments of aggregated residuals are supported"));

  private static final Pattern PREFIXES = Pattern.compile("^(enc_|dec_)?(cross_)?(attn_|ff_)?");

  private RefusedOptions() {}

  /** The reason for which an option is refused; empty if the library does not have it. */
  static Optional<String> reason(String key) {
    var name = PREFIXES.matcher(key).replaceFirst("");
    return REASONS.stream()
        .filter(reason -> reason.getKey().matcher(name).matches())
        .findFirst()
        .map(Map.Entry::getValue);
  }
}
