/** Exported models in the Deep Java Library: criteria and translators. */
module ai.transonnx.djl {
  requires transitive ai.djl.api;
  requires transitive ai.transonnx.runtime;
  requires ai.djl.onnxruntime_engine;
  requires ai.transonnx.tokenizers;
  requires com.fasterxml.jackson.databind;
  requires static transitive org.jspecify;

  // DJL reads JSON with it, and has no module descriptor that would require it.
  requires com.google.gson;

  exports ai.transonnx.djl;

  provides ai.transonnx.runtime.internal.EnvironmentSetup with
      ai.transonnx.djl.internal.DjlEnvironment;
}
