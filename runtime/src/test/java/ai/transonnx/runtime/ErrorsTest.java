package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Every error that a service can encounter has a type of its own and a message of one line. */
class ErrorsTest {
  private static final Tensor TOKENS = Tensor.ofLongs(new long[] {1, 2, 3, 4}, 2, 2);

  @TempDir private Path folder;

  @Test
  void aCorruptModel() throws IOException {
    Path file = Files.writeString(folder.resolve("corrupt.onnx"), "not a model");
    rejected(
        ModelException.class,
        () -> OnnxModel.load(file),
        file + ": truncated, or not an ONNX file");
  }

  @Test
  void corruptMetadata() {
    Path file = TinyModels.stateless().metadata(MetadataKey.MAX_LENGTH, "many").write(folder);
    rejected(
        ModelException.class,
        () -> OnnxModel.load(file),
        file + ": metadata 'transonnx.max_length' is 'many'");
  }

  @Test
  void aWrongInput() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      rejected(
          NameException.class,
          () -> model.run(Map.of("token", TOKENS)),
          "the model has no input 'token'; it takes [tokens int64[batch, n]");
      rejected(
          NameException.class,
          () -> model.run(Map.of("tokens", TOKENS)),
          "input 'past_sum' is missing: past_sum int64[batch, 1]");
      rejected(
          TypeException.class,
          () -> run(model, "tokens", Tensor.zeros(ElementType.INT32, 2, 2)),
          "input 'tokens' is int32[2, 2], but the model takes int64[batch, n]");
      rejected(
          ShapeException.class,
          () -> run(model, "tokens", Tensor.zeros(ElementType.INT64, 2)),
          "its rank is 1, not 2");
      rejected(
          ShapeException.class,
          () -> run(model, "tokens", Tensor.zeros(ElementType.INT64, 3, 2)),
          "dimension 0 (batch) is 2, not 3");
      rejected(
          NameException.class,
          () -> model.run(inputs(TOKENS), Set.of("logit"), new Cancellation()),
          "the model has no output 'logit'");
    }
  }

  @Test
  void aTokenOutOfRange() {
    var embedding =
        new TinyModel()
            .input("tokens", ElementType.INT64, "b", "n")
            .floats("embeddings", 0, 1, 2)
            .node("Gather", List.of("embeddings", "tokens"), "logits")
            .output("logits", ElementType.FLOAT32, "b", "n");
    try (var model = OnnxModel.load(embedding.write(folder))) {
      var beyond = Map.of("tokens", Tensor.ofLongs(new long[] {0, 2, 2, 3}, 2, 2));
      var e =
          rejected(
              TokenException.class,
              () -> model.run(beyond),
              "token 3 at position 1 of row 1 of input 'tokens' is not in the vocabulary: 0 to 2");
      assertEquals(3, e.token());
      var negative = Map.of("tokens", Tensor.ofLongs(new long[] {0, -1}, 1, 2));
      rejected(
          TokenException.class,
          () -> model.run(negative),
          "token -1 at position 1 of row 0 of input 'tokens' is negative");
    }
  }

  @Test
  void aTokenOfASourceOutOfRange() {
    var sums =
        new TinyModel()
            .input("src", ElementType.INT64, "b", "m")
            .input("tgt", ElementType.INT64, "b", "n")
            .node("ReduceSum", List.of("src"), "source")
            .node("Add", List.of("source", "tgt"), "logits")
            .output("logits", ElementType.INT64, "b", "n")
            .metadata("transonnx.num_tokens.src", "3")
            .metadata("transonnx.num_tokens.tgt", "5");
    try (var model = OnnxModel.load(sums.write(folder))) {
      var source = Tensor.ofLongs(new long[] {0, 2}, 1, 2);
      var target = Tensor.ofLongs(new long[] {4, -1}, 1, 2);
      rejected(
          TokenException.class,
          () -> model.run(Map.of("src", source, "tgt", target)),
          "token -1 at position 1 of row 0 of input 'tgt' is negative");
      rejected(
          TokenException.class,
          () -> model.run(Map.of("src", target, "tgt", source)),
          "token 4 at position 0 of row 0 of input 'src' is not in the vocabulary: 0 to 2");
    }
  }

  @Test
  void anInvalidTokenBeforeTheLastOfALoss() {
    var sum =
        new TinyModel()
            .input("tokens", ElementType.INT64, "b", "n")
            .node("ReduceSum", List.of("tokens"), "loss")
            .output("loss", ElementType.INT64, 1, 1)
            .metadata("transonnx.num_tokens.tokens", "3");
    try (var model = OnnxModel.load(sum.write(folder))) {
      var ignoredLast = Map.of("tokens", Tensor.ofLongs(new long[] {0, 2, 1, -100}, 2, 2));
      assertEquals(-97, model.run(ignoredLast).get("loss").longs()[0]);
      var ignoredFirst = Map.of("tokens", Tensor.ofLongs(new long[] {0, 2, -100, 1}, 2, 2));
      rejected(
          TokenException.class,
          () -> model.run(ignoredFirst),
          "token -100 at position 0 of row 1 of input 'tokens' is negative");
    }
  }

  @Test
  void emptyInputs() {
    var picked =
        new TinyModel()
            .input("x", ElementType.FLOAT32, "b", "n")
            .longs("first", 0)
            .node("Gather", List.of("x", "first"), "out", 1)
            .output("out", ElementType.FLOAT32, "b", 1);
    try (var model = OnnxModel.load(picked.write(folder))) {
      var nothing = Map.of("x", Tensor.ofFloats(new float[0], 2, 0));
      rejected(
          ShapeException.class,
          () -> model.run(nothing),
          "input 'x' is float32[2, 0]; the model cannot run on empty inputs");
    }
  }

  @Test
  void aLossOfOnePosition() {
    var mean =
        new TinyModel()
            .input("x", ElementType.FLOAT32, "b", "n")
            .longs("second", 1)
            .node("Gather", List.of("x", "second"), "loss", 1)
            .output("loss", ElementType.FLOAT32, "b", 1);
    try (var model = OnnxModel.load(mean.write(folder))) {
      var alone = Map.of("x", Tensor.ofFloats(new float[] {1}, 1, 1));
      rejected(
          ShapeException.class,
          () -> model.run(alone),
          "input 'x' is float32[1, 1]; a loss needs 2 or more positions");
    }
  }

  @Test
  void morePositionsThanMaxLength() {
    var tiny =
        new TinyModel()
            .input("tokens", ElementType.INT64, "b", "n")
            .longs("positions", 0, 1, 2)
            .node("Add", List.of("tokens", "positions"), "logits")
            .output("logits", ElementType.INT64, "b", "n")
            .metadata(MetadataKey.MAX_LENGTH, "3");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      rejected(
          ShapeException.class,
          () -> model.run(Map.of("tokens", Tensor.zeros(ElementType.INT64, 1, 4))),
          "input 'tokens' is int64[1, 4]; the model's max_length is 3");
    }
  }

  @Test
  void aTokenOutOfRangeInALoop() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var loop = TokenLoop.of(model)) {
      rejected(
          TokenException.class,
          () -> loop.feed(11),
          "token 11 at position 0 of row 0 is not in the vocabulary: 0 to 10");
    }
  }

  @Test
  void aClosedModel() {
    var model = OnnxModel.load(TinyModels.stateful().write(folder));
    model.close();
    rejected(ClosedException.class, () -> run(model, "tokens", TOKENS), "the model is closed");
  }

  @Test
  void aCancelledCall() {
    var cancellation = new Cancellation();
    cancellation.cancel();
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      rejected(
          CancelledException.class,
          () -> model.run(inputs(TOKENS), Set.of("logits"), cancellation),
          model.file() + ": cancelled");
    }
  }

  @Test
  void aDeadline() {
    try (var model = OnnxModel.load(TinyModels.slow().write(folder))) {
      var x = Map.of("x", Tensor.zeros(ElementType.FLOAT32, 512, 512));
      var outputs = model.signature().outputs().keySet();
      var cancellation = Cancellation.after(Duration.ofMillis(20));
      rejected(
          DeadlineException.class,
          () -> model.run(x, outputs, cancellation),
          model.file() + ": not done within 20 ms");
      assertTrue(cancellation.isExpired());
      cancellation.cancel();
      assertTrue(cancellation.isExpired(), "the first end counts");
    }
  }

  @Test
  void aCallBeyondTheMemoryLimit() {
    var options = ModelOptions.builder().memoryLimit(1000).build();
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder), options)) {
      run(model, "tokens", TOKENS);
      rejected(
          MemoryLimitException.class,
          () -> run(model, "tokens", Tensor.zeros(ElementType.INT64, 2, 20)),
          "the inputs and outputs of this call have 0.0 MB");
      try (var loop = TokenLoop.of(model)) {
        loop.feed(1, 2, 3);
        rejected(MemoryLimitException.class, () -> loop.feed(new long[100]), "n=100");
      }
    }
  }

  @Test
  void aCallBeyondTheMachinesMemory() {
    var tiny =
        new TinyModel()
            .input("shape", ElementType.INT64, "rank")
            .floats("zero", 0)
            .node("Expand", List.of("zero", "shape"), "many")
            .node("ReduceSum", List.of("many"), "sum")
            .output("sum", ElementType.FLOAT32, "all");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var shape = Tensor.ofLongs(new long[] {1L << 44}, 1);
      rejected(
          MemoryLimitException.class, () -> model.run(Map.of("shape", shape)), "the run failed");
    }
  }

  private static Map<String, Tensor> inputs(Tensor tokens) {
    return new HashMap<>(
        Map.of("tokens", tokens, "past_sum", Tensor.ofLongs(new long[] {1, 2}, 2, 1)));
  }

  private static Outputs run(OnnxModel model, String name, Tensor tensor) {
    var inputs = inputs(TOKENS);
    inputs.put(name, tensor);
    return model.run(inputs);
  }

  private static <E extends InferenceException> E rejected(
      Class<E> type, Executable call, String phrase) {
    var e = assertThrows(type, call);
    assertEquals(type, e.getClass());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(
        e.getMessage().contains(phrase), () -> "'" + phrase + "' is not in: " + e.getMessage());
    return e;
  }
}
