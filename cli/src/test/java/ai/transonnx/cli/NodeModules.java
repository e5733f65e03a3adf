package ai.transonnx.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Packages of npm, which a machine may lack; without one, a test is reported as skipped. */
final class NodeModules {
  private NodeModules() {}

  /**
   * The folder with a package: that of {@code TRANSONNX_NODE_MODULES}, or the one that {@code npm
   * install} writes beside the page of examples.
   */
  static Path having(String name) {
    var named = System.getenv().getOrDefault("TRANSONNX_NODE_MODULES", "");
    return Stream.of(named, "../examples/web-page/node_modules")
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder).toAbsolutePath().normalize())
        .filter(folder -> Files.isRegularFile(folder.resolve(name).resolve("package.json")))
        .findFirst()
        .orElseThrow(
            () ->
                new TestAbortedException(
                    "there is no package %1$s: npm install --prefix examples/web-page %1$s"
                        .formatted(name)));
  }
}
