/** Runs exported models with ONNX Runtime, generates from them and scores with them. */
@SuppressWarnings("module") // The module of the qualified export is compiled after this one.
module ai.transonnx.runtime {
  requires transitive ai.transonnx.format;
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires com.microsoft.onnxruntime;
  requires java.logging;
  requires java.management;
  requires jdk.management;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports ai.transonnx.runtime;
  exports ai.transonnx.runtime.device;
  exports ai.transonnx.runtime.diagnosis;
  exports ai.transonnx.runtime.embedding;
  exports ai.transonnx.runtime.generation;
  exports ai.transonnx.runtime.quality;
  exports ai.transonnx.runtime.sampling;
  exports ai.transonnx.runtime.scoring;
  exports ai.transonnx.runtime.serving;
  exports ai.transonnx.runtime.text;
  exports ai.transonnx.runtime.internal to
      ai.transonnx.djl,
      ai.transonnx.server;
  exports ai.transonnx.runtime.internal.worker to
      ai.transonnx.verification;

  uses ai.transonnx.runtime.internal.EnvironmentSetup;
  uses ai.transonnx.runtime.internal.SessionSource;
  uses ai.transonnx.runtime.text.TokenizerProvider;
}
