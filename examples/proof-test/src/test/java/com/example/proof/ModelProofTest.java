package com.example.proof;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.Weights;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.ModelVerification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proves that a model file computes what its checkpoint and a recorded case do. */
class ModelProofTest {
  /** The folder with {@code case.json}, the checkpoint and the recorded tensors. */
  private static final Path CASE = Path.of(System.getProperty("case"));

  private static final Path CHECKPOINT = CASE.resolve("weights.safetensors");

  @TempDir private static Path folder;

  /** The file under test. In a project of your own, it is the file that you ship. */
  private static Path model;

  @BeforeAll
  static void export() {
    model = folder.resolve("model.onnx");
    CaseFolder.read(CASE).export(GraphRequest.main(), model);
  }

  @Test
  void theFileComputesWhatItsCheckpointDoesAtEachLevelOfOptimization() {
    ModelVerification.builder(model).weights(CHECKPOINT).on("cpu:*").build().run().assertPassed();
  }

  @Test
  void theFileComputesWhatThePythonLibraryRecorded() {
    ModelVerification.builder(model).caseFolder(CASE).build().run().assertPassed();
  }

  @Test
  void aFileWithOneChangedWeightFails() throws IOException {
    var changed = Files.write(folder.resolve("changed.onnx"), withChangedWeight());

    var report = ModelVerification.builder(changed).weights(CHECKPOINT).build().run();

    var failure = assertThrows(AssertionError.class, report::assertPassed);
    assertTrue(failure.getMessage().contains("Add in to_logits"), failure.getMessage());
  }

  /** The bytes of the file, with another first element of {@code to_logits.bias}. */
  private static byte[] withChangedWeight() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    byte[] bias;
    try (var weights = Weights.open(CHECKPOINT)) {
      var tensor = weights.tensors().get("to_logits.bias");
      bias = new byte[(int) tensor.byteCount()];
      tensor.content().slice(0, bias.length).get(bias);
    }
    int at = indexOf(bytes, bias);
    var floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    floats.putFloat(at, floats.getFloat(at) + 0.001f);
    return bytes;
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    var whole = ByteBuffer.wrap(bytes);
    var wanted = ByteBuffer.wrap(part);
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (whole.slice(at, part.length).equals(wanted)) {
        return at;
      }
    }
    throw new AssertionError("the file has no such weight");
  }
}
