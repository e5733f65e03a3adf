package ai.transonnx.runtime.internal.worker;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime Java of any version from 1.13 on. It calls only methods that all of them have; types
 * that some do not have are looked up by name.
 */
public final class OrtWorker implements WorkerRuntime {
  private static final String ONNX_TYPE = "ONNX_TENSOR_ELEMENT_DATA_TYPE_";

  private static final Map<String, String> DTYPES =
      Map.ofEntries(
          Map.entry("FLOAT", "F32"),
          Map.entry("DOUBLE", "F64"),
          Map.entry("FLOAT16", "F16"),
          Map.entry("BFLOAT16", "BF16"),
          Map.entry("INT8", "I8"),
          Map.entry("UINT8", "U8"),
          Map.entry("INT16", "I16"),
          Map.entry("INT32", "I32"),
          Map.entry("INT64", "I64"),
          Map.entry("BOOL", "BOOL"));

  private final String version;

  private OrtWorker(String version) {
    this.version = version;
  }

  /** Has the version as its argument, for releases that do not report it. */
  public static void main(String... arguments) throws Exception {
    Worker.serve(new OrtWorker(arguments[0]));
  }

  @Override
  public Map<String, Object> fingerprint() throws OrtException {
    return Worker.fingerprint(
        "onnxruntime-java",
        version(OrtEnvironment.getEnvironment(), version),
        Map.of("java", Runtime.version().toString()));
  }

  /** Releases before 1.17 do not report their version. */
  static String version(OrtEnvironment environment, String otherwise) {
    try {
      return String.valueOf(OrtEnvironment.class.getMethod("getVersion").invoke(environment));
    } catch (ReflectiveOperationException e) {
      return otherwise;
    }
  }

  @Override
  public Loaded load(Path model, String level, int threads) throws OrtException {
    try (var settings = new OrtSession.SessionOptions()) {
      configure(settings, level);
      settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      settings.addConfigEntry("session.load_model_format", "ONNX");
      settings.setIntraOpNumThreads(threads);
      var environment = OrtEnvironment.getEnvironment();
      return new Session(environment, environment.createSession(model.toString(), settings));
    }
  }

  /**
   * Sets what all runtimes have: the level of optimizations, and products with quantized weights in
   * float32, as the operators of the file are defined.
   */
  static void configure(OrtSession.SessionOptions settings, String level) throws OrtException {
    settings.addConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
    settings.setOptimizationLevel(
        OrtSession.SessionOptions.OptLevel.valueOf(WorkerRuntime.optLevel(level)));
  }

  /** A session of ONNX Runtime. */
  record Session(OrtEnvironment environment, OrtSession session) implements Loaded {
    @Override
    public Map<String, WorkerTensor> run(Map<String, WorkerTensor> inputs, Set<String> outputs)
        throws OrtException {
      var feeds = new LinkedHashMap<String, OnnxTensor>();
      try {
        for (var input : inputs.entrySet()) {
          feeds.put(input.getKey(), tensor(input.getValue()));
        }
        var tensors = new LinkedHashMap<String, WorkerTensor>();
        try (var results = session.run(feeds, outputs)) {
          for (var result : results) {
            tensors.put(result.getKey(), copy(result.getKey(), (OnnxTensor) result.getValue()));
          }
        }
        return tensors;
      } finally {
        feeds.values().forEach(OnnxTensor::close);
      }
    }

    /** Releases before 1.15 miscount the elements of a buffer of bytes for wider types. */
    private OnnxTensor tensor(WorkerTensor tensor) throws OrtException {
      var data = tensor.data();
      var shape = tensor.sizes();
      return switch (tensor.dtype()) {
        case "F32" -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), shape);
        case "F64" -> OnnxTensor.createTensor(environment, data.asDoubleBuffer(), shape);
        case "I16" -> OnnxTensor.createTensor(environment, data.asShortBuffer(), shape);
        case "I32" -> OnnxTensor.createTensor(environment, data.asIntBuffer(), shape);
        case "I64" -> OnnxTensor.createTensor(environment, data.asLongBuffer(), shape);
        case "I8", "U8", "BOOL", "F16", "BF16" ->
            OnnxTensor.createTensor(environment, data, shape, javaType(tensor.dtype()));
        default ->
            throw new IllegalArgumentException(
                "ONNX Runtime's Java API has no tensors of " + tensor.dtype());
      };
    }

    private static OnnxJavaType javaType(String dtype) {
      return OnnxJavaType.valueOf(
          switch (dtype) {
            case "I8" -> "INT8";
            case "U8" -> "UINT8";
            case "BOOL" -> "BOOL";
            case "F16" -> "FLOAT16";
            default -> "BFLOAT16";
          });
    }

    private static WorkerTensor copy(String name, OnnxTensor tensor) {
      var info = tensor.getInfo();
      var dtype = DTYPES.get(info.onnxType.name().substring(ONNX_TYPE.length()));
      if (dtype == null) {
        throw new IllegalArgumentException(
            "ONNX Runtime's Java API does not return %s of output '%s'"
                .formatted(info.onnxType, name));
      }
      ByteBuffer data = tensor.getByteBuffer();
      return WorkerTensor.of(dtype, info.getShape(), data);
    }

    @Override
    public void close() throws OrtException {
      session.close();
    }
  }
}
