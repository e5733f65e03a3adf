package ai.transonnx.runtime.internal.worker;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Deep Java Library with its engine for ONNX Runtime. DJL is called by reflection, because only
 * the module {@code djl} may depend on it.
 */
public final class DjlWorker implements WorkerRuntime {
  private static final String ENGINE_NAME = "OnnxRuntime";

  private static final LibraryClass ENGINE = new LibraryClass("ai.djl.engine.Engine");
  private static final LibraryClass MODEL = new LibraryClass("ai.djl.Model");
  private static final LibraryClass PREDICTOR = new LibraryClass("ai.djl.inference.Predictor");
  private static final LibraryClass TRANSLATOR =
      new LibraryClass("ai.djl.translate.NoopTranslator");
  private static final LibraryClass MANAGER = new LibraryClass("ai.djl.ndarray.NDManager");
  private static final LibraryClass LIST = new LibraryClass("ai.djl.ndarray.NDList");
  private static final LibraryClass ARRAY = new LibraryClass("ai.djl.ndarray.NDArray");
  private static final LibraryClass SHAPE = new LibraryClass("ai.djl.ndarray.types.Shape");
  private static final LibraryClass TYPE = new LibraryClass("ai.djl.ndarray.types.DataType");

  /** DJL's names of the types that its engine supports, by their names in safetensors files. */
  private static final Map<String, String> TYPES =
      Map.of(
          "F32", "FLOAT32",
          "F64", "FLOAT64",
          "F16", "FLOAT16",
          "BF16", "BFLOAT16",
          "I8", "INT8",
          "U8", "UINT8",
          "I32", "INT32",
          "I64", "INT64",
          "BOOL", "BOOLEAN");

  private final String version;

  private DjlWorker(String version) {
    this.version = version;
  }

  /** Has the version of DJL as its argument. */
  public static void main(String... arguments) throws Exception {
    Worker.serve(new DjlWorker(arguments[0]));
  }

  @Override
  public Map<String, Object> fingerprint() throws ReflectiveOperationException {
    // The engine insists on creating ONNX Runtime's environment.
    ENGINE.callStatic("getEngine", ENGINE_NAME);
    var properties = new LinkedHashMap<String, Object>();
    properties.put("onnxruntime", OrtWorker.version(OrtEnvironment.getEnvironment(), "unknown"));
    properties.put("java", Runtime.version().toString());
    return Worker.fingerprint("djl", version, properties);
  }

  @Override
  public Loaded load(Path model, String level, int threads)
      throws ReflectiveOperationException, OrtException {
    var name = String.valueOf(model.getFileName());
    var loaded = MODEL.callStatic("newInstance", name, ENGINE_NAME);
    try (var settings = new OrtSession.SessionOptions()) {
      OrtWorker.configure(settings, level);
      var options = new LinkedHashMap<String, Object>();
      options.put("sessionOptions", settings);
      if (threads > 0) {
        options.put("intraOpNumThreads", String.valueOf(threads));
      }
      MODEL.call(loaded, "load", model.resolveSibling("").toAbsolutePath(), name, options);
    }
    return new Predictor(loaded, MODEL.call(loaded, "newPredictor", TRANSLATOR.create()));
  }

  /**
   * A model of DJL.
   *
   * @param predictor returns every output
   */
  record Predictor(Object model, Object predictor) implements Loaded {
    @Override
    public Map<String, WorkerTensor> run(Map<String, WorkerTensor> inputs, Set<String> outputs)
        throws ReflectiveOperationException {
      var manager = MANAGER.call(MODEL.call(model, "getNDManager"), "newSubManager");
      try {
        var given = LIST.create();
        for (var input : inputs.entrySet()) {
          LIST.call(given, "add", array(manager, input.getKey(), input.getValue()));
        }
        var returned = (List<?>) PREDICTOR.call(predictor, "predict", given);
        try {
          return tensors(returned, outputs);
        } finally {
          LIST.call(returned, "close");
        }
      } finally {
        MANAGER.call(manager, "close");
      }
    }

    private static Object array(Object manager, String name, WorkerTensor tensor)
        throws ReflectiveOperationException {
      var type = TYPES.get(tensor.dtype());
      if (type == null) {
        throw new IllegalArgumentException(
            "DJL's engine does not support arrays of " + tensor.dtype());
      }
      var shape = SHAPE.create((Object) tensor.sizes());
      var array =
          MANAGER.call(manager, "create", tensor.data(), shape, TYPE.callStatic("valueOf", type));
      ARRAY.call(array, "setName", name);
      return array;
    }

    private static Map<String, WorkerTensor> tensors(List<?> arrays, Set<String> names)
        throws ReflectiveOperationException {
      var tensors = new LinkedHashMap<String, WorkerTensor>();
      for (var array : arrays) {
        var name = String.valueOf(ARRAY.call(array, "getName"));
        if (names.contains(name)) {
          tensors.put(name, tensor(name, array));
        }
      }
      return tensors;
    }

    private static WorkerTensor tensor(String name, Object array)
        throws ReflectiveOperationException {
      var type = String.valueOf(TYPE.call(ARRAY.call(array, "getDataType"), "name"));
      var shape = (long[]) SHAPE.call(ARRAY.call(array, "getShape"), "getShape");
      Optional<String> dtype =
          TYPES.entrySet().stream()
              .filter(known -> known.getValue().equals(type))
              .map(Map.Entry::getKey)
              .findFirst();
      return WorkerTensor.of(
          dtype.orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "DJL returns %s for output '%s', which is not supported"
                          .formatted(type, name))),
          shape,
          (ByteBuffer) ARRAY.call(array, "toByteBuffer"));
    }

    @Override
    public void close() throws ReflectiveOperationException {
      PREDICTOR.call(predictor, "close");
      MODEL.call(model, "close");
    }
  }
}
