/**
 * Verifies exported models: against outputs that were recorded with the Python libraries, and on
 * any runtime against the same computation in float64.
 */
module ai.transonnx.verification {
  requires transitive ai.transonnx.export;
  requires transitive ai.transonnx.runtime;
  requires com.fasterxml.jackson.databind;
  requires jdk.httpserver;
  requires com.google.protobuf;
  requires static transitive org.jspecify;

  exports ai.transonnx.verification;
  exports ai.transonnx.verification.report;
  exports ai.transonnx.verification.report.page;
  exports ai.transonnx.verification.runner;
}
