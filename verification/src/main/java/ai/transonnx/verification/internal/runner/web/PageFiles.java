package ai.transonnx.verification.internal.runner.web;

import ai.transonnx.verification.internal.graph.ModelFile;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a request. A page cannot open files, so that each path is replaced by an address,
 * which is valid until this is closed. For one thread.
 */
final class PageFiles implements AutoCloseable {
  /** Makes the route to a file that the page writes. */
  @FunctionalInterface
  interface Upload {
    PageServer.Route to(Path file);
  }

  private final PageServer server;
  private final Upload upload;
  private final List<String> addresses = new ArrayList<>();

  PageFiles(PageServer server, Upload upload) {
    this.server = server;
    this.upload = upload;
  }

  /**
   * A request of the protocol with addresses instead of paths, and with the external data of its
   * model.
   *
   * @throws ai.transonnx.TransonnxException if the model cannot be read
   */
  ObjectNode addressed(ObjectNode request) {
    var addressed = request.deepCopy();
    if (request.has("model")) {
      var model = Path.of(request.path("model").textValue());
      addressed.put("model", add("model", Responses.file(model)));
      addExternalData(addressed, model);
    }
    if (request.has("inputs")) {
      var inputs = Path.of(request.path("inputs").textValue());
      addressed.put("inputs", add("inputs", Responses.file(inputs)));
    }
    if (request.has("result")) {
      var result = Path.of(request.path("result").textValue());
      addressed.put("result", add("result", upload.to(result)));
    }
    return addressed;
  }

  private void addExternalData(ObjectNode request, Path model) {
    var external = request.putArray("external");
    var folder = model.resolveSibling("");
    for (var file : ModelFile.read(model).externalFiles()) {
      var location = folder.relativize(file).toString().replace('\\', '/');
      var address = add("data/" + external.size(), Responses.file(file));
      external.addObject().put("path", location).put("url", address);
    }
  }

  private String add(String address, PageServer.Route route) {
    server.add(address, route);
    addresses.add(address);
    return address;
  }

  @Override
  public void close() {
    addresses.forEach(server::remove);
  }
}
