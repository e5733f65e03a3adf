package ai.transonnx.registry;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.internal.config.ConfigReader;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;

/** A class of a library: the record of its keyword arguments, and its constructor. */
record ArchitectureClass<C extends Record>(Class<C> config, Function<C, Architecture> make) {
  Architecture of(JsonNode json) {
    return make.apply(ConfigReader.read(json, config));
  }
}
