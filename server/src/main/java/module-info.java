/** Serves exported models with OpenAI's HTTP protocol. */
module ai.transonnx.server {
  requires transitive ai.transonnx.runtime;
  requires com.fasterxml.jackson.databind;
  requires io.vertx.core;
  requires micrometer.core;
  requires micrometer.registry.prometheus;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports ai.transonnx.server;
}
