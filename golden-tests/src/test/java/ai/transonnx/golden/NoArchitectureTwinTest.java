package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.structure.ArchitectureTwin;
import ai.transonnx.verification.internal.structure.TwinWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose architecture cannot be built anew: the reason is one line. */
class NoArchitectureTwinTest {
  private static final TwinWeights OF_FILE = new TwinWeights.OfFile();
  private static final Path CASE = Path.of("cases", "x-transformers", "decoder");

  @TempDir private Path scratch;

  private Path folder() throws IOException {
    return Files.createTempDirectory(scratch, "folder");
  }

  @Test
  void aFileWithoutMetadataHasNoTwin() throws IOException {
    var file = changed(model -> model.clearMetadataProps());
    assertEquals(
        new ArchitectureTwin.Impossible(
            "it has no metadata entry 'transonnx.library', so its class is unknown"),
        ArchitectureTwin.of(file, OF_FILE, folder()));
  }

  @Test
  void aFileWithOtherWeightsThanItsClassHasNoTwin() throws IOException {
    var file =
        changed(
            model ->
                model
                    .getGraphBuilder()
                    .getInitializerBuilderList()
                    .forEach(
                        one -> one.setName(one.getName().replace("to_out.weight", "out.weight"))));
    var reason = reason(file);
    assertTrue(reason.contains("to_out.weight', which is no initializer of the file"), reason);
  }

  @Test
  void aFileWithOtherInputsThanItsClassHasNoTwin() throws IOException {
    var file = changed(model -> model.getGraphBuilder().getInputBuilder(0).setName("words"));
    var reason = reason(file);
    assertTrue(reason.contains("class 'TransformerWrapper'"), reason);
    assertTrue(reason.contains("words"), reason);
  }

  @Test
  void aConfigurationThatTheClassRefusesIsAReason() throws IOException {
    var file =
        changed(
            model ->
                model
                    .getMetadataPropsBuilderList()
                    .forEach(one -> one.setValue(one.getValue().replace("depth", "deepness"))));
    var reason = reason(file);
    assertTrue(reason.startsWith("its metadata describe no class of this version: "), reason);
    assertEquals(1, reason.lines().count());
  }

  @Test
  void aConfigurationThatWouldFillTheMemoryIsAReason() throws IOException {
    var file =
        changed(
            model ->
                model
                    .getMetadataPropsBuilderList()
                    .forEach(
                        one ->
                            one.setValue(
                                one.getValue().replace("\"depth\":2", "\"depth\":99999"))));
    assertEquals(
        "the configuration in its metadata has 'depth': 99999; up to 4096 is supported here",
        reason(file));
  }

  private String reason(ModelFile file) throws IOException {
    var twin = ArchitectureTwin.of(file, OF_FILE, folder());
    return assertInstanceOf(ArchitectureTwin.Impossible.class, twin).reason();
  }

  private ModelFile changed(Consumer<ModelProto.Builder> change) throws IOException {
    var original = folder().resolve("model.onnx");
    CaseFolder.read(CASE).export(GraphRequest.main(), original);
    var file = ModelFile.read(original);
    var model = file.proto().toBuilder();
    change.accept(model);
    return ModelFile.read(file.write(model.build(), folder(), "changed"));
  }
}
