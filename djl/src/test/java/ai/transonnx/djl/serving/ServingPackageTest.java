package ai.transonnx.djl.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.TransonnxException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package has every file of its model, or is not written. */
class ServingPackageTest {
  private static final Path CASES = ServedModel.GOLDEN.resolve("cases");
  private static final Path TOKENIZER = Path.of("src/test/resources/tokenizer/tokenizer.json");

  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void nameTheFiles() {
    file = folder.resolve("model é.onnx");
    target = folder.resolve("models/bible");
  }

  private static GraphRequest.Builder opset21() {
    return GraphRequest.builder().emit(EmitOptions.STANDARD.withOpset(21));
  }

  private void export(GraphRequest request) {
    CaseFolder.read(CASES.resolve("token-shift-gpt/base")).export(request, file);
  }

  private Path exportWithFiles() {
    var base = CaseFolder.read(CASES.resolve("token-shift-gpt/base"));
    Exporter.export(
        ExportRequest.builder(base.architecture(), base.weights(), file)
            .graph(opset21().incremental(true).build())
            .tokenizer(TOKENIZER)
            .externalData(true)
            .build());
    return file;
  }

  private void refuse(ServingPackage.Builder builder, String... phrases) throws IOException {
    var e = assertThrows(TransonnxException.class, () -> builder.build().write(target));
    for (var phrase : phrases) {
      assertTrue(e.getMessage().contains(phrase), e.getMessage());
    }
    assertFalse(Files.exists(target.resolve("serving.properties")));
    var parent = target.getParent();
    if (Files.exists(parent)) {
      try (Stream<Path> left = Files.list(parent)) {
        assertTrue(left.allMatch(target::equals));
      }
    }
  }

  @Test
  void everyFileOfTheModelIsInTheDirectory() throws IOException {
    ServingPackage.builder(exportWithFiles()).argument("stopText", "é").build().write(target);
    try (Stream<Path> files = Files.walk(target)) {
      assertEquals(
          List.of(
              "libs/transonnx.jar",
              "model é.onnx",
              "model é.onnx.data",
              "model é.onnx.tokenizer.json",
              "serving.properties"),
          files
              .filter(Files::isRegularFile)
              .map(one -> target.relativize(one).toString().replace('\\', '/'))
              .sorted()
              .toList());
    }
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(target.resolve("serving.properties"), UTF_8)) {
      properties.load(reader);
    }
    assertEquals("OnnxRuntime", properties.getProperty("engine"));
    assertEquals("model é", properties.getProperty("option.modelName"));
    assertEquals("é", properties.getProperty("stopText"));
    assertEquals("generation", properties.getProperty("task"));
    assertEquals(PackagedTranslator.class.getName(), properties.getProperty("translator"));
  }

  @Test
  void theSameModelGivesTheSamePackage() throws IOException {
    export(opset21().incremental(true).build());
    var other = folder.resolve("other");
    ServingPackage.builder(file).build().write(target);
    ServingPackage.builder(file).build().write(other);
    for (var name : List.of("serving.properties", "libs/transonnx.jar")) {
      assertEquals(-1, Files.mismatch(target.resolve(name), other.resolve(name)));
    }
  }

  @Test
  void anEarlierPackageIsReplacedOnDemandAndNothingElse() throws IOException {
    export(opset21().incremental(true).build());
    var builder = ServingPackage.builder(file);
    builder.build().write(target);
    Files.writeString(target.resolve("old.txt"), "old");
    var e = assertThrows(TransonnxException.class, () -> builder.build().write(target));
    assertTrue(e.getMessage().contains("is not empty"), e.getMessage());
    builder.replaceEarlier().build().write(target);
    assertFalse(Files.exists(target.resolve("old.txt")));
    Files.delete(target.resolve("serving.properties"));
    refuse(builder, "not a directory of DJL Serving");
  }

  @Test
  void aModelOfANewerOpsetIsRefused() throws IOException {
    export(GraphRequest.builder().incremental(true).build());
    refuse(
        ServingPackage.builder(file),
        "opset 23 and IR version 11",
        "opset 22 and IR version 10",
        "export it again with --opset 22");
    ServingPackage.builder(file).maxOpset(23).build().write(target);
    assertTrue(Files.exists(target.resolve("serving.properties")));
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    exportWithFiles();
    var tokenizer = folder.resolve("model é.onnx.tokenizer.json");
    var content = Files.readString(tokenizer);
    Files.delete(tokenizer);
    refuse(ServingPackage.builder(file), "model é.onnx.tokenizer.json is missing");
    Files.writeString(tokenizer, content);
    Files.delete(folder.resolve("model é.onnx.data"));
    refuse(ServingPackage.builder(file), "model é.onnx.data", "no such file");
  }

  @Test
  void aNamedTokenizerIsCopied() throws IOException {
    export(opset21().incremental(true).build());
    var builder = ServingPackage.builder(file).argument("tokenizer", TOKENIZER.toString());
    builder.build().write(target);
    assertEquals(-1, Files.mismatch(TOKENIZER, target.resolve("tokenizer.json")));
    assertTrue(
        Files.readString(target.resolve("serving.properties"))
            .contains("tokenizer=tokenizer.json\n"));
  }

  @Test
  void modelsThatNoRequestCanCallAreRefused() throws IOException {
    var memories = CaseFolder.read(CASES.resolve("x-transformers/xl-recurrence"));
    memories.export(
        opset21().inputs(List.of("tokens", "mem")).outputs("logits", "mem").build(), file);
    refuse(ServingPackage.builder(file), "export it with --incremental");
    export(opset21().build());
    refuse(ServingPackage.builder(file).task(ServedTask.EMBEDDING), "no output 'embeddings'");
    refuse(ServingPackage.builder(file).argument("lenght", "3"), "did you mean 'length'?");
    var source = CaseFolder.read(CASES.resolve("x-transformers/encoder-decoder-features"));
    var request = CaseChecks.request(source, source.step(2)).toBuilder().incremental(true);
    source.export(request.emit(EmitOptions.STANDARD.withOpset(21)).build(), file);
    refuse(ServingPackage.builder(file), "argument 'start' is missing");
    var renamed = Files.move(file, folder.resolve("model.bin"));
    refuse(ServingPackage.builder(renamed).argument("start", "1"), "names end with .onnx");
  }
}
