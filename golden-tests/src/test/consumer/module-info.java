/** A program that uses exported packages only. */
module consumer {
  requires ai.transonnx.djl;
  requires transitive ai.transonnx.export;
  requires ai.transonnx.runtime;
  requires ai.transonnx.verification;

  exports consumer;
}
