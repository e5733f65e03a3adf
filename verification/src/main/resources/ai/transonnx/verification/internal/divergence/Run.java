import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs model.onnx in ONNX Runtime and compares its output with the expected values. Ends with 1 if
 * the difference exceeds the tolerance.
 *
 * <p>Usage, in this folder: {@code java -cp onnxruntime-VERSION.jar Run.java}
 */
public class Run {
  private static final Pattern TENSOR =
      Pattern.compile(
          "\"((?:[^\"\\\\]|\\\\.)*)\":\\{\"dtype\":\"(\\w+)\",\"shape\":\\[([\\d,]*)],"
              + "\"data_offsets\":\\[(\\d+),(\\d+)]}");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

  /** Larger elements count as infinite, as masks do. */
  private static final double INFINITE = 1e30;

  record Stored(String type, long[] shape, ByteBuffer data) {}

  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments.length == 0 ? "." : arguments[0]);
    var settings = Files.readString(folder.resolve("reproduction.json"));
    var output = unescaped(field(settings, "\"output\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\""));
    var level = field(settings, "\"level\"\\s*:\\s*\"(\\w+)\"");
    double tolerance = Double.parseDouble(field(settings, "\"tolerance\"\\s*:\\s*([^,\\s}]+)"));
    int threads = Integer.parseInt(field(settings, "\"threads\"\\s*:\\s*(\\d+)"));
    var tensors = read(folder.resolve("tensors.safetensors"));
    var environment = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions()) {
      options.addConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
      options.setOptimizationLevel(
          switch (level) {
            case "none" -> OrtSession.SessionOptions.OptLevel.NO_OPT;
            case "basic" -> OrtSession.SessionOptions.OptLevel.BASIC_OPT;
            case "extended" -> OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
            default -> OrtSession.SessionOptions.OptLevel.ALL_OPT;
          });
      options.setIntraOpNumThreads(threads);
      var model = folder.resolve("model.onnx").toString();
      try (var session = environment.createSession(model, options)) {
        var inputs = new HashMap<String, OnnxTensor>();
        for (var name : session.getInputNames()) {
          inputs.put(name, tensor(environment, tensors.get("inputs/" + name)));
        }
        try (var result = session.run(inputs)) {
          var actual = (OnnxTensor) result.get(output).orElseThrow();
          double error = difference(tensors.get("expected/" + output), actual);
          boolean wrong = !(error <= tolerance);
          System.out.printf(
              Locale.ROOT,
              "onnxruntime-java: the largest difference is %.6g; %.6g are allowed: %s%n",
              error,
              tolerance,
              wrong ? "WRONG" : "right");
          System.exit(wrong ? 1 : 0);
        }
      }
    }
  }

  private static String field(String json, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(json);
    if (!matcher.find()) {
      throw new IllegalArgumentException("reproduction.json has no " + pattern);
    }
    return matcher.group(1);
  }

  private static String unescaped(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            match -> {
              var code = match.group(1);
              var character =
                  code.length() == 5
                      ? String.valueOf((char) Integer.parseInt(code.substring(1), 16))
                      : code;
              return Matcher.quoteReplacement(character);
            });
  }

  private static Map<String, Stored> read(Path path) throws Exception {
    var file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) file.getLong(0);
    var header = new String(file.array(), 8, length, StandardCharsets.UTF_8);
    var tensors = new HashMap<String, Stored>();
    var matcher = TENSOR.matcher(header);
    while (matcher.find()) {
      int begin = Integer.parseInt(matcher.group(4));
      int end = Integer.parseInt(matcher.group(5));
      var data = ByteBuffer.allocateDirect(end - begin).order(ByteOrder.LITTLE_ENDIAN);
      data.put(file.array(), 8 + length + begin, end - begin).flip();
      var sizes = matcher.group(3);
      var shape =
          sizes.isEmpty()
              ? new long[0]
              : Arrays.stream(sizes.split(",")).mapToLong(Long::parseLong).toArray();
      tensors.put(unescaped(matcher.group(1)), new Stored(matcher.group(2), shape, data));
    }
    return tensors;
  }

  /** With typed buffers, since old versions take no others. */
  private static OnnxTensor tensor(OrtEnvironment environment, Stored stored) throws OrtException {
    var data = stored.data();
    var shape = stored.shape();
    return switch (stored.type()) {
      case "F64" -> OnnxTensor.createTensor(environment, data.asDoubleBuffer(), shape);
      case "F32" -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), shape);
      case "I64" -> OnnxTensor.createTensor(environment, data.asLongBuffer(), shape);
      case "I32" -> OnnxTensor.createTensor(environment, data.asIntBuffer(), shape);
      case "I8" -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.INT8);
      case "U8" -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.UINT8);
      case "BOOL" -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.BOOL);
      case "F16", "BF16" ->
          OnnxTensor.createTensor(
              environment,
              data,
              shape,
              OnnxJavaType.valueOf(stored.type().equals("F16") ? "FLOAT16" : "BFLOAT16"));
      default -> throw new IllegalArgumentException("no tensors of type " + stored.type());
    };
  }

  private static double difference(Stored expected, OnnxTensor actual) throws OrtException {
    var info = (TensorInfo) actual.getInfo();
    if (!Arrays.equals(info.getShape(), expected.shape())) {
      throw new IllegalArgumentException(
          "the shape is %s, not %s"
              .formatted(Arrays.toString(info.getShape()), Arrays.toString(expected.shape())));
    }
    var wanted = numbers(expected.type(), expected.data());
    var found = numbers(actual, info);
    double largest = info.type.toString().equals("FLOAT16") ? 65504 : INFINITE;
    double error = 0;
    for (int i = 0; i < wanted.length; i++) {
      double w = limited(wanted[i], largest);
      double f = limited(found[i], largest);
      if (Double.isFinite(w) && Double.isFinite(f)) {
        error = Math.max(error, Math.abs(w - f));
      } else if (Double.compare(w, f) != 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return error;
  }

  private static double limited(double number, double largest) {
    return Math.abs(number) > largest ? Math.signum(number) / 0.0 : number;
  }

  private static double[] numbers(OnnxTensor tensor, TensorInfo info) {
    return switch (info.type.toString()) {
      case "FLOAT", "FLOAT16", "BFLOAT16" -> {
        var floats = tensor.getFloatBuffer();
        var numbers = new double[floats.remaining()];
        Arrays.setAll(numbers, floats::get);
        yield numbers;
      }
      case "DOUBLE" -> numbers("F64", tensor.getByteBuffer());
      case "INT64" -> numbers("I64", tensor.getByteBuffer());
      case "INT32" -> numbers("I32", tensor.getByteBuffer());
      default -> numbers("I8", tensor.getByteBuffer());
    };
  }

  private static double[] numbers(String type, ByteBuffer bytes) {
    var data = bytes.order(ByteOrder.LITTLE_ENDIAN);
    int width = type.endsWith("64") ? 8 : type.endsWith("32") ? 4 : type.endsWith("16") ? 2 : 1;
    var numbers = new double[data.remaining() / width];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (type) {
            case "F64" -> data.getDouble(i * width);
            case "F32" -> data.getFloat(i * width);
            case "I64", "U64" -> data.getLong(i * width);
            case "I32", "U32" -> data.getInt(i * width);
            case "I16", "U16" -> data.getShort(i * width);
            default -> data.get(i);
          };
    }
    return numbers;
  }
}
