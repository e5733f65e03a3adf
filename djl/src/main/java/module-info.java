/** Exported models in the Deep Java Library: criteria and translators. */
module ai.transonnx.djl {
  requires transitive ai.djl.api;
  requires transitive ai.transonnx.runtime;
  requires ai.djl.onnxruntime_engine;
  requires ai.transonnx.tokenizers;
  requires com.fasterxml.jackson.databind;
  requires com.microsoft.onnxruntime;
  requires java.desktop;
  requires org.slf4j;
  requires static transitive org.jspecify;

  // DJL reads JSON with it, and has no module descriptor that would require it.
  requires com.google.gson;

  // Their classes are copied into packages for DJL Serving.
  requires ai.djl.tokenizers;
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.core;
  requires com.google.protobuf;

  exports ai.transonnx.djl;
  exports ai.transonnx.djl.serving;

  provides ai.transonnx.runtime.internal.EnvironmentSetup with
      ai.transonnx.djl.internal.DjlEnvironment;
  provides ai.transonnx.runtime.internal.SessionSource with
      ai.transonnx.djl.internal.LoadedSession;
}
