package ai.transonnx.runtime;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.runtime.internal.scan.Onnx;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Loads small models with small changes, the same ones for each seed. */
final class MutantLoads {
  private static final long[] EDGES = {
    0, 1, 2, 3, 7, 8, 9, 16, 0x7f, 0xff, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE, -1
  };

  private static final List<String> NAMES =
      List.of("", "x", "y", "a", "r", "F", "G", "test", "tokens", "logits", "Neg", "If", "Add");

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

  /** The model with one to three changes of fields, at any depth. */
  private static byte[] mutant(byte[] model, Random random) throws IOException {
    var mutant = model;
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      mutant = changed(mutant, random);
    }
    return mutant;
  }

  private static byte[] changed(byte[] message, Random random) throws IOException {
    var fields = UnknownFieldSet.parseFrom(message).toBuilder();
    var numbers = List.copyOf(fields.asMap().keySet());
    if (numbers.isEmpty()) {
      return message;
    }
    int number = numbers.get(random.nextInt(numbers.size()));
    var field = Field.newBuilder(fields.asMap().get(number)).build();
    switch (random.nextInt(8)) {
      case 0 -> fields.clearField(number);
      case 1 -> fields.mergeField(number, field);
      case 2 -> fields.mergeField(numbers.get(random.nextInt(numbers.size())), field);
      default -> fields.addField(number, changed(field, random));
    }
    return fields.build().toByteArray();
  }

  private static Field changed(Field field, Random random) throws IOException {
    var changed = Field.newBuilder();
    int values = field.getVarintList().size() + field.getLengthDelimitedList().size();
    int at = values == 0 ? 0 : random.nextInt(values);
    for (long value : field.getVarintList()) {
      changed.addVarint(at-- == 0 ? EDGES[random.nextInt(EDGES.length)] : value);
    }
    for (var value : field.getLengthDelimitedList()) {
      changed.addLengthDelimited(at-- == 0 ? changed(value, random) : value);
    }
    return changed.build();
  }

  /** Changes a message, or bytes and texts that are none. */
  private static ByteString changed(ByteString value, Random random) throws IOException {
    var bytes = value.toByteArray();
    try {
      if (bytes.length > 1 && random.nextInt(8) > 0) {
        return ByteString.copyFrom(changed(bytes, random));
      }
    } catch (InvalidProtocolBufferException e) {
      // Bytes or a text.
    }
    if (bytes.length == 0 || random.nextInt(4) == 0) {
      return ByteString.copyFromUtf8(NAMES.get(random.nextInt(NAMES.size())));
    }
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    return ByteString.copyFrom(bytes);
  }
}
