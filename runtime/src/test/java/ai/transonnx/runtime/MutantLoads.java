package ai.transonnx.runtime;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.runtime.internal.scan.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Loads small models with small changes, the same ones for each seed. */
final class MutantLoads {
  private static final int[] EDGES = {0, 1, 2, 7, 0x7f, 0x80, 0xff};

  private MutantLoads() {}

  /**
   * Writes each mutant to a file and loads it. Prints the number of those that were loaded, or the
   * first that was neither loaded nor refused.
   *
   * @param args the seed, the number of mutants, and the file
   */
  public static void main(String[] args) throws IOException {
    var random = new Random(Long.parseLong(args[0]));
    int count = Integer.parseInt(args[1]);
    var file = Path.of(args[2]);
    var models = models(file.resolveSibling("seeds"));
    var options = ModelOptions.builder().threads(1).build();
    int loaded = 0;
    for (int i = 0; i < count; i++) {
      var mutant = mutant(models.get(i % models.size()), random);
      Files.deleteIfExists(file);
      Files.write(file, mutant);
      try {
        OnnxModel.load(file, options, Cancellation.after(Duration.ofSeconds(30))).close();
        loaded++;
      } catch (DeadlineException e) {
        System.out.println("mutant " + i + " does not end");
        Runtime.getRuntime().halt(1);
      } catch (InferenceException e) {
        // Refused in one line.
      } catch (RuntimeException | Error e) {
        System.out.println("mutant " + i + " fails: " + e);
        return;
      }
    }
    System.out.println(loaded + " loaded");
  }

  private static List<byte[]> models(Path folder) throws IOException {
    Files.createDirectories(folder);
    var models = new ArrayList<byte[]>();
    models.add(Files.readAllBytes(TinyModels.stateful().write(folder)));
    models.add(Files.readAllBytes(TinyModels.stateless().write(folder)));
    models.add(nested().encode().toByteArray());
    return models;
  }

  /** Functions that call each other, and an If in one of them. */
  private static MessageWriter nested() {
    var inner =
        Onnx.function(
            "F",
            "a b",
            "r",
            Onnx.constant("c", Onnx.truth()),
            Onnx.choice("c", "r", Onnx.subgraph("s", Onnx.node("Add", "a b", "s"))));
    var outer = Onnx.function("G", "a", "r", Onnx.call("F", "a a", "r"));
    var graph =
        Onnx.graph(Onnx.call("G", "x", "t"), Onnx.node("Add", "t w", "y"))
            .message(GraphProto.INITIALIZER_FIELD_NUMBER, Onnx.floats("w", 12, 3L));
    return Onnx.model(graph)
        .messages(ModelProto.FUNCTIONS_FIELD_NUMBER, List.of(inner, outer))
        .message(ModelProto.METADATA_PROPS_FIELD_NUMBER, Onnx.entry("key", "value"));
  }

  private static byte[] mutant(byte[] model, Random random) {
    var mutant = model.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(4)) {
        case 0 -> mutant[at] = (byte) random.nextInt(256);
        case 1 -> mutant[at] = (byte) EDGES[random.nextInt(EDGES.length)];
        case 2 -> mutant[at]++;
        default -> {
          int from = random.nextInt(mutant.length);
          int length = Math.min(random.nextInt(24), mutant.length - Math.max(at, from));
          System.arraycopy(mutant, from, mutant, at, length);
        }
      }
    }
    return mutant;
  }
}
