/** Builds ONNX graphs of configured transformers: operators, layers, architectures. */
@SuppressWarnings("module") // The modules of qualified exports are compiled after this one.
module ai.transonnx.builder {
  requires transitive ai.transonnx.format;
  requires transitive com.fasterxml.jackson.databind;
  requires static transitive org.jspecify;

  exports ai.transonnx.architecture;
  exports ai.transonnx.attention;
  exports ai.transonnx.blockrecurrent;
  exports ai.transonnx.config;
  exports ai.transonnx.flash;
  exports ai.transonnx.graph;
  exports ai.transonnx.layer;
  exports ai.transonnx.op;
  exports ai.transonnx.registry;
  exports ai.transonnx.tokenshift;
  exports ai.transonnx.xtransformers;
  exports ai.transonnx.internal.config to
      ai.transonnx.export,
      ai.transonnx.verification;
  exports ai.transonnx.internal.guess to
      ai.transonnx.export;
  exports ai.transonnx.internal.xtransformers to
      ai.transonnx.export;
}
