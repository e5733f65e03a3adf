package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import java.util.List;
import java.util.Optional;

/** The keyword arguments of relative position biases. Immutable. */
@Configuration
public record RelPosKeywords(
    @Option(value = "slopes of ALiBi, one for each head", defaultValue = "null")
        Optional<List<Double>> slopes) {
  /** The library's defaults. */
  static final RelPosKeywords DEFAULTS = new RelPosKeywords(Optional.empty());

  /** Checks these arguments against the number of heads. */
  void check(int heads, boolean alibi) {
    if (slopes.isEmpty()) {
      return;
    }
    if (!alibi) {
      throw new ConfigException("'slopes' of 'rel_pos_kwargs' are set; they need 'alibi_pos_bias'");
    }
    int count = slopes.get().size();
    if (count < 1 || count > heads) {
      throw new ConfigException(
          "'slopes' of 'rel_pos_kwargs' has %s numbers; it must have from 1 to %s, the number of heads"
              .formatted(count, heads));
    }
    if (!slopes.get().stream().allMatch(slope -> Double.isFinite(slope.floatValue()))) {
      throw new ConfigException(
          "'slopes' of 'rel_pos_kwargs' has numbers that are not finite in float32");
    }
  }
}
