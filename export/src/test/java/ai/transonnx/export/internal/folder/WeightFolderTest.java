package ai.transonnx.export.internal.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TestWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFolderTest {
  @TempDir private Path folder = Path.of("");

  private void write(String... names) throws IOException {
    for (var name : names) {
      var file = folder.resolve(name);
      Files.createDirectories(file.resolveSibling(""));
      new TestWeights().addCounting("w", 2).write(file);
    }
  }

  private void assertOpens(String name) {
    try (var file = Weights.open(folder)) {
      assertEquals(folder.resolve(name), file.path());
      assertEquals(Set.of("w"), file.tensors().keySet());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "pytorch_model.bin",
        "epoch=3-step=40.ckpt",
        "weights.pt",
        "model-00001-of-00001.safetensors",
        "model_world_size_1_rank_0.pt",
      })
  void theOnlyWeightFileIsOpened(String name) throws IOException {
    write(name);
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.createDirectory(folder.resolve("logs"));
    assertOpens(name);
  }

  @Test
  void theStateOfATrainerIsNoWeightFile() throws IOException {
    write("model.safetensors", "optimizer.bin", "optimizer_1.bin", "scheduler.pt", "scaler.pt");
    write("rng_state_0.pth", "random_states_0.pkl", "training_args.bin", "sampler.bin");
    assertOpens("model.safetensors");
  }

  @Test
  void theShardsOfAnIndexAreNoWeightFiles() throws IOException {
    var shards = List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    write(shards.get(0));
    new TestWeights().addCounting("v", 2).write(folder.resolve(shards.get(1)));
    Files.writeString(
        folder.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"w\": \"%s\", \"v\": \"%s\"}}".formatted(shards.toArray()));
    try (var file = Weights.open(folder)) {
      assertEquals("2 shards of safetensors", file.format());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.safetensors pytorch_model.bin | several weight files; specify one of them instead:"
            + " model.safetensors, pytorch_model.bin",
        "epoch=1.ckpt last.ckpt | specify one of them instead: epoch=1.ckpt, last.ckpt",
        "a.pt pytorch_model_fsdp_0/.metadata | instead: a.pt, pytorch_model_fsdp_0",
        "global_step1/mp_rank_00_model_states.pt global_step2/mp_rank_00_model_states.pt"
            + " | instead: global_step1, global_step2",
        "notes.txt optimizer.pt | no weights; expected a file such as model.safetensors",
        "model-00001-of-00002.safetensors model-00002-of-00002.safetensors"
            + " | shards without their index: model-00001-of-00002.safetensors",
        "pytorch_model_rank0.bin pytorch_model_rank1.bin | the tensors of one process:"
            + " pytorch_model_rank0.bin, pytorch_model_rank1.bin; save the full state dict",
        "shard-00001-model-00001-of-00001.safetensors"
            + " | 'DCP_SHARDING_INFO' has no valid 'saved_offsets' of tensor 'w'",
      })
  void anyOtherFolderIsRefused(String names, String message) throws IOException {
    write(names.split(" "));
    Refusal.assertRefused(folder, message);
  }

  @Test
  void aLongListIsCut() throws IOException {
    for (int i = 10; i < 30; i++) {
      write("epoch=%s.ckpt".formatted(i));
    }
    Refusal.assertRefused(folder, "epoch=19.ckpt and 10 more");
  }
}
