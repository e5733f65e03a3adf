/** Compares exported models with outputs that were recorded with the Python libraries. */
module ai.transonnx.verification {
  requires transitive ai.transonnx.export;
  requires transitive ai.transonnx.runtime;
  requires com.fasterxml.jackson.databind;
  requires static transitive org.jspecify;

  exports ai.transonnx.verification;
}
