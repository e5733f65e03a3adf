package consumer;

import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;

/** A configuration of this program's own, whose builder the annotation processor generates. */
@Configuration
public record OwnConfig(
    @Option("Width of the layers") int width,
    @Option(value = "Number of layers", defaultValue = "2") int depth) {
  /** A builder with the defaults. */
  public static OwnConfigBuilder builder() {
    return new OwnConfigBuilder();
  }
}
