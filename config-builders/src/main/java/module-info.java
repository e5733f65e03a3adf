/** An annotation processor that writes the builders of configuration records. */
module ai.transonnx.config.builders {
  requires java.compiler;
  requires static transitive org.jspecify;

  provides javax.annotation.processing.Processor with
      ai.transonnx.config.builders.ConfigBuilderProcessor;
}
