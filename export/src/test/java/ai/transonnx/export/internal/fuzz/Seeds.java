package ai.transonnx.export.internal.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.export.internal.pickle.PickleBytes;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.internal.zip.ZipBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipFile;

/** A small valid file of each format. */
final class Seeds {
  private static final byte[] STORAGE = new byte[16];

  private Seeds() {}

  static Map<String, byte[]> all() {
    var seeds = new LinkedHashMap<String, byte[]>();
    seeds.put("safetensors", safetensors());
    seeds.put("paddle", paddle());
    seeds.put("torch pickle", torchPickle());
    seeds.put("torch zip", torchZip(torchPickle()));
    seeds.put("torch module", torchZip(module()));
    seeds.put("lightning", torchZip(lightning()));
    seeds.put("torch legacy", legacy());
    seeds.put("npz", npz(false));
    seeds.put("npz deflated", npz(true));
    seeds.put("index", "{\"metadata\": {}, \"weight_map\": {\"a\": \"no.st\"}}".getBytes(UTF_8));
    return seeds;
  }

  static byte[] safetensors() {
    try {
      var file = Files.createTempFile("seed", ".safetensors");
      new TestWeights().addCounting("a", 2, 2).addCounting("b.weight", 1).write(file);
      var bytes = Files.readAllBytes(file);
      Files.delete(file);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] paddle() {
    var pickle = PickleBytes.of(4).op('}', 0x94).text("a").array("f4", "<", STORAGE, 2, 2).op('s');
    pickle.text("b").op('(').text("linear_0.w_0").array("f8", ">", STORAGE, 2).op('t', 's');
    pickle.text("c").global("numpy._core.numeric", "_frombuffer").op('(').bytes(STORAGE);
    pickle.type("i2", "<").numbers(2, 4).text("K").numbers(1, 0).op('t', 'R', 's');
    pickle.text("d").emptyArray().op('(').integer(1).numbers(4).type("u1", "|").op(0x88);
    pickle
        .global("_codecs", "encode")
        .text("a\u00e9\u0001c")
        .text("latin1")
        .op(0x86, 'R', 't', 'b', 's');
    return pickle.text("StructuredToParameterName@@").op('}', 's').stop();
  }

  static byte[] torchPickle() {
    var pickle =
        PickleBytes.of(2).op('}').text("model").global("collections", "OrderedDict").op(')', 'R');
    pickle.text("a").tensor("FloatStorage", "0", 4, 0, "2,2;1,2").op('s');
    pickle.text("b").global("torch._utils", "_rebuild_parameter").op('(');
    pickle.tensor("FloatStorage", "0", 4, 1, "3;1").op(0x88, 'N', 't', 'R', 's');
    pickle.text("c").global("torch._utils", "_rebuild_tensor_v3").op('(');
    pickle.storage("UntypedStorage", "1", 16, "cpu").integer(2).numbers(2).numbers(1);
    pickle.op(0x89, 'N').global("torch", "uint16").op('t', 'R', 's', 's');
    return pickle.text("epoch").integer(3).op('s').stop();
  }

  /** A whole module with another one in it. */
  static byte[] module() {
    var pickle = PickleBytes.of(2).module("Net", 4).op('}').text("inner");
    pickle.module("Layer", 4).op('}').text("size").numbers(2, 3).endObject().op('s');
    return pickle
        .text("hooks")
        .global("collections", "OrderedDict")
        .op(')', 'R')
        .endObject()
        .stop();
  }

  /** A state dict among arguments, schedules and other objects. */
  static byte[] lightning() {
    var pickle = PickleBytes.of(4).op('}', '(').text("epoch").integer(3).text("state_dict").op('}');
    pickle.text("net.w").tensor("FloatStorage", "0", 4, 0, "2,2;2,1").op('s');
    pickle.text("args").object("argparse", "Namespace").text("lr").op('G').u8(1).endObject();
    pickle.text("path").global("pathlib", "PosixPath").text("a").text("b").op(0x86, 'R');
    pickle.text("optimizer").global("functools", "partial").global("torch.optim.adam", "Adam");
    pickle.op(0x85, 'R', '(').global("torch.optim.adam", "Adam").op(')', '}', 'N', 't', 'b');
    pickle.text("queue").global("collections", "deque").op(')').integer(3).op(0x86, 'R');
    pickle.op('(', 'N').integer(1).op('e').text("options").object("program", "Options");
    pickle.text("a").op('}').endObject().op('(').text("b").module("Net", 4).op('}').endObject();
    pickle.op('u').text("slots").global("program", "Slots").op(')', '}', 0x92, 'N', '}');
    pickle.text("c").op('N', 's', 0x86, 'b').text("old").op('(').global("program", "Old");
    return pickle.op('o').text("set").op(0x8f, '(', 'N', 0x90, 'u').stop();
  }

  /** The pickle of a file that Python wrote. */
  static byte[] recorded(String name) {
    var resource = Seeds.class.getResource("/ai/transonnx/export/internal/torch/" + name);
    try (var zip = new ZipFile(Path.of(Objects.requireNonNull(resource, name).toURI()).toFile())) {
      var pickle =
          zip.stream()
              .filter(entry -> entry.getName().endsWith("/data.pkl"))
              .findAny()
              .orElseThrow();
      return zip.getInputStream(pickle).readAllBytes();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] torchZip(byte[] pickle) {
    return new ZipBytes()
        .add("a/data.pkl", pickle)
        .add("a/byteorder", "little".getBytes(UTF_8))
        .add("a/data/0", STORAGE)
        .addDeflated("a/data/1", STORAGE)
        .toByteArray();
  }

  static byte[] legacy() {
    var file = new ByteArrayOutputStream();
    byte[] magic = {
      0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
    };
    file.writeBytes(PickleBytes.of(2).op(0x8a, 10).raw(magic).stop());
    file.writeBytes(PickleBytes.of(2).integer(1001).stop());
    file.writeBytes(PickleBytes.of(2).op('}').stop());
    file.writeBytes(
        PickleBytes.of(2).op('}').text("a").tensor("IntStorage", "0", 4, 0, "4;1").op('s').stop());
    file.writeBytes(PickleBytes.of(2).op(']').text("0").op('a').stop());
    file.writeBytes(new byte[] {4, 0, 0, 0, 0, 0, 0, 0});
    file.writeBytes(STORAGE);
    return file.toByteArray();
  }

  static byte[] npz(boolean deflated) {
    var zip = new ZipBytes();
    String header = "{'descr': '>f4', 'fortran_order': True, 'shape': (2, 2), }\n";
    var array = new ByteArrayOutputStream();
    array.writeBytes(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
    array.writeBytes(header.getBytes(UTF_8));
    array.writeBytes(STORAGE);
    for (var name : new String[] {"a.npy", "b.weight.npy"}) {
      zip =
          deflated
              ? zip.addDeflated(name, array.toByteArray())
              : zip.add(name, array.toByteArray());
    }
    return zip.toByteArray();
  }
}
