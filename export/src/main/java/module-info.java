/** Reads checkpoints, binds their weights to graphs and writes ONNX files. */
module ai.transonnx.export {
  requires transitive ai.transonnx.builder;
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires static transitive org.jspecify;

  exports ai.transonnx.export;
  exports ai.transonnx.export.calibration;
  exports ai.transonnx.export.checkpoint;
  exports ai.transonnx.export.inspect;
  exports ai.transonnx.export.weights;
}
